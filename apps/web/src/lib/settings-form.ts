import type { DeviceSettings, DeviceType, HeatPumpReading, Reading } from '@homewatt/contract'

/** One thing that can be set: how its text becomes a value. `null` for text that is none. */
type Kind = 'switch' | 'number' | 'time' | 'choice'

/** A group of fields that is saved together. */
export type FieldGroup = 'optimization' | 'level' | 'comfort' | 'deadline' | 'battery' | 'plant'

const groups: Readonly<Record<DeviceType, Partial<Record<FieldGroup, Readonly<Record<string, Kind>>>>>> = {
  'heat-pumps': {
    optimization: { is_smart_optimization_active: 'switch' },
    level: { optimization_level: 'choice' },
    comfort: {
      minimum_temperature_limit: 'number',
      maximum_temperature_limit: 'number',
      dhw_standard_temperature: 'number',
      minimum_dhw_temperature_limit: 'number',
      is_hot_water_heating_enabled: 'switch',
    },
  },
  'electric-vehicles': {
    deadline: {
      is_charge_policy_enabled: 'switch',
      charge_deadline_at: 'time',
      minimum_charge_limit: 'number',
    },
    optimization: { is_smart_optimization_active: 'switch' },
  },
  inverters: {
    battery: { min_battery_charge: 'number', max_battery_charge: 'number' },
    optimization: { is_smart_optimization_active: 'switch' },
    plant: {
      solar_power_rating_kw: 'number',
      is_battery_connected: 'switch',
      battery_capacity_kwh: 'number',
    },
  },
  wallboxes: {
    deadline: {
      is_charge_policy_enabled: 'switch',
      charge_deadline_at: 'time',
      minimum_charge_limit: 'number',
    },
    optimization: { is_smart_optimization_active: 'switch' },
  },
}

/** The groups that this device has, each with the fields that its account at the Partner API offers. */
export function offeredGroups(type: DeviceType, reading: Reading): [FieldGroup, string[]][] {
  return (Object.entries(groups[type]) as [FieldGroup, Record<string, Kind>][])
    .map(([group, fields]): [FieldGroup, string[]] => [
      group,
      Object.keys(fields).filter((name) => name in reading && !isUnknownHotWater(name, reading)),
    ])
    .filter(([group, names]) => {
      if (names.length === 0) return false
      return (
        group !== 'battery' || ('is_battery_connected' in reading && reading.is_battery_connected === true)
      )
    })
}

/** A switch whose position nobody knows would be sent as off by whoever saves something beside it. */
function isUnknownHotWater(name: string, reading: Reading): boolean {
  return name === 'is_hot_water_heating_enabled' && (reading as HeatPumpReading)[name] === null
}

/** What a form asks to change. What cannot be read stays as it was written, for the gateway to refuse it at its field. */
export function changeOf(type: DeviceType, group: string, form: FormData): DeviceSettings {
  const fields = groups[type][group as FieldGroup] ?? {}
  const entries = Object.entries(fields)
    .filter(([name, kind]) => form.has(name) || (kind === 'switch' && form.has(`${name}_shown`)))
    .map(([name, kind]) => [name, valueOf(kind, form.get(name))])
  return Object.fromEntries(entries) as DeviceSettings
}

function valueOf(kind: Kind, entry: FormDataEntryValue | null): unknown {
  if (kind === 'switch') return entry !== null && entry !== 'off'
  const text = typeof entry === 'string' ? entry.trim() : ''
  if (text === '') return null
  if (kind !== 'number') return text
  const value = Number(text.replace(',', '.'))
  return Number.isNaN(value) ? text : value
}
