import * as v from 'valibot'
import { PriceZone } from './device.ts'
import { ElectricVehicleChange } from './electric-vehicle.ts'
import { uuid } from './fields.ts'
import { HeatPumpChange } from './heat-pump.ts'
import { InverterChange } from './inverter.ts'

const limited = (max: number) => v.nullable(v.pipe(v.string(), v.minLength(1), v.maxLength(max)))

/** What can be said of a device only when it is registered, §9.1 and §9.2; `cloud_service_id` as in the write schema. */
const registrationEntries = {
  device_model: v.optional(
    v.nullable(
      v.partial(
        v.object({
          manufacturer: limited(60),
          model: limited(60),
          year: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1980), v.maxValue(2100))),
          cloud_service_id: v.nullable(uuid),
        }),
      ),
    ),
  ),
  building_id: v.optional(v.nullable(uuid)),
  price_zone: v.optional(PriceZone),
  comment: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(300)))),
}

/** Bodies of `POST …/heat-pumps`, `…/electric-vehicles` and `…/inverters`, §8.3: preferences and what the device is. */
export const HeatPumpRegistration = v.object({ ...HeatPumpChange.entries, ...registrationEntries })
export type HeatPumpRegistration = v.InferOutput<typeof HeatPumpRegistration>

export const ElectricVehicleRegistration = v.object({
  ...ElectricVehicleChange.entries,
  ...registrationEntries,
})
export type ElectricVehicleRegistration = v.InferOutput<typeof ElectricVehicleRegistration>

export const InverterRegistration = v.object({ ...InverterChange.entries, ...registrationEntries })
export type InverterRegistration = v.InferOutput<typeof InverterRegistration>
