import { capabilityOfField, type Capability, type DeviceType, type Reading } from '@homewatt/contract'
import { offeredGroups, type FieldGroup } from './settings-form.ts'

/** What a household may decide about a device: on its page of settings, and on pages that lead on from there. */
export type DeviceSettingsOffer = {
  groups: [FieldGroup, string[]][]
  hasPlan: boolean
  hasMode: boolean
  /** Without anything there is no such page. */
  isNothing: boolean
}

/** What the device has, without what is switched off here. */
export function settingsOffer(
  type: DeviceType,
  device: Reading,
  switchedOff: readonly Capability[],
): DeviceSettingsOffer {
  const isOn = (name: Capability | undefined) => name === undefined || !switchedOff.includes(name)
  const groups = offeredGroups(type, device)
    .map(([group, fields]): [FieldGroup, string[]] => [
      group,
      fields.filter((field) => isOn(capabilityOfField[field])),
    ])
    .filter(([, fields]) => fields.length > 0)
  const hasPlan = type === 'electric-vehicles' && isOn('weeklyPlan')
  const hasMode = (type === 'electric-vehicles' || type === 'wallboxes') && isOn('chargingMode')
  return { groups, hasPlan, hasMode, isNothing: groups.length === 0 && !hasPlan && !hasMode }
}
