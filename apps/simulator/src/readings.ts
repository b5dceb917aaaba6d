import type { DeviceType } from '@homewatt/contract'
import type { KnownCharging } from './boost.ts'
import { rangeKm } from './homes/car.ts'
import type { DeviceSpec } from './homes/cast.ts'
import { isFull } from './homes/charging.ts'
import { waterTemperatures } from './homes/heat-pump.ts'
import { INDOOR_WISH_C } from './homes/heating.ts'
import { pausedAt } from './homes/settings.ts'
import type { Site } from './homes/site.ts'
import { shifts } from './optimizer.ts'
import { tenth } from './rounding.ts'

/** The measured fields of one report, by their wire names. */
export type Reading = Record<string, string | number | boolean | null>

/** What there is to say of a device that has never reported. */
export const unread: Record<DeviceType, Reading> = {
  'heat-pumps': nothingOf([
    'current_power_consumption_w',
    'current_mode',
    'dhw_temperature',
    'inlet_temperature',
    'outlet_temperature',
    'indoor_actual_temperature',
    'indoor_target_temperature',
    'indoor_target_temperature_offset',
    'outdoor_temperature',
  ]),
  'electric-vehicles': nothingOf([
    'is_plugged_in',
    'is_charging',
    'charge_rate_w',
    'battery_level',
    'is_fully_charged',
    'driving_range',
  ]),
  inverters: nothingOf([
    'current_solar_production_w',
    'household_consumption_w',
    'battery_charge_discharge_power_w',
    'current_power_to_grid_w',
    'battery_charge_level_percent',
    'solar_surplus_w',
  ]),
  wallboxes: nothingOf(['is_plugged_in', 'is_charging', 'charge_rate_w']),
}

/** Takes the report of a device from its building as it is. */
export function readDevice(spec: DeviceSpec, site: Site): Reading {
  return readers[spec.type](site, spec)
}

/** What a report tells the service about charging. */
export function knownCharging(site: Site): KnownCharging {
  const settings = site.settings.vehicle ?? site.settings.wallbox
  return {
    pluggedIn: site.car.pluggedIn,
    charging: site.flows.carW > 0,
    full: isFull(site),
    steered: site.car.atHome && !(settings && pausedAt(settings, site.minute * 60_000)),
  }
}

const readers: Record<DeviceType, (site: Site, spec: DeviceSpec) => Reading> = {
  'heat-pumps': (site, { indoorSensor }) => {
    const { spec, settings } = site
    if (!spec.heatPump) return {}
    const water = waterTemperatures(spec.heatPump, site.heatPump, site.building, site.run)
    const offsetK = settings.heatPump?.is_smart_optimization_active ? shifts[site.mode].indoorK : 0
    return {
      current_power_consumption_w: site.flows.heatPumpW,
      current_mode: site.mode,
      dhw_temperature: tenth(site.heatPump.tankC),
      inlet_temperature: tenth(water.inletC),
      outlet_temperature: tenth(water.outletC),
      indoor_actual_temperature: indoorSensor ? tenth(site.building.airC) : null,
      indoor_target_temperature: INDOOR_WISH_C + offsetK,
      indoor_target_temperature_offset: offsetK,
      outdoor_temperature: tenth(site.sky.outdoorC),
    }
  },
  'electric-vehicles': (site) => {
    const { car } = site.spec
    if (!car) return {}
    return {
      is_plugged_in: site.car.pluggedIn,
      is_charging: site.flows.carW > 0,
      charge_rate_w: site.flows.carW,
      battery_level: levelPercent(site.car.storedWh, car.capacityWh),
      is_fully_charged: isFull(site),
      driving_range: rangeKm(car, site.car.storedWh, site.sky.outdoorC),
    }
  },
  inverters: (site) => {
    const { flows, spec } = site
    return {
      current_solar_production_w: flows.solarW,
      household_consumption_w: flows.householdW,
      battery_charge_discharge_power_w: flows.batteryW,
      current_power_to_grid_w: flows.gridW,
      battery_charge_level_percent: spec.battery
        ? levelPercent(site.batteryWh, spec.battery.capacityWh)
        : null,
      solar_surplus_w: flows.solarW - flows.householdW,
    }
  },
  wallboxes: (site) => ({
    is_plugged_in: site.car.pluggedIn && site.car.atHome,
    is_charging: site.flows.carW > 0,
    charge_rate_w: site.flows.carW,
  }),
}

function nothingOf(names: readonly string[]): Reading {
  return Object.fromEntries(names.map((name) => [name, null]))
}

const levelPercent = (storedWh: number, capacityWh: number) =>
  Math.min(100, Math.max(0, Math.round((storedWh / capacityWh) * 100)))
