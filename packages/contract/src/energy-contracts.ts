import * as v from 'valibot'
import { known, offered, text, timestamp, uuid } from './fields.ts'

/** Current casing; one page of the documents has `Spot Hourly` and the like (§20 C10). */
export const EnergyContractType = v.picklist(['spot_hourly', 'monthly', 'yearly'])
export type EnergyContractType = v.InferOutput<typeof EnergyContractType>

/** A price in currency per kWh from a moment on. One entry alone is a constant price, §7. */
export const EnergyPrice = v.object({ price: v.pipe(v.number(), v.finite()), timestamp })
export type EnergyPrice = v.InferOutput<typeof EnergyPrice>

/** How a user pays for electricity, §7. */
export const EnergyContract = v.object({
  id: known(uuid),
  energy_contract_type: known(EnergyContractType),
  energy_prices: v.fallback(v.array(EnergyPrice), []),
  /** `null`: for all buildings of the user. `building_id` when written. */
  building: offered(uuid),
  meter_id: offered(text(19)),
  supplier: offered(text(100)),
  /** ISO 4217. */
  currency_energy_price: offered(text(3)),
  /** `true`: with grid fees and taxes; `false`: the wholesale price alone. */
  energy_price_includes_external_components: offered(v.boolean()),
})
export type EnergyContract = v.InferOutput<typeof EnergyContract>

/** Body of `POST` and `PUT …/energy-contracts`. A currency is required where prices are sent. */
export const EnergyContractWrite = v.partial(
  v.object({
    energy_contract_type: v.nullable(EnergyContractType),
    energy_prices: v.array(EnergyPrice),
    building_id: v.nullable(uuid),
    meter_id: v.nullable(v.pipe(v.string(), v.maxLength(19))),
    supplier: v.nullable(v.pipe(v.string(), v.maxLength(100))),
    currency_energy_price: v.nullable(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/))),
    energy_price_includes_external_components: v.nullable(v.boolean()),
  }),
)
export type EnergyContractWrite = v.InferOutput<typeof EnergyContractWrite>
