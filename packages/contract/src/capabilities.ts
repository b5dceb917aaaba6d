import * as v from 'valibot'

/**
 * What a household may do, each of which a partner can switch off for its customers. Seeing the home, one's own
 * sessions and the list of what was done in one's name are not among them: nobody takes those away.
 */
export const Capability = v.picklist([
  /** Charge now, and arming for the next time at the cable. */
  'boost',
  /** Ready by a time, every day. */
  'readyBy',
  'weeklyPlan',
  'chargingMode',
  /** Optimization on or off, and how far it goes. */
  'optimization',
  /** Limits of room and hot water. */
  'comfort',
  /** Floor and ceiling of the home battery. */
  'batteryLimits',
  /** Rating of the panels, capacity of the battery. */
  'plant',
  /** Following an action of the partner, such as signing in at the manufacturer again. */
  'reconnect',
  'away',
  /** Connecting a new device. */
  'connect',
  'building',
  'contract',
  /** Messages in the list, by push and by mail. */
  'notices',
  /** What power costs in the hour, against the day. */
  'prices',
  'history',
])
export type Capability = v.InferOutput<typeof Capability>

/** The fields of `PUT /api/devices/{type}/{id}`, each by what it belongs to. */
export const capabilityOfField: Readonly<Record<string, Capability>> = {
  is_smart_optimization_active: 'optimization',
  optimization_level: 'optimization',
  minimum_temperature_limit: 'comfort',
  maximum_temperature_limit: 'comfort',
  dhw_standard_temperature: 'comfort',
  minimum_dhw_temperature_limit: 'comfort',
  is_hot_water_heating_enabled: 'comfort',
  is_charge_policy_enabled: 'readyBy',
  charge_deadline_at: 'readyBy',
  minimum_charge_limit: 'readyBy',
  min_battery_charge: 'batteryLimits',
  max_battery_charge: 'batteryLimits',
  solar_power_rating_kw: 'plant',
  is_battery_connected: 'plant',
  battery_capacity_kwh: 'plant',
}
