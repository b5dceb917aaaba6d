import { EnergyContractType, type EnergyContract, type EnergyContractForm } from '@homewatt/contract'
import { changeIn, typedOf, type RecordEntry, type RecordField } from './record-form.ts'

const fields = [
  { name: 'energy_contract_type', kind: 'choice', options: EnergyContractType.options, isNeeded: true },
  { name: 'supplier', kind: 'text', max: 100 },
  { name: 'meter_id', kind: 'text', max: 19 },
  { name: 'building_id', kind: 'choice', options: [] },
  { name: 'price', kind: 'decimal' },
  { name: 'currency_energy_price', kind: 'text', max: 3 },
  { name: 'energy_price_includes_external_components', kind: 'choice', options: ['yes', 'no'] },
] as const satisfies readonly RecordField[]

export type ContractField = (typeof fields)[number]['name']

/**
 * What a household may say of its contract. A price can be typed where there is one for all time; a list of prices, as
 * the partner sends for hourly ones, stays as it is.
 */
export function contractFields(
  buildings: readonly { id: string }[],
  contract: EnergyContract | null,
): readonly RecordField[] {
  const hasPriceList = (contract?.energy_prices.length ?? 0) > 1
  return fields
    .filter(({ name }) => name !== 'price' || !hasPriceList)
    .map((field) =>
      field.name === 'building_id' ? { ...field, options: buildings.map(({ id }) => id) } : field,
    )
}

/** What stands in the fields for a contract as it is; `null` for a new one. */
export function typedOfContract(own: readonly RecordField[], contract: EnergyContract | null) {
  if (!contract) return { ...typedOf(own, null), currency_energy_price: 'EUR' }
  const { building, energy_prices } = contract
  return typedOf(own, { ...contract, building_id: building, price: energy_prices[0]?.price })
}

/** The body of a write; `at` is the moment from which a changed price holds. */
export function contractChangeIn(
  own: readonly RecordField[],
  { typed, was }: RecordEntry,
  at: string,
): EnergyContractForm {
  const currency = (typed['currency_energy_price'] ?? '').toUpperCase()
  const { price, ...change } = changeIn(own, {
    typed: { ...typed, currency_energy_price: currency },
    was,
  })
  if (price === undefined) return change
  return {
    ...change,
    // A price is never sent without its currency, §7.
    ...(currency ? { currency_energy_price: currency } : {}),
    energy_prices: price === null ? [] : [{ price: price as number, timestamp: at }],
  }
}
