import type { GenericSchema } from 'valibot'
import { localTime, minuteOfLocal } from './calendar.ts'
import type { Complaint } from './http.ts'
import { newerSides, type Variants } from './variants.ts'

/** The path that routes know for a path of this edition; `null` when this edition has no such path. */
export function canonicalPath(path: string, { inverter_path }: Variants): string | null {
  if (inverter_path === 'inverters') return path
  if (/\/users\/[^/]+\/inverters(\/|$)/.test(path)) return null
  return path.replace(/(\/users\/[^/]+)\/solar-inverters(?=\/|$)/, '$1/inverters')
}

/** Where and when an answer is made; what a translation needs besides the words. */
export type Setting = { template: string; timeZone: string; nowMs: number }

type Fields = Record<string, unknown>

/** Puts a body in the words of an edition into those that routes know. */
export function canonicalBody(body: unknown, variants: Variants, { template, timeZone }: Setting): unknown {
  if (!isFields(body)) return body
  const fields = { ...body }
  const of = subjectOf(template)
  if (of === 'device') {
    if (variants.pause === 'first') {
      rename(fields, 'pause_power_active', 'is_pause_power_active')
      rename(fields, 'pause_power_until_utc', 'pause_power_until')
    }
    const { charge_deadline_at: deadline } = fields
    if (
      variants.wallbox_deadline === 'date_time' &&
      template.includes('/wallboxes') &&
      typeof deadline === 'string'
    )
      fields['charge_deadline_at'] = timeOfDay(deadline, timeZone)
    if (variants.zone_and_language === 'guide') swap(fields, 'price_zone', zones, 'in')
  }
  if (of === 'onboarding' && variants.zone_and_language === 'guide') {
    swap(fields, 'price_zone_default', zones, 'in')
    if (fields['language'] === 'fr') fields['language'] = 'en'
  }
  if (of === 'building') {
    if (variants.building === 'guide') {
      for (const [name, words] of Object.entries(guideWords)) swap(fields, name, words, 'in')
      const age = /^(\d{4})-(\d{4})$/.exec(String(fields['property_age']))
      if (age) fields['property_age'] = Number(age[1]) + 5
    }
    if (variants.country !== 'country' || variants.building === 'guide') {
      rename(fields, 'country_iso2', 'country')
      swap(fields, 'country', countries, 'in')
    }
    if (variants.zip_code === 'integer' && typeof fields['zip_code'] === 'number')
      fields['zip_code'] = String(fields['zip_code'])
  }
  if (of === 'contract' && variants.energy_contract === 'guide') {
    swap(fields, 'energy_contract_type', contractTypes, 'in')
    rename(fields, 'energy_price', 'energy_prices')
    rename(fields, 'building', 'building_id')
    delete fields['owner']
  }
  if (template.endsWith('/resolve') && variants.cue_body === 'snake')
    for (const [camel, snake] of cueNames) rename(fields, snake, camel)
  return fields
}

/** A complaint for every field of a body that its schema does not have. */
export function unknownFields(body: unknown, schema: GenericSchema | undefined): Complaint[] {
  if (!isFields(body) || !schema || !('entries' in schema)) return []
  return Object.keys(body)
    .filter((name) => !Object.hasOwn(schema.entries as object, name))
    .map((name) => ({ type: 'extra_forbidden', loc: ['body', name], msg: 'This field cannot be written' }))
}

/** Puts an answer into the words of an edition. `ofUser` tells the edition of each user of a list. */
export function inEdition(
  json: unknown,
  variants: Variants,
  setting: Setting,
  ofUser: (userId: string) => Variants,
): unknown {
  const of = subjectOf(setting.template)
  const one = (item: unknown) => {
    if (!isFields(item)) return item
    const own = of === 'user' ? ofUser(String(item['id'])) : variants
    return own === newerSides ? item : stamped(translate(of, { ...item }, own, setting), own)
  }
  if (Array.isArray(json)) {
    const kept =
      variants.removal === 'final' ? json.filter((item) => !isFields(item) || !item['deleted_at']) : json
    return kept.map(one)
  }
  return one(json)
}

/** Whether an edition says of a single answer that what it shows is gone. */
export const isGone = (json: unknown, { removal }: Variants) =>
  removal === 'final' && isFields(json) && Boolean(json['deleted_at'])

type Subject = 'device' | 'user' | 'building' | 'contract' | 'series' | 'onboarding' | 'other'

function subjectOf(template: string): Subject {
  if (/\/(heat-pumps|electric-vehicles|inverters|wallboxes)(\/\{[^}]+\})?$/.test(template)) return 'device'
  if (/\/inverters\/\{[^}]+\}\/data$/.test(template)) return 'series'
  if (/\/buildings(\/\{[^}]+\})?$/.test(template)) return 'building'
  if (/\/energy-contracts(\/\{[^}]+\})?$/.test(template)) return 'contract'
  if (/\/users(\/\{[^}]+\})?$/.test(template)) return 'user'
  if (/\/device-onboarding(\/\{[^}]+\})?$/.test(template)) return 'onboarding'
  return 'other'
}

function translate(of: Subject, fields: Fields, variants: Variants, setting: Setting): Fields {
  if (of === 'device') return deviceInEdition(fields, variants, setting)
  if (of === 'series' && variants.battery_sign === 'charging' && Array.isArray(fields['data']))
    fields['data'] = fields['data'].map((row: Fields) =>
      flipped({ ...row }, 'battery_charge_discharge_power_w'),
    )
  if (of === 'onboarding' && variants.zone_and_language === 'guide')
    swap(fields, 'price_zone_default', zones, 'out')
  if (of === 'user' || of === 'building') {
    if (variants.zip_code === 'integer' && /^\d+$/.test(String(fields['zip_code'])))
      fields['zip_code'] = Number(fields['zip_code'])
    const guide = of === 'building' && variants.building === 'guide'
    if (variants.country === 'country_iso3') swap(fields, 'country', countries, 'out')
    if (variants.country !== 'country' || guide) rename(fields, 'country', 'country_iso2')
  }
  if (of === 'building' && variants.building === 'guide') {
    for (const [name, words] of Object.entries(guideWords)) swap(fields, name, words, 'out')
    const age = fields['property_age']
    if (typeof age === 'number') fields['property_age'] = decade(age)
  }
  if (of === 'contract' && variants.energy_contract === 'guide') {
    swap(fields, 'energy_contract_type', contractTypes, 'out')
    rename(fields, 'energy_prices', 'energy_price')
  }
  return fields
}

function deviceInEdition(fields: Fields, variants: Variants, { template, timeZone, nowMs }: Setting): Fields {
  const { owner } = fields
  if (variants.owner !== 'object' && isFields(owner)) {
    if (variants.owner === 'id') fields['owner'] = owner['id']
    else {
      delete fields['owner']
      fields['user_id'] = owner['id']
    }
  }
  if (template.includes('/inverters')) {
    if (variants.battery_sign === 'charging') flipped(fields, 'battery_charge_discharge_power_w')
    if (variants.level_without_battery === 'zero' && fields['is_battery_connected'] === false)
      fields['battery_charge_level_percent'] ??= 0
  }
  if (template.includes('/wallboxes') && variants.wallbox_deadline === 'date_time')
    fields['charge_deadline_at'] = nextMoment(fields['charge_deadline_at'], timeZone, nowMs)
  if (template.includes('/heat-pumps') && variants.heat_pump_mode === 'operational_mode') {
    delete fields['current_mode']
    delete fields['optimization_level']
    fields['operational_mode'] = Number(fields['current_power_consumption_w']) > 0 ? 'Heating' : 'Standby'
  }
  if (variants.zone_and_language === 'guide') swap(fields, 'price_zone', zones, 'out')
  if (variants.device_type === 'onboarding' && isFields(fields['device_model'])) {
    const model = fields['device_model']
    const type = model['device_type']
    if (isFields(type))
      fields['device_model'] = { ...model, device_type: { ...type, short_name: shortName(template) } }
  }
  if (variants.pause === 'first') {
    rename(fields, 'is_pause_power_active', 'pause_power_active')
    rename(fields, 'pause_power_until', 'pause_power_until_utc')
  }
  if (variants.reconnect === 'authorization_url' && Array.isArray(fields['actions'])) {
    const [action] = fields['actions'] as Fields[]
    fields['authorization_url'] = action?.['resolution_link'] ?? null
    delete fields['actions']
    delete fields['action_needed']
  }
  const { actions } = fields
  if (variants.cue_body === 'snake' && Array.isArray(actions))
    fields['actions'] = (actions as Fields[]).map(withSnakeParameters)
  return fields
}

function withSnakeParameters(action: Fields): Fields {
  const link = action['resolution_link']
  if (!isFields(link)) return action
  return { ...action, resolution_link: { ...link, required_parameters: ['success_url', 'cancel_url'] } }
}

/** All moments of an answer, in the spelling of an edition. */
function stamped(json: Fields, { timestamps }: Variants): Fields {
  if (timestamps === 'milliseconds') return json
  const spell = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.000)?Z$/.exec(value)
      return match ? `${match[1]}${timestamps === 'seconds' ? 'Z' : '+00:00'}` : value
    }
    if (Array.isArray(value)) return value.map(spell)
    if (!isFields(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, spell(inner)]))
  }
  return spell(json) as Fields
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function rename(fields: Fields, from: string, to: string): void {
  const has = Object.hasOwn(fields, from)
  const value = fields[from]
  Reflect.deleteProperty(fields, from)
  // In an edition that calls it otherwise, the new name means nothing.
  Reflect.deleteProperty(fields, to)
  if (has) fields[to] = value
}

function flipped(fields: Fields, name: string): Fields {
  const power = fields[name]
  // Not -0, which JSON would carry as 0 and a comparison would not.
  if (typeof power === 'number') fields[name] = power === 0 ? 0 : -power
  return fields
}

/** Exchanges a word by pairs of [ours, theirs]. */
function swap(
  fields: Fields,
  name: string,
  pairs: readonly (readonly [string, string])[],
  way: 'in' | 'out',
) {
  const pair = pairs.find(([ours, theirs]) => fields[name] === (way === 'in' ? theirs : ours))
  if (pair) fields[name] = way === 'in' ? pair[0] : pair[1]
}

const zones = [['DE_LU', 'DE']] as const
const countries = [['DE', 'DEU'], ['AT', 'AUT'], ['CH', 'CHE'], ['BE', 'BEL'], ['HU', 'HUN'], ['IT', 'ITA'], ['RO', 'ROU']] as const // prettier-ignore
const contractTypes = [['spot_hourly', 'Spot Hourly'], ['monthly', 'Monthly'], ['yearly', 'Yearly']] as const // prettier-ignore
const guideWords: Record<string, readonly (readonly [string, string])[]> = {
  property_type: [['Detached', 'single_family_home'], ['Semi-detached', 'semi_detached_house'], ['Bungalow', 'bungalow'], ['Terraced', 'terraced_house'], ['End-terrace', 'end_terrace_house'], ['Flat', 'apartment']], // prettier-ignore
  occupant_type: [['Students', 'students'], ['Working adults', 'working_adults'], ['At home adults', 'at_home_adults'], ['Young family', 'family'], ['Older family', 'older_family'], ['Retirees', 'retirees']], // prettier-ignore
  space_heating: [['Heat pump', 'heat_pump'], ['Gas boiler', 'gas_boiler'], ['Electric storage', 'electric_storage']], // prettier-ignore
  water_heating: [
    ['Heat pump', 'heat_pump'],
    ['Gas boiler', 'gas_boiler'],
  ],
}
const cueNames = [['successUrl', 'success_url'], ['cancelUrl', 'cancel_url'], ['clientInfo', 'client_info']] as const // prettier-ignore

function shortName(template: string): string {
  if (template.includes('/heat-pumps')) return 'hp'
  if (template.includes('/electric-vehicles')) return 'ev'
  return template.includes('/inverters') ? 'iv' : 'wb'
}

/** The next time that the wall clock of `timeZone` shows a time of day. */
function nextMoment(time: unknown, timeZone: string, nowMs: number): string | null {
  if (typeof time !== 'string') return null
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  const { day } = localTime(timeZone, Math.floor(nowMs / 60_000))
  const at = (d: number) => minuteOfLocal(timeZone, d, hours * 60 + minutes) * 60_000
  return new Date(at(day) > nowMs ? at(day) : at(day + 1)).toISOString()
}

/** The wall clock of `timeZone` at a moment; the text itself when it is no moment, for others to complain. */
function timeOfDay(moment: string, timeZone: string): string {
  const atMs = Date.parse(moment)
  if (Number.isNaN(atMs)) return moment
  const { minute } = localTime(timeZone, Math.floor(atMs / 60_000))
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

function decade(year: number): string {
  const first = Math.floor(year / 10) * 10
  return `${first}-${first + 10}`
}
