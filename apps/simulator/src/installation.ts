import type { DeviceType } from '@homewatt/contract'
import { createDevice, type Device } from './devices.ts'
import { uuidOf } from './hash.ts'
import { unitOf, type HomeSpec, type UnitSpec } from './homes/cast.ts'

/** A device that somebody connects or registers while the simulator runs. */
export type Newcomer = {
  type: DeviceType
  manufacturer: string
  model: string
  year: number | null
  /** `null`: in no building; such devices share one place. */
  buildingId: string | null
  optimised: boolean
  /** The manufacturer link is up from the start. */
  authenticated: boolean
  /** Inverters: installed peak power, W, and the battery, Wh; `null` for what such houses have. */
  peakW?: number | null
  batteryWh?: number | null
}

/** Where a newcomer goes: its place in the home's list of units, and the device itself. */
export type Installed = {
  index: number
  device: Device
  /** What was not in the house before. */
  came: { heatPump: boolean; car: boolean; battery: boolean }
}

/**
 * Finds or makes the unit with room for a newcomer (a unit has one device of a type) and puts the thing itself
 * into the house. `housed` are the devices of each unit that the service still knows.
 */
export function installInto(
  seed: number,
  spec: HomeSpec,
  housed: readonly (readonly Device[])[],
  newcomer: Newcomer,
  /** How many devices the home has ever had. */
  count: number,
  nowMs: number,
): Installed {
  const { type, buildingId } = newcomer
  const hasRoom = (unit: UnitSpec, i: number) =>
    unit.site !== null && unit.facts.id === buildingId && !(housed[i] ?? []).some((d) => d.type === type)
  const found = spec.units.findIndex(hasRoom)
  const index = found < 0 ? spec.units.length : found
  const types = [type, ...(housed[index] ?? []).map((device) => device.type)]
  const made = unitOf(
    seed,
    spec.name,
    index,
    {
      place: spec.place,
      buildings: [],
      battery: newcomer.batteryWh !== 0,
      indoorSensor: true,
      ...(newcomer.peakW ? { peakW: newcomer.peakW } : {}),
    },
    types,
  )
  const unit = spec.units[index] ?? { ...made, facts: { ...made.facts, id: buildingId }, devices: [] }
  if (found < 0) spec.units.push(unit)
  const came = { heatPump: false, car: false, battery: false }
  if (unit.site && made.site) {
    came.heatPump = unit.site.heatPump === null && made.site.heatPump !== null
    came.car = unit.site.car === null && made.site.car !== null
    came.battery = type === 'inverters' && made.site.battery !== null
    // What a former owner of the slot left in the house stays there; one does not buy a second heat pump.
    unit.site.heatPump ??= made.site.heatPump
    unit.site.car ??= made.site.car
    if (type === 'inverters') {
      unit.site.solar = made.site.solar
      unit.site.battery = made.site.battery && {
        ...made.site.battery,
        capacityWh: newcomer.batteryWh ?? made.site.battery.capacityWh,
      }
    }
  }
  const [first] = made.devices
  if (!first) throw new RangeError('A unit without a device.')
  const deviceSpec = {
    ...first,
    id: uuidOf('device', spec.name, type, `installed-${count + 1}`),
    manufacturer: newcomer.manufacturer,
    model: newcomer.model,
    year: newcomer.year,
    optimised: newcomer.optimised,
    lapsedMs: null,
  }
  unit.facts.solarKw ??= unit.site?.solar ? unit.site.solar.peakW / 1000 : null
  unit.devices.push(deviceSpec)
  const device = createDevice(seed, unit, deviceSpec, nowMs, nowMs)
  device.authenticated = newcomer.authenticated
  return { index, device, came }
}
