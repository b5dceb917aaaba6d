import { ChargingMode, type LockReason } from '@homewatt/contract'
import type { Device } from './devices.ts'
import type { ChargingSettings } from './homes/settings.ts'
import type { Home } from './world.ts'

/** How a user's charging devices are steered, §14: `none` when there is none, or optimisation is off on all. */
export function modeOf(home: Home): ChargingMode {
  const chargers = chargersOf(home)
  const steered = chargers.some(
    (device) => (device.settings as ChargingSettings).is_smart_optimization_active,
  )
  return !steered ? 'none' : home.chargingConfig.mode
}

/** The modes a user may choose; `none` always. */
export const availableModes = (home: Home): ChargingMode[] =>
  ChargingMode.options.filter((mode) => reasonsAgainst(home, mode).length === 0)

/** The modes a user may not choose, and what stands in the way of each. */
export const lockedModes = (home: Home): { mode: ChargingMode; reasons: LockReason[] }[] =>
  ChargingMode.options
    .map((mode) => ({ mode, reasons: reasonsAgainst(home, mode) }))
    .filter(({ reasons }) => reasons.length > 0)

/**
 * Least distance between the thresholds, W, so that a charger does not switch on and off with every cloud. A box
 * that modulates follows in steps of an ampere; a vehicle by itself knows only on and off.
 */
export const minBandW = ({ type }: Device) => (type === 'wallboxes' ? 500 : 1000)

/** Whether a car is charging from surplus as far as the last reports tell. */
export function isSolarCharging(home: Home): boolean {
  const { mode } = home.chargingConfig
  if (mode !== 'hems' && mode !== 'hems_and_spot') return false
  const exports = home.devices.some(
    (d) => d.type === 'inverters' && Number(d.reading['current_power_to_grid_w']) >= 0,
  )
  return exports && chargersOf(home).some(({ known }) => known.charging)
}

function reasonsAgainst(home: Home, mode: ChargingMode): LockReason[] {
  if (mode === 'none') return []
  const chargers = chargersOf(home)
  if (chargers.length === 0) return ['no_ev']
  const reasons: LockReason[] = []
  const reached = chargers.filter((device) => device.authenticated && device.online)
  if (reached.length === 0) reasons.push('no_actuator')
  if (mode !== 'hems') {
    const vehicles = chargers.filter(({ type }) => type === 'electric-vehicles')
    const sized = vehicles.some((vehicle) => isTold(vehicle, 'battery_capacity_kwh'))
    // Without the size of a battery nobody can say how many cheap hours are enough.
    if (vehicles.length > 0 && !sized) reasons.push('no_battery_capacity')
  }
  if (mode === 'spot') return reasons
  const boxes = reached.filter(({ type }) => type === 'wallboxes')
  if (boxes.length > 0 && boxes.length === reached.length && !boxes.some(({ modulates }) => modulates))
    reasons.push('wallbox_not_modulating')
  const inverters = home.devices.filter((d) => d.type === 'inverters' && d.deletedAtMs === null)
  if (inverters.length === 0) reasons.push('no_inverter')
  else if (!inverters.some(measuresExport)) reasons.push('inverter_no_export_data')
  return reasons
}

/** Whether an inverter has a meter at the grid; before its first report nobody doubts it. */
const measuresExport = (inverter: Device) =>
  inverter.readAtMs === null || isTold(inverter, 'current_power_to_grid_w')

/** Whether a device tells a number, under the pins of the control door. */
function isTold({ facts, reading, pins }: Device, name: string): boolean {
  if (pins.omit.has(name)) return false
  return typeof (pins.set.has(name) ? pins.set.get(name) : (reading[name] ?? facts[name])) === 'number'
}

/** Vehicles and wallboxes of a home. */
export const chargersOf = (home: Home) =>
  home.devices.filter(({ boost, deletedAtMs }) => boost !== null && deletedAtMs === null)
