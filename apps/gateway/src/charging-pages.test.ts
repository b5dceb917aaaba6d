import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { expectShown, pageOf, postFormInTime, webBuild, type Language } from './page.test-support.ts'

/** What a household reads at the button that charges now: of a wallbox, which can be stopped, and of a car, which cannot. */

let house: House
let person: Person
beforeAll(async () => {
  house = await openHouse({ webBuild })
  person = await house.signIn('full')
  await person.stream()
})
beforeEach(async () => {
  await house.control('DELETE', '/faults')
  await house.control('POST', '/homes/full/devices/wallboxes', chargeable)
  await house.time.advance(90_000)
})
afterAll(() => house.close())

type Charger = 'wallboxes' | 'electric-vehicles'
const chargeable = { boost: 'none', boost_armed: false, plugged_in: true, level: 40, charge_plan: 'wait' }
const unplugged = { boost: 'none', plugged_in: false }
const both = (en: string, de: string) =>
  [
    ['en', en],
    ['de', de],
  ] as const

async function press(action: 'boost' | 'cancelBoost', type: Charger, language: Language) {
  const id = await person.deviceId(type)
  return postFormInTime(house, person, `/${type}/${id}?/${action}`, { type, id }, language)
}
const pathOf = async (type: Charger) => `/${type}/${await person.deviceId(type)}`
const truth = async (type: Charger) =>
  (await house.control('GET', `/homes/full/devices/${type}`)) as Record<string, unknown>
async function move(type: Charger, change: Record<string, unknown>) {
  await house.control('POST', `/homes/full/devices/${type}`, change)
  await house.time.advance(90_000)
}

describe('a wallbox that does not begin says why, and stays as it was', () => {
  test.each([
    ['already_charging', 'The vehicle is already charging.', 'Das Auto lädt bereits.'],
    ['fully_charged', 'The vehicle is full.', 'Das Auto ist voll.'],
    [
      'internal_error',
      'Charging could not be started. Please try again in a few minutes.',
      'Das Laden konnte nicht gestartet werden. Versuch es in ein paar Minuten noch einmal.',
    ],
    ['of_tomorrow', 'Charging could not be started.', 'Das Laden konnte nicht gestartet werden.'],
  ])('%s', async (reason, en, de) => {
    const body = { reason, state: 'available' }
    await house.fault({ kind: 'status', status: 409, body, match: { method: 'POST', path: '/boost' } })
    for (const [language, words] of both(en, de)) {
      const { text, signs } = await press('boost', 'wallboxes', language)
      expect(text).toContain(words)
      expect(signs).toContain(language === 'en' ? 'Charge Now' : 'Jetzt laden')
      await house.time.advance(61_000)
    }
    expect((await truth('wallboxes'))['boost_state']).toBe('available')
  })
})

test('a boost of a wallbox is stopped, and a partner that fails in the middle is told and stops nothing', async () => {
  for (const [language, words] of both(
    'That did not work. Please try again in a moment.',
    'Das hat nicht geklappt. Bitte gleich noch einmal versuchen.',
  )) {
    await move('wallboxes', { boost: 'ongoing' })
    await house.fault({ kind: 'rate_limit', retry_after_s: 30, match: { method: 'DELETE' } })
    const failed = await press('cancelBoost', 'wallboxes', language)
    expect(failed.text).toContain(words)
    expect(failed.signs).toContain(language === 'en' ? 'Stop boost' : 'Boost stoppen')
    await house.control('DELETE', '/faults')
    await house.time.advance(90_000)
    const stopped = await press('cancelBoost', 'wallboxes', language)
    expect(stopped.text).toContain(
      language === 'en' ? 'The boost is being stopped.' : 'Der Boost wird gestoppt.',
    )
    await house.time.advance(90_000)
    const after = await pageOf(house, person, await pathOf('wallboxes'), language)
    expect(after.signs).toContain(language === 'en' ? 'Charge Now' : 'Jetzt laden')
  }
})

test('before the tap it is said whether it can be stopped', async () => {
  await expectShown(
    house,
    person,
    { en: ['You can stop the boost at any time.'], de: ['Du kannst den Boost jederzeit stoppen.'] },
    await pathOf('wallboxes'),
  )
  await expectShown(
    house,
    person,
    {
      en: ['A boost cannot be stopped here. Unplug the car to end it.'],
      de: ['Ein Boost lässt sich hier nicht stoppen. Zieh das Ladekabel ab, um ihn zu beenden.'],
    },
    await pathOf('electric-vehicles'),
  )
})

describe.each(['electric-vehicles', 'wallboxes'] as const)('the next plug-in of %s', (type) => {
  const words = {
    en: { offer: 'Charge at next plug-in', armed: 'Charges as soon as you plug in', undo: 'Undo' },
    de: { offer: 'Beim nächsten Anstecken laden', armed: 'Lädt, sobald du ansteckst', undo: 'Rückgängig' },
  }

  test.each(['en', 'de'] as const)('is armed, and is not once that is undone, in %s', async (language) => {
    const { offer, armed, undo } = words[language]
    await move(type, unplugged)
    expect((await pageOf(house, person, await pathOf(type), language)).signs).toContain(offer)
    const page = await press('boost', type, language)
    expect(page.text).toContain(armed)
    expect(page.signs).toContain(undo)
    expect((await truth(type))['boost_for_next_session']).toBe(true)
    const undone = await press('cancelBoost', type, language)
    expect(undone.signs).toContain(offer)
    expect((await truth(type))['boost_for_next_session']).toBe(false)
  })

  test.each(['en', 'de'] as const)('is not called armed while the partner fails, in %s', async (language) => {
    await move(type, unplugged)
    await house.fault({ kind: 'status', status: 503, match: { method: 'POST', path: '/boost' } })
    const { text, signs } = await press('boost', type, language)
    expect(text).not.toContain(words[language].armed)
    expect(text).toContain(
      language === 'en' ? 'Sent, but not confirmed yet.' : 'Gesendet, aber noch nicht bestätigt.',
    )
    expect(signs).toContain(words[language].offer)
  })
})

test('whether a car will be ready is said on its card and its page, however bad the news', async () => {
  // It is noon in Berlin.
  const due = {
    is_charge_policy_enabled: true,
    charge_deadline_at: '19:00',
    minimum_charge_limit: 80,
    is_smart_optimization_active: true,
  }
  const size = { battery_capacity_kwh: 50, charge_target_max: 90 }
  const rows: [change: Record<string, unknown>, en: string, de: string][] = [
    [
      { plugged_in: true, level: 85, settings: due, set: size },
      'The level is reached',
      'Der Ladestand ist erreicht',
    ],
    [
      {
        plugged_in: true,
        level: 40,
        charge_plan: 'wait',
        settings: due,
        set: { ...size, charge_target_max: 70 },
      },
      'Will not be ready: the limit set at the manufacturer is lower',
      'Wird nicht fertig: Die Obergrenze beim Hersteller ist niedriger',
    ],
    [
      {
        plugged_in: true,
        level: 40,
        charge_plan: 'wait',
        settings: due,
        set: { ...size, is_pause_power_active: true, pause_power_until: '2026-06-21T20:00:00Z' },
      },
      'Will not be ready: charging is paused until after that',
      'Wird nicht fertig: Das Laden pausiert bis danach',
    ],
    [
      {
        plugged_in: true,
        level: 40,
        charge_plan: 'wait',
        settings: { ...due, is_smart_optimization_active: false },
        set: size,
      },
      'Smart optimization is off, so nobody sees to it',
      'Die Optimierung ist aus, darum sorgt niemand dafür',
    ],
  ]
  for (const [change, en, de] of rows) {
    await move('electric-vehicles', {
      unset: [...Object.keys(size), 'is_pause_power_active', 'pause_power_until'],
    })
    await move('electric-vehicles', change)
    for (const path of ['/', await pathOf('electric-vehicles')])
      await expectShown(house, person, { en: [en], de: [de] }, path)
  }
  await house.control('POST', '/homes/full/devices/electric-vehicles', { clear: true })
})
