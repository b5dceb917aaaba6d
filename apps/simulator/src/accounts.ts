import type { Role, UserChange } from '@homewatt/contract'
import type { BuildingFacts, Person } from './homes/cast.ts'
import { uuidOf } from './hash.ts'
import { demo } from './oauth.ts'
import { places, type Place } from './places.ts'

/** A person of the organisation by wire names, §5 of the reference. */
export type UserRecord = {
  readonly id: string
  readonly org_id: string
  role: Role
  email: string
  external_user_id: string | null
  first_name: string | null
  last_name: string | null
  street_and_number: string | null
  street_add_info: string | null
  zip_code: string | null
  town: string | null
  country: string | null
  latitude: number | null
  longitude: number | null
  location_last_updated: string | null
  deleted_at: string | null
}

/** A building by wire names, §6. */
export type BuildingRecord = { readonly id: string; name: string; [field: string]: unknown }

/** An energy contract by wire names, §7. */
export type ContractRecord = {
  readonly id: string
  energy_contract_type: string | null
  energy_prices: { price: number; timestamp: string }[]
  building: string | null
  meter_id: string | null
  supplier: string | null
  currency_energy_price: string | null
  energy_price_includes_external_components: boolean | null
}

/** The record of somebody who lives in a simulated home; the name of the home is the partner's own id. */
export const residentOf = (name: string, userId: string, person: Person, place: Place): UserRecord => ({
  ...blank(userId),
  email: person.email,
  external_user_id: name,
  first_name: person.firstName,
  last_name: person.lastName,
  street_and_number: person.street,
  zip_code: place.zipCode,
  town: place.town,
  country: place.country,
  latitude: place.latitude,
  longitude: place.longitude,
})

/** The record of a user whom the partner creates. */
export const newcomerOf = (id: string, role: Role, email: string): UserRecord => ({
  ...blank(id),
  role,
  email,
})

/** Writes the fields of a change into a record, in the current edition's names and types. */
export function changeUser(user: UserRecord, change: UserChange, nowMs: number): void {
  const { zip_code, country_iso2, ...fields } = change
  Object.assign(user, fields)
  // Older documents say integer, and name the country otherwise.
  if (zip_code !== undefined) user.zip_code = zip_code === null ? null : String(zip_code)
  if (country_iso2 !== undefined && !('country' in fields)) user.country = country_iso2
  if ('latitude' in fields || 'longitude' in fields)
    user.location_last_updated = new Date(nowMs).toISOString()
}

/** The climate and market of an address: the nearest known place, by coordinates, town or country. */
export function placeNear({ latitude, longitude, town, country }: Partial<UserRecord>): Place {
  const all: Place[] = Object.values(places)
  if (latitude != null && longitude != null) {
    const farK = (p: Place) => Math.hypot(p.latitude - latitude, (p.longitude - longitude) * 0.67)
    return all.reduce((best, p) => (farK(p) < farK(best) ? p : best))
  }
  return all.find((p) => p.town === town) ?? all.find((p) => p.country === country) ?? places.freiburg
}

/** The record of a building that comes with a simulated home. */
export function buildingOf(
  facts: BuildingFacts & { id: string },
  user: UserRecord,
  types: readonly string[],
): BuildingRecord {
  const heating = types.includes('heat-pumps') ? 'Heat pump' : 'Gas boiler'
  return {
    id: facts.id,
    name: facts.name,
    property_type: facts.propertyType,
    property_size_m2: facts.sizeM2,
    property_age: facts.age,
    num_occupants: facts.occupants,
    occupant_type: facts.occupantType,
    space_heating: heating,
    water_heating: heating,
    photovoltaic: types.includes('inverters'),
    street_and_number: user.street_and_number,
    street_add_info: null,
    zip_code: user.zip_code,
    town: user.town,
    country: user.country,
  }
}

/** The contract that a simulated home starts with: the hourly price of its market, for every building. */
export const contractOf = (name: string): ContractRecord => ({
  ...blankContract(uuidOf('contract', name)),
  energy_contract_type: 'spot_hourly',
  meter_id: uuidOf('meter', name).replace(/\D/g, '').padEnd(12, '0').slice(0, 12),
  supplier: 'Demo Energie',
  currency_energy_price: 'EUR',
  energy_price_includes_external_components: false,
})

export const blankContract = (id: string): ContractRecord => ({
  id,
  energy_contract_type: null,
  energy_prices: [],
  building: null,
  meter_id: null,
  supplier: null,
  currency_energy_price: null,
  energy_price_includes_external_components: null,
})

const blank = (id: string): UserRecord => ({
  id,
  org_id: demo.orgId,
  role: 'user',
  email: '',
  external_user_id: null,
  first_name: null,
  last_name: null,
  street_and_number: null,
  street_add_info: null,
  zip_code: null,
  town: null,
  country: null,
  latitude: null,
  longitude: null,
  location_last_updated: null,
  deleted_at: null,
})
