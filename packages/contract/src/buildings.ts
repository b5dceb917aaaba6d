import * as v from 'valibot'
import { known, offered, text, uuid } from './fields.ts'

/** Write enums of §6; answers carry plain strings. */
export const PropertyType = v.picklist([
  'Detached',
  'Semi-detached',
  'Bungalow',
  'Terraced',
  'End-terrace',
  'Flat',
])
export const OccupantType = v.picklist([
  'Students',
  'Working adults',
  'At home adults',
  'Young family',
  'Older family',
  'Retirees',
])

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000))

/** A building: devices in the same one are optimised together, §6. */
export const Building = v.object({
  id: uuid,
  name: known(text(100)),
  property_type: offered(text(50)),
  /** m². */
  property_size_m2: offered(count),
  property_age: offered(count),
  num_occupants: offered(count),
  occupant_type: offered(text(50)),
  space_heating: offered(text(50)),
  water_heating: offered(text(50)),
  photovoltaic: offered(v.boolean()),
  street_and_number: offered(text(100)),
  street_add_info: offered(text(100)),
  zip_code: offered(text(20)),
  town: offered(text(100)),
  country: offered(text(60)),
})
export type Building = v.InferOutput<typeof Building>

const limited = (max: number) => v.nullable(v.pipe(v.string(), v.maxLength(max)))

/**
 * Body of `POST` and `PUT …/buildings`. The schema marks `name` as required in both; the guides call the `PUT`
 * partial (§20 C13). Of the heating enums only the first values are known (§21.17), so any text goes.
 */
export const BuildingWrite = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  property_type: v.optional(v.nullable(PropertyType)),
  property_size_m2: v.optional(v.nullable(count)),
  property_age: v.optional(v.nullable(count)),
  num_occupants: v.optional(v.nullable(count)),
  occupant_type: v.optional(v.nullable(OccupantType)),
  space_heating: v.optional(limited(50)),
  water_heating: v.optional(limited(50)),
  photovoltaic: v.optional(v.nullable(v.boolean())),
  street_and_number: v.optional(limited(100)),
  street_add_info: v.optional(limited(100)),
  zip_code: v.optional(limited(20)),
  town: v.optional(limited(100)),
  country: v.optional(limited(60)),
})
export type BuildingWrite = v.InferOutput<typeof BuildingWrite>
