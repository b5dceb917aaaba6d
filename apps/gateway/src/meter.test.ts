import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { History } from '@homewatt/contract'
import { energyOf } from '@homewatt/display'
import * as v from 'valibot'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHouse, type House } from './house.test-support.ts'
import { asPartner } from './marked-homes.test-support.ts'

/** What the history makes of a home, beside what the partner's own meter counted in it. */

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const QUARTER_MS = 15 * MINUTE_MS
/** An inverter reports every five to fifteen minutes: neighbours further apart have something missing between them. */
const MAX_GAP_MS = 25 * MINUTE_MS
/** A day without clouds: between clouds a report every ten minutes cannot say within a percent what happened in between. */
const DAY_START = new Date('2026-06-26T00:00:00Z')

let house: House
let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-meter-'))
})
afterEach(async () => {
  await house.close()
  rmSync(directory, { recursive: true })
})

test('over a day with an outage, unknown values and a restart the energy agrees with the meter, and gaps have none', async () => {
  house = await openHouse({
    start: DAY_START,
    storeFile: join(directory, 'store.sqlite'),
    history: { keptMonths: 25, roundMs: 5 * MINUTE_MS },
  })
  const person = await house.signIn('solar')
  const id = await person.deviceId('inverters')
  await house.time.advance(8 * HOUR_MS)
  await house.fault({ kind: 'status', status: 503 })
  await house.time.advance(2 * HOUR_MS)
  await house.control('DELETE', '/faults')
  await house.time.advance(2 * HOUR_MS)
  await house.fault({ kind: 'null_fields', match: { type: 'inverters' } })
  await house.time.advance(HOUR_MS)
  await house.control('DELETE', '/faults')
  await house.time.advance(HOUR_MS)
  await house.restart()
  await house.time.advance(10 * HOUR_MS)

  const from = DAY_START.toISOString()
  const to = new Date(DAY_START.getTime() + 24 * HOUR_MS).toISOString()
  const path = `/api/history?from=${from}&to=${to}&type=inverters&id=${id}`
  // The session has run out over the day.
  const again = await house.signIn('solar')
  const history = v.parse(History, await (await again.get(path)).json())
  const homes = (await house.control('GET', '/homes')) as { name: string; user_id: string }[]
  const { user_id } = homes.find(({ name }) => name === 'solar') ?? { user_id: '' }
  const partner = await asPartner(house)
  const { data: meter } = await partner<Meter>(
    'GET',
    `/users/${user_id}/inverters/${id}/data?from_datetime=${from}&to_datetime=${to}&keywords=${Object.values(fields).join()}`,
  )
  for (const [field, counted] of Object.entries(fields)) {
    const samples = history.at_ms.map((atMs, n) => ({ atMs, w: history.values[field]?.[n] as number | null }))
    const ours = energyOf(
      samples.map(({ atMs, w }) => ({ at: new Date(atMs).toISOString(), w })),
      MAX_GAP_MS,
    )
    const theirs = covered(samples).reduce((sum, piece) => sum + meteredWh(meter, counted, piece), 0)
    console.log(
      `${field}: ${Math.round(ours.wh)} Wh in ${(ours.knownMs / HOUR_MS).toFixed(1)} h, the meter ${Math.round(theirs)} Wh`,
    )
    // Two hours of outage and one of unknown values are in neither.
    expect(ours.knownMs).toBeGreaterThan(20 * HOUR_MS)
    expect(ours.knownMs).toBeLessThan(21.5 * HOUR_MS)
    expect(Math.abs(ours.wh)).toBeGreaterThan(10_000)
    expect(Math.abs(ours.wh / theirs - 1)).toBeLessThanOrEqual(0.01)
  }
}, 120_000)

/** Fields of the history, and what the partner's meter calls them. */
const fields = {
  current_solar_production_w: 'solar_production_w',
  current_power_to_grid_w: 'export_power_to_grid_w',
} as const

/** Mean power of each quarter-hour, W. */
type Meter = { data: ({ time: string } & Record<(typeof fields)[keyof typeof fields], number>)[] }
type Piece = { fromMs: number; toMs: number }

/** From sample to sample, where both say something and nothing is missing between them. */
function covered(samples: { atMs: number; w: number | null }[]): Piece[] {
  return samples.slice(1).flatMap(({ atMs, w }, n) => {
    const before = samples[n]
    const isKnown = before && before.w !== null && w !== null && atMs - before.atMs <= MAX_GAP_MS
    return isKnown ? [{ fromMs: before.atMs, toMs: atMs }] : []
  })
}

function meteredWh(
  meter: Meter['data'],
  field: keyof Meter['data'][number],
  { fromMs, toMs }: Piece,
): number {
  return meter.reduce((sum, quarter) => {
    const startMs = Date.parse(quarter.time)
    const ms = Math.min(toMs, startMs + QUARTER_MS) - Math.max(fromMs, startMs)
    return sum + (ms > 0 ? (Number(quarter[field]) * ms) / HOUR_MS : 0)
  }, 0)
}
