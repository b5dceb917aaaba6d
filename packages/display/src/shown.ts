/** What a number measures; decides unit, decimals and words, never the value. */
export type Quantity =
  'power' | 'energy' | 'temperature' | 'temperature_difference' | 'percent' | 'range' | 'time_of_day'

/** Fields that can stand on a tile, by their names on the wire. */
export type FieldName =
  | 'current_power_consumption_w'
  | 'dhw_temperature'
  | 'indoor_actual_temperature'
  | 'indoor_target_temperature'
  | 'outdoor_temperature'
  | 'inlet_temperature'
  | 'outlet_temperature'
  | 'indoor_target_temperature_offset'
  | 'battery_level'
  | 'charge_rate_w'
  | 'driving_range'
  | 'battery_capacity_kwh'
  | 'charge_target_max'
  | 'charge_power_max_w'
  | 'solar_surplus_w'
  | 'battery_charge_level_percent'
  | 'solar_power_rating_kw'
  | 'min_battery_charge'
  | 'max_battery_charge'

/**
 * The content of a tile. A field that a device does not support has no tile at all, and one that was not loaded
 * yet belongs to a group that is `loading`; so 0, not reported, not supported and not loaded never look alike.
 */
export type Shown =
  { kind: 'value'; value: number } | { kind: 'text'; text: string } | { kind: 'not_reported' }

/** One labelled value. `value` is in W, kWh, °C, K, percent or km, by `quantity`; nothing is rounded yet. */
export type Tile = { field: FieldName; quantity: Quantity; shown: Shown }

/** A tile for a field every such device has: unknown shows as not reported. */
export function tile(field: FieldName, quantity: Quantity, value: number | null): Tile {
  const known = finite(value)
  return {
    field,
    quantity,
    shown: known === null ? { kind: 'not_reported' } : { kind: 'value', value: known },
  }
}

/** A tile for a field some devices have: `undefined` is not supported, so there is none. */
export function offeredTile(field: FieldName, quantity: Quantity, value: number | null | undefined): Tile[] {
  return value === undefined ? [] : [tile(field, quantity, value)]
}

/** The number itself, −0 as 0; `null` for anything that is no finite number. */
export function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value + 0 : null
}
