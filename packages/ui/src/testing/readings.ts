import {
  samples,
  type ElectricVehicleReading,
  type HeatPumpReading,
  type InverterReading,
  type WallboxReading,
} from '@homewatt/contract'
import { noon } from './rendered.ts'

const added = {
  manufacturer: 'Example',
  model: 'One',
  building: null,
  expected_interval_s: 600,
  actions: null,
  current_state_last_updated_at: noon.toISOString(),
}

/** Readings with the values of the documents; a test names only what matters to it. */
export const heatPump = (over: Partial<HeatPumpReading> = {}): HeatPumpReading => ({
  ...samples['heat-pumps'],
  ...added,
  ...over,
})

export const vehicle = (over: Partial<ElectricVehicleReading> = {}): ElectricVehicleReading => ({
  ...samples['electric-vehicles'],
  ...added,
  boost_state_since: null,
  charge_rate_seen: null,
  ...over,
})

export const wallbox = (over: Partial<WallboxReading> = {}): WallboxReading => ({
  ...samples.wallboxes,
  ...added,
  connection: 'online',
  boost_state_since: null,
  ...over,
})

/** Balances, unlike the documents' own: 6250 − 755 = 2950 + 2545. */
export const inverter = (over: Partial<InverterReading> = {}): InverterReading => ({
  ...samples.inverters,
  ...added,
  household_consumption_w: 2950,
  current_power_to_grid_w: 2545,
  ...over,
})
