import type { DeviceType } from '@homewatt/contract'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { pageOf, postFormInTime, webBuild, type Language, type ShownPage } from './page.test-support.ts'

/** What a household reads when it decides something and it is refused, or the partner fails; in both languages. */

let house: House
let person: Person
beforeAll(async () => {
  house = await openHouse({ webBuild })
  person = await house.signIn('full')
  await person.stream()
})
afterEach(async () => {
  await house.control('DELETE', '/faults')
  // Ten commands a minute for each device, and a partner that failed is asked again after a while.
  await house.time.advance(90_000)
})
afterAll(() => house.close())

const languages = ['en', 'de'] as const
const path = async (type: DeviceType, ending = '/settings') =>
  `/${type}/${await person.deviceId(type)}${ending}`
const truth = async (type: DeviceType) =>
  (await house.control('GET', `/homes/full/devices/${type}`)) as Record<string, unknown>
const puts = async () => {
  const counts = Object.entries(await house.counts()).filter(([route]) => route.startsWith('PUT'))
  return counts.reduce((sum, [, count]) => sum + count, 0)
}

const send = (to: string, fields: Record<string, string>, language: Language) =>
  postFormInTime(house, person, to, fields, language)

const valueOf = ({ html }: ShownPage, name: string) =>
  new RegExp(`<input(?=[^>]*name="${name}")[^>]*value="([^"]*)"`).exec(html)?.[1]

type Refusal = [
  what: string,
  type: DeviceType,
  group: string,
  typed: Record<string, string>,
  field: string,
  en: string,
  de: string,
]

describe('what cannot be is told at its field, what was typed stays there, and nothing goes up', () => {
  const shown = { is_charge_policy_enabled_shown: '1', is_charge_policy_enabled: 'on' }
  test.each<Refusal>([
    [
      'a room that is to be warmer at least than at most',
      'heat-pumps',
      'comfort',
      { minimum_temperature_limit: '24', maximum_temperature_limit: '20' },
      'minimum_temperature_limit',
      'The lower value is above the upper one.',
      'Der untere Wert liegt über dem oberen.',
    ],
    [
      'hot water that may not fall to where it is kept',
      'heat-pumps',
      'comfort',
      { dhw_standard_temperature: '45', minimum_dhw_temperature_limit: '50' },
      'minimum_dhw_temperature_limit',
      'The lower value is above the upper one.',
      'Der untere Wert liegt über dem oberen.',
    ],
    [
      'a room of 200 °C',
      'heat-pumps',
      'comfort',
      { maximum_temperature_limit: '200' },
      'maximum_temperature_limit',
      'This value cannot be used.',
      'Dieser Wert geht nicht.',
    ],
    [
      'no level that there is',
      'heat-pumps',
      'level',
      { optimization_level: 'Turbo' },
      'optimization_level',
      'This value cannot be used.',
      'Dieser Wert geht nicht.',
    ],
    [
      'a deadline without a time',
      'electric-vehicles',
      'deadline',
      { ...shown, charge_deadline_at: '', minimum_charge_limit: '70' },
      'charge_deadline_at',
      'Please fill this in.',
      'Bitte ausfüllen.',
    ],
    [
      '25:00',
      'electric-vehicles',
      'deadline',
      { ...shown, charge_deadline_at: '25:00', minimum_charge_limit: '70' },
      'charge_deadline_at',
      'This value cannot be used.',
      'Dieser Wert geht nicht.',
    ],
    [
      'more than the manufacturer lets in',
      'electric-vehicles',
      'deadline',
      { ...shown, charge_deadline_at: '07:00', minimum_charge_limit: '95' },
      'minimum_charge_limit',
      'This is above the limit set at the manufacturer.',
      'Das liegt über der Obergrenze beim Hersteller.',
    ],
    [
      'a battery of unknown size',
      'inverters',
      'plant',
      { is_battery_connected_shown: '1', is_battery_connected: 'on', battery_capacity_kwh: '' },
      'battery_capacity_kwh',
      'Please fill this in.',
      'Bitte ausfüllen.',
    ],
    [
      'panels that are no number',
      'inverters',
      'plant',
      { solar_power_rating_kw: 'zehn' },
      'solar_power_rating_kw',
      'This value cannot be used.',
      'Dieser Wert geht nicht.',
    ],
    [
      'a battery that stays above what it may not exceed',
      'inverters',
      'battery',
      { min_battery_charge: '80', max_battery_charge: '60' },
      'min_battery_charge',
      'The lower value is above the upper one.',
      'Der untere Wert liegt über dem oberen.',
    ],
  ])('%s', async (_, type, group, typed, field, en, de) => {
    const before = await puts()
    for (const [language, sentence] of [
      ['en', en],
      ['de', de],
    ] as const) {
      const page = await send(await path(type), { group, ...typed }, language)
      const said = new RegExp(`<p[^>]*id="${field}-wrong"[^>]*>([^<]*)<`).exec(page.html)
      expect(said?.[0]).not.toContain('hidden')
      expect(said?.[1]).toContain(sentence)
      expect(page.text).toMatch(/marked fields|markierten Felder/)
      if (group !== 'level')
        for (const [name, value] of Object.entries(typed))
          if (!name.startsWith('is_')) expect(valueOf(page, name)).toBe(value)
    }
    expect(await puts()).toBe(before)
  })
})

describe('what the partner does not take', () => {
  const refuse = (loc: string[]) =>
    house.fault({
      kind: 'status',
      status: 422,
      body: { detail: loc.map((name) => ({ type: 'x', loc: ['body', name], msg: 'canary' })) },
      match: { method: 'PUT' },
    })
  const forms: [DeviceType, string, Record<string, string>, field: string][] = [
    ['heat-pumps', 'optimization', { is_smart_optimization_active: 'off' }, 'is_smart_optimization_active'],
    ['heat-pumps', 'level', { optimization_level: 'Low' }, 'optimization_level'],
    ['heat-pumps', 'comfort', { dhw_standard_temperature: '47' }, 'dhw_standard_temperature'],
    ['inverters', 'plant', { solar_power_rating_kw: '7' }, 'solar_power_rating_kw'],
    [
      'wallboxes',
      'deadline',
      { is_charge_policy_enabled_shown: '1', is_charge_policy_enabled: 'on', charge_deadline_at: '07:00' },
      'is_charge_policy_enabled',
    ],
  ]

  test.each(forms)('of %s in %s is told where it is, and holds no more than before', async (...row) => {
    const [type, group, typed, field] = row
    const before = await truth(type)
    await refuse([field])
    for (const language of languages) {
      const page = await send(await path(type), { group, ...typed }, language)
      const said = new RegExp(`<p[^>]*id="${field}-wrong"[^>]*>([^<]*)<`).exec(page.html)
      expect(said?.[0]).not.toContain('hidden')
      expect(said?.[1]).toBe({ en: 'This value cannot be used.', de: 'Dieser Wert geht nicht.' }[language])
      expect(page.html).not.toContain('canary')
    }
    expect((await truth(type))[field]).toEqual(before[field])
  })

  test('without saying why is told too, and nobody is sent to look for a mark that is not there', async () => {
    await refuse([])
    const words = {
      en: 'Nothing was saved: this was not accepted.',
      de: 'Es wurde nichts gespeichert: Das wurde nicht angenommen.',
    }
    for (const language of languages) {
      const pages = [
        await send(await path('heat-pumps'), { group: 'level', optimization_level: 'Low' }, language),
        await send('/settings/charging', { mode: 'none' }, language),
        await send(await path('electric-vehicles', '/plan?/save'), week, language),
      ]
      for (const page of pages) {
        expect(page.text).toContain(words[language])
        expect(page.text).not.toMatch(/marked fields|markierten Felder/)
      }
    }
  })
})

const failed = {
  en: 'This could not be saved just now. Nothing was changed.',
  de: 'Das ließ sich gerade nicht speichern. Es wurde nichts geändert.',
}
const week = { timezone: 'Europe/Berlin', mon_on: 'on', mon_time: '06:00', mon_level: '70' }

test.each<[string, Record<string, unknown>, en: string, de: string]>([
  [
    'is away',
    { kind: 'status', status: 503 },
    'Not confirmed. What you see is what the device says now; please look again in a minute.',
    'Nicht bestätigt. Zu sehen ist, was das Gerät jetzt meldet; bitte in einer Minute noch einmal nachsehen.',
  ],
  [
    'asks for patience',
    { kind: 'rate_limit', retry_after_s: 60 },
    'This could not be saved just now. Nothing was changed.',
    'Das ließ sich gerade nicht speichern. Es wurde nichts geändert.',
  ],
])('while the partner %s no form says that it is saved', async (_, fault, en, de) => {
  const before = [await truth('heat-pumps'), await truth('inverters')]
  for (const [language, words] of [
    ['en', en],
    ['de', de],
  ] as const) {
    await house.fault({ ...fault, match: { method: 'PUT' } })
    const pages = [
      await send(
        await path('heat-pumps'),
        { group: 'optimization', is_smart_optimization_active: 'off' },
        language,
      ),
      await send(await path('heat-pumps'), { group: 'comfort', dhw_standard_temperature: '47' }, language),
      await send(await path('inverters'), { group: 'plant', solar_power_rating_kw: '7' }, language),
      await send('/settings/charging', { mode: 'none' }, language),
      await send(await path('electric-vehicles', '/plan?/save'), week, language),
    ]
    for (const page of pages) {
      expect(page.text).toContain(words)
      expect(page.text).not.toMatch(/Saved\.|Gespeichert\./)
    }
    await house.control('DELETE', '/faults')
    await house.time.advance(120_000)
  }
  const settable = ['is_smart_optimization_active', 'dhw_standard_temperature', 'solar_power_rating_kw']
  for (const [n, type] of (['heat-pumps', 'inverters'] as const).entries())
    for (const name of settable) expect((await truth(type))[name]).toEqual(before[n]?.[name])
})

describe.each(languages)('in %s what was typed stands there still when the partner', (language) => {
  const typed = { mode: 'hems', hems_start_threshold_w: '4100', hems_stop_threshold_w: '900' }
  test.each<[string, Record<string, unknown>, said: Record<Language, string>]>([
    [
      'cannot be reached any more',
      { kind: 'status', status: 503 },
      {
        en: 'Not confirmed. What you typed is still here; please look again in a minute.',
        de: 'Nicht bestätigt. Was du eingegeben hast, steht noch hier; bitte in einer Minute noch einmal nachsehen.',
      },
    ],
    ['asks for patience', { kind: 'rate_limit', retry_after_s: 60 }, failed],
  ])('%s', async (_, fault, said) => {
    await house.fault(fault)
    const to = await path('electric-vehicles', '/plan?/save')
    const plan = await send(to, { ...week, mon_level: '71' }, language)
    expect([valueOf(plan, 'mon_time'), valueOf(plan, 'mon_level')]).toEqual(['06:00', '71'])
    expect(valueOf(plan, 'timezone')).toBe('Europe/Berlin')
    const mode = await send('/settings/charging', typed, language)
    expect(/<input[^>]*value="hems"[^>]*>/.exec(mode.html)?.[0]).toContain('checked')
    expect(valueOf(mode, 'hems_start_threshold_w')).toBe('4100')
    // Nobody knows what is locked, so nothing is said to be.
    expect(mode.text).not.toMatch(/Not yet possible|Noch nicht möglich/)
    expect(plan.text).toContain(said[language])
    // Its bounds have to be read before anything is sent.
    expect(mode.text).toContain(failed[language])
  })
})

test('comfort limits and hot water are there where the account has them, and absent where not', async () => {
  const fields = [
    'minimum_temperature_limit',
    'maximum_temperature_limit',
    'dhw_standard_temperature',
    'minimum_dhw_temperature_limit',
  ]
  const names = async () => {
    const { html } = await pageOf(house, person, await path('heat-pumps'))
    return fields.filter((name) => html.includes(`name="${name}"`))
  }
  expect(await names()).toEqual(fields)
  await house.control('POST', '/homes/full/devices/heat-pumps', { omit: fields.slice(1) })
  await house.time.advance(90_000)
  expect(await names()).toEqual(['minimum_temperature_limit'])
  await house.control('POST', '/homes/full/devices/heat-pumps', { omit: fields })
  await house.time.advance(90_000)
  const { text } = await pageOf(house, person, await path('heat-pumps'), 'de')
  expect(text).not.toContain('Raum, mindestens')
  expect(text).toContain('Niedrig Komfort zuerst')
  const refused = await send(await path('heat-pumps'), { group: 'comfort', [fields[0] ?? '']: '20' }, 'de')
  expect(refused.text).not.toContain('Gespeichert.')
  await house.control('POST', '/homes/full/devices/heat-pumps', { clear: true })
})

describe('a charging mode that is locked says what would unlock it', () => {
  const page = async (locked: unknown, available: string[], language: Language) => {
    await house.control('DELETE', '/faults')
    await house.fault({
      kind: 'status',
      status: 200,
      body: {
        mode: 'spot',
        available_modes: available,
        locked_modes: locked,
        hems_start_threshold_w: null,
        hems_stop_threshold_w: null,
        devices: [],
        is_solar_charging: null,
      },
      match: { method: 'GET', path: '/charging-config' },
    })
    return pageOf(house, person, '/settings/charging', language)
  }

  test.each([
    ['no_ev', 'Connect an electric vehicle.', 'Verbinde ein Elektroauto.'],
    ['no_battery_capacity', 'The size of the car’s battery is missing.', 'Die Größe der Autobatterie fehlt.'],
    [
      'no_actuator',
      'Connect a car or a wallbox that can be switched from afar.',
      'Verbinde ein Auto oder eine Wallbox, die sich aus der Ferne schalten lässt.',
    ],
    [
      'wallbox_not_modulating',
      'The wallbox cannot change its power step by step',
      'Die Wallbox kann ihre Leistung nicht stufenweise ändern',
    ],
    ['no_inverter', 'Connect an inverter.', 'Verbinde einen Wechselrichter.'],
    [
      'inverter_no_export_data',
      'The inverter does not tell how much goes to the grid.',
      'Der Wechselrichter meldet nicht, wie viel ins Netz geht.',
    ],
    ['of_tomorrow', 'This is not available in your home yet.', 'Das gibt es in deinem Zuhause noch nicht.'],
  ])('%s', async (reason, en, de) => {
    const locked = [
      { mode: 'hems', reasons: [reason] },
      { mode: 'hems_and_spot', reasons: ['no_inverter'] },
    ]
    for (const [language, sentence, other] of [
      ['en', en, 'Connect an inverter.'],
      ['de', de, 'Verbinde einen Wechselrichter.'],
    ] as const) {
      const { text } = await page(locked, ['none', 'spot'], language)
      expect(text).toContain(sentence)
      // A reason that nobody knows takes no other with it.
      expect(text).toContain(other)
    }
  })

  test('a mode of tomorrow locks none of today’s', async () => {
    const { html } = await page([], ['none', 'spot', 'hems', 'by_the_moon'], 'en')
    const input = (mode: string) => new RegExp(`<input[^>]*value="${mode}"[^>]*>`).exec(html)?.[0]
    expect(input('hems')).not.toContain('disabled')
    expect(input('hems_and_spot')).toContain('disabled')
  })
})
