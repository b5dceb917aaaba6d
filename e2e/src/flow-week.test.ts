import { readDevice, readings, type InverterReading } from '@homewatt/contract'
import { flowEdges, flowPicture, type FlowEdge, type FlowPicture } from '@homewatt/display'
import { describe, expect, test } from 'vitest'
import { namedHomes } from '../../apps/simulator/src/homes/cast.ts'
import { createClock } from '../../apps/simulator/src/clock.ts'
import { createSimulator } from '../../apps/simulator/src/simulator.ts'
import { deviceOnWire } from '../../apps/simulator/src/wire.ts'

const WEEK_MIN = 7 * 24 * 60

const fromOf: Record<FlowEdge, 'solar' | 'battery' | 'grid'> = {
  solarToHome: 'solar',
  batteryToHome: 'battery',
  gridToHome: 'grid',
  solarToBattery: 'solar',
  gridToBattery: 'grid',
  solarToGrid: 'solar',
  batteryToGrid: 'battery',
}
const toOf: Record<FlowEdge, 'home' | 'battery' | 'grid'> = {
  solarToHome: 'home',
  batteryToHome: 'home',
  gridToHome: 'home',
  solarToBattery: 'battery',
  gridToBattery: 'battery',
  solarToGrid: 'grid',
  batteryToGrid: 'grid',
}

/** Power that a node gives and takes, W, from its amount and the word beside it. */
function nodeSums({ nodes: { solar, home, battery, grid } }: FlowPicture) {
  const given = { solar: solar.w, battery: 0 as number | null, grid: 0 as number | null }
  const taken = { home: home.w, battery: 0 as number | null, grid: 0 as number | null }
  if (battery?.direction === 'discharging') given.battery = battery.w
  if (battery?.direction === 'charging') taken.battery = battery.w
  if (grid.direction === 'importing') given.grid = grid.w
  if (grid.direction === 'exporting') taken.grid = grid.w
  return { given, taken }
}

const isWithinOneWatt = (a: number, b: number | null) => b !== null && Math.abs(a - b) <= 1

/** What is wrong with a picture; empty when its parts and remainders add up to its nodes. */
function faultsOf(picture: FlowPicture): string[] {
  const { edges, residual, unexplained } = picture
  if (!edges) return ['no flows']
  const { given, taken } = nodeSums(picture)
  const faults: string[] = []
  for (const edge of flowEdges)
    if (!Number.isInteger(edges[edge]) || edges[edge] < 0) faults.push(`${edge} is ${edges[edge]}`)
  for (const node of ['solar', 'battery', 'grid'] as const) {
    const sum = flowEdges.filter((edge) => fromOf[edge] === node).reduce((w, edge) => w + edges[edge], 0)
    if (!isWithinOneWatt(sum + residual.from[node], given[node])) faults.push(`from ${node}`)
  }
  for (const node of ['home', 'battery', 'grid'] as const) {
    const sum = flowEdges.filter((edge) => toOf[edge] === node).reduce((w, edge) => w + edges[edge], 0)
    if (!isWithinOneWatt(sum + residual.to[node], taken[node])) faults.push(`to ${node}`)
  }
  if (unexplained) faults.push(`${unexplained.w} W unexplained`)
  return faults
}

/** An inverter as the wire tells it, read as the gateway reads it. */
function readingOf(wire: Record<string, unknown>): InverterReading {
  const added = { manufacturer: null, model: null, building: null, expected_interval_s: null, actions: null }
  const read = readDevice(readings.inverters, { ...wire, ...added })
  if (!read) throw new Error('The inverter cannot be read.')
  return read.device
}

describe.each([
  ['summer', '2026-06-15T00:00:00Z'],
  ['winter', '2026-01-12T00:00:00Z'],
])('every minute of a simulated week in %s', (_, start) => {
  test.each(namedHomes)('the parts of the picture add up to its nodes at %s', (name) => {
    const clock = createClock({ start: new Date(start), speed: 0, elapsedMs: () => 0 })
    const { world } = createSimulator({ seed: 1, homes: 8, clock })
    const previous = new Map<string, FlowPicture>()
    let seen = 0
    for (let minute = 0; minute < WEEK_MIN; minute++) {
      const home = world.homeNamed(name, clock.nowMs())
      if (!home) throw new Error(`There is no home ${name}.`)
      for (const device of home.devices.filter(({ type }) => type === 'inverters')) {
        const picture = flowPicture(readingOf(deviceOnWire(home, device)), previous.get(device.id))
        const faults = faultsOf(picture)
        if (faults.length > 0)
          expect.fail(`${new Date(clock.nowMs()).toISOString()} ${device.id}: ${faults.join(', ')}`)
        previous.set(device.id, picture)
        seen++
      }
      clock.advance(60)
    }
    const inverters = world.homeNamed(name, clock.nowMs())?.devices.filter(({ type }) => type === 'inverters')
    expect(seen).toBe((inverters?.length ?? 0) * WEEK_MIN)
  })
})
