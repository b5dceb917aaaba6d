import { OccupantType, PropertyType } from '@homewatt/contract'
import type { RecordField } from './record-form.ts'

/**
 * What a household may say of a building. Of the heating enums the documents show the first values only (§21.17), so
 * how it is heated is not asked for, and stays as the partner has it.
 */
export const buildingGroups = {
  what: [
    { name: 'name', kind: 'text', max: 100, isNeeded: true },
    { name: 'property_type', kind: 'choice', options: PropertyType.options },
    { name: 'property_size_m2', kind: 'count' },
    { name: 'photovoltaic', kind: 'choice', options: ['yes', 'no'] },
  ],
  where: [
    { name: 'street_and_number', kind: 'text', max: 100 },
    { name: 'street_add_info', kind: 'text', max: 100 },
    { name: 'zip_code', kind: 'text', max: 20 },
    { name: 'town', kind: 'text', max: 100 },
    { name: 'country', kind: 'text', max: 60 },
  ],
  who: [
    { name: 'num_occupants', kind: 'count' },
    { name: 'occupant_type', kind: 'choice', options: OccupantType.options },
  ],
} as const satisfies Record<string, readonly RecordField[]>

export const buildingFields: readonly RecordField[] = Object.values(buildingGroups).flat()
export type BuildingGroup = keyof typeof buildingGroups
export type BuildingField = (typeof buildingGroups)[BuildingGroup][number]['name']
