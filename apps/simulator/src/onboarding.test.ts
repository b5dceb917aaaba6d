import {
  AuthSession,
  ElectricVehicle,
  HeatPump,
  OnboardingSession,
  WallboxClaimStatus,
  WallboxClaimToken,
} from '@homewatt/contract'
import * as v from 'valibot'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDoor, type Door, type Loose } from './testing.ts'

let door: Door
beforeEach(async () => {
  door = await openDoor()
})
afterEach(() => door.close())

const urls = { success_url: 'https://partner.example.com/ok', cancel_url: 'https://partner.example.com/no' }
const userOf = async (home: string) => (await door.devices(home, '')).split('/').at(-2) ?? ''

async function begin(home: string, wishes: Record<string, unknown> = {}) {
  const { status, body } = await door.api('POST', '/device-onboarding', {
    user_id: await userOf(home),
    ...urls,
    language: 'en',
    price_zone_default: 'AT',
    ...wishes,
  })
  return { status, body }
}

const submit = (fields: Record<string, string>) =>
  fetch(`${door.url}/connect`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

/** Signs in at a manufacturer. */
const signIn = (session: Loose, type: string, maker: string, password = 'secret') =>
  submit({ onboarding_session_id: session.id, type, maker, password, decision: 'sign-in' })

const allow = (session: Loose, type: string, maker: string) =>
  submit({ onboarding_session_id: session.id, type, maker, decision: 'allow' })

describe('an onboarding session', () => {
  test('says where to send the user, and until when', async () => {
    const { status, body } = await begin('empty', { device_type: 'ev' })
    expect(status).toBe(200)
    expect(v.parse(OnboardingSession, body)).toMatchObject({
      user: await userOf('empty'),
      ...urls,
      object_id: null,
      expiration_date: '2026-06-18',
      device_type: 'ev',
      authentication_url: `${door.url}/connect?onboarding_session_id=${body.id}`,
    })
    expect((await door.api('GET', `/device-onboarding/${body.id}`)).body).toEqual(body)
  })

  test.each([
    ['an unknown user', { user_id: '497f6eca-6276-4993-bfeb-53cbbbba6f08' }, 'user_id'],
    ['the price zone of the guides', { price_zone_default: 'DE' }, 'price_zone_default'],
    ['the language of a guide', { language: 'fr' }, 'language'],
    ['an address that is none', { success_url: 'here' }, 'success_url'],
    ['a foreign building', { building_id: '94964bf8-4ec9-4f3f-b10e-0fe21980279e' }, 'building_id'],
  ])('with %s is refused', async (_, wishes, field) => {
    const { status, body } = await begin('empty', wishes)
    expect(status).toBe(422)
    expect(body.detail[0].loc).toEqual(['body', field])
  })

  test('ends in a living device of the home', async () => {
    const { body: session } = await begin('empty', { is_smart_optimization_active_default: true })
    const signedIn = await signIn(session, 'ev', 'Tesla')
    expect(signedIn.status).toBe(303)
    const done = await allow(session, 'ev', 'Tesla')
    expect(done.headers.get('location')).toBe(urls.success_url)

    const { body } = await door.api('GET', await door.devices('empty', 'electric-vehicles'))
    expect(body).toHaveLength(1)
    expect(v.parse(ElectricVehicle, body[0])).toMatchObject({
      is_authenticated: true,
      is_smart_optimization_active: true,
      current_state_last_updated_at: null,
      price_zone: 'AT',
      building: null,
    })
    expect((await door.api('GET', `/device-onboarding/${session.id}`)).body.object_id).toBe(body[0].id)

    door.clock.advance(10)
    const first = await door.device('empty', 'electric-vehicles')
    expect(first.current_state_last_updated_at).not.toBeNull()
    expect(first.battery_level).toBeGreaterThan(0)
    door.clock.advance(9 * 3600)
    const later = await door.device('empty', 'electric-vehicles')
    expect(door.clock.nowMs() - Date.parse(later.current_state_last_updated_at)).toBeLessThan(20 * 60_000)
  })

  test('puts the device into the building it named, beside what is there', async () => {
    const [building] = (await door.api('GET', await door.devices('solar', 'buildings'))).body
    const { body: session } = await begin('solar', { building_id: building.id, device_type: 'hp' })
    await signIn(session, 'hp', 'Nibe')
    await allow(session, 'hp', 'Nibe')
    door.clock.advance(3600)
    const pump = await door.device('solar', 'heat-pumps')
    expect(v.parse(HeatPump, pump).building).toBe(building.id)
    const inverter = await door.device('solar', 'inverters')
    expect(inverter.household_consumption_w).toBeGreaterThanOrEqual(pump.current_power_consumption_w)
  })

  test('gives no device without consent, however the page is bent', async () => {
    const { body: session } = await begin('empty')
    const skipped = await allow(session, 'ev', 'Tesla')
    expect(skipped.headers.get('location')).toContain('/connect?')
    await signIn(session, 'ev', 'Tesla')
    const swapped = await allow(session, 'ev', 'Hyundai')
    expect(swapped.headers.get('location')).toContain('/connect?')
    expect((await door.api('GET', await door.devices('empty', 'electric-vehicles'))).body).toEqual([])
  })

  test('may be cancelled or fail, and be tried again', async () => {
    const { body: session } = await begin('empty')
    const cancelled = await submit({ onboarding_session_id: session.id, decision: 'cancel' })
    expect(cancelled.headers.get('location')).toBe(urls.cancel_url)
    const failed = await signIn(session, 'iv', 'SMA', 'fail')
    expect(failed.headers.get('location')).toBe(urls.cancel_url)
    const refused = await signIn(session, 'iv', 'SMA', 'wrong')
    expect(refused.status).toBe(401)
    expect(await refused.text()).toContain('E-mail or password is wrong.')
    await signIn(session, 'iv', 'SMA')
    expect((await allow(session, 'iv', 'SMA')).headers.get('location')).toBe(urls.success_url)
  })

  test('is used up by success, and ends with the next day', async () => {
    const { body: used } = await begin('empty', { device_type: 'iv' })
    await signIn(used, 'iv', 'SMA')
    await allow(used, 'iv', 'SMA')
    expect((await fetch(used.authentication_url)).status).toBe(410)
    const { body: old } = await begin('empty')
    door.clock.advance(38 * 3600 - 1)
    expect((await fetch(old.authentication_url)).status).toBe(200)
    door.clock.advance(1)
    expect((await fetch(old.authentication_url)).status).toBe(410)
  })

  test('speaks German when asked', async () => {
    const { body: session } = await begin('empty', { language: 'de' })
    const html = await (await fetch(session.authentication_url)).text()
    expect(html).toContain('<html lang="de">')
    expect(html).toContain('Wärmepumpe')
  })
})

describe('a wallbox', () => {
  const mint = async (home = 'empty') =>
    door.api('POST', `${await door.devices(home, 'wallboxes')}/claim-tokens`)
  const status = (session: Loose, token: string) =>
    fetch(
      `${door.url}/api/partners/v2.0/device-onboarding/${session.id}/wallbox-claim-tokens/${token}/status`,
    )

  test('is claimed by the token that its user was given, once', async () => {
    const { status: code, body } = await mint()
    expect(code).toBe(201)
    const { token, wss_url } = v.parse(WallboxClaimToken, body)
    expect(wss_url).toMatch(/^wss?:\/\/.*\/ocpp\//)
    const { body: session } = await begin('empty', { device_type: 'wb' })
    const before = v.parse(WallboxClaimStatus, await (await status(session, token)).json())
    expect(before).toMatchObject({ claimed: false, wallbox_id: null })

    const charger = { token, manufacturer: 'Keba', model: 'KeContact P40', firmware_version: '1.2.3' }
    const { wallbox_id } = (await door.control('POST', '/claims', charger)).body
    expect(await (await status(session, token)).json()).toEqual({
      claimed: true,
      wallbox_id,
      manufacturer: 'Keba',
      model: 'KeContact P40',
      firmware_version: '1.2.3',
    })
    expect((await door.control('POST', '/claims', charger)).status).toBe(422)
    door.clock.advance(10)
    expect(await door.device('empty', 'wallboxes')).toMatchObject({
      id: wallbox_id,
      connection: 'online',
      is_ocpp_connected: true,
    })
  })

  test('cannot be claimed by an old token, nor watched through another session', async () => {
    const { token } = (await mint()).body
    const { body: foreign } = await begin('solar')
    expect((await status(foreign, token)).status).toBe(404)
    expect((await status({ id: 'nowhere' }, token)).status).toBe(404)
    door.clock.advance(86_400)
    expect((await door.control('POST', '/claims', { token })).status).toBe(422)
  })

  test('can be connected from the Connect page', async () => {
    const { body: session } = await begin('empty', { device_type: 'wb' })
    const html = await (await fetch(session.authentication_url)).text()
    const token = /\/ocpp\/(\w+)/.exec(html)?.[1] ?? ''
    const check = () => submit({ onboarding_session_id: session.id, decision: 'check' })
    expect(await (await check()).text()).toContain('has not called yet')
    await door.control('POST', '/claims', { token })
    expect((await check()).headers.get('location')).toBe(urls.success_url)
  })
})

describe('a device registered by its data', () => {
  const register = async (type: string, body: unknown) =>
    door.api('POST', await door.devices('empty', type), body)

  test.each(['heat-pumps', 'electric-vehicles', 'inverters'])(
    'of %s waits for its user, who connects it by its link',
    async (type) => {
      const { status, body } = await register(type, {
        device_model: { manufacturer: 'Acme', model: 'One', year: 2024 },
        is_smart_optimization_active: true,
        comment: 'by hand',
      })
      expect(status).toBe(200)
      expect(body).toMatchObject({
        device_model: { manufacturer: 'Acme', model: 'One', year: 2024 },
        is_smart_optimization_active: true,
        comment: 'by hand',
        is_authenticated: false,
        action_needed: true,
        current_state_last_updated_at: null,
      })
      expect(body.actions).toHaveLength(1)
      await fetch(body.authorization_url, {
        method: 'POST',
        body: new URLSearchParams({ decision: 'allow', password: 'x' }),
      })
      door.clock.advance(10)
      const connected = await door.device('empty', type)
      expect(connected).toMatchObject({
        is_authenticated: true,
        action_needed: false,
        authorization_url: null,
      })
      expect(connected.current_state_last_updated_at).not.toBeNull()
    },
  )

  test('is as large as told, and refused where that makes no sense', async () => {
    const { body } = await register('inverters', {
      solar_power_rating_kw: 12,
      is_battery_connected: true,
      battery_capacity_kwh: 7.5,
    })
    expect(body).toMatchObject({ solar_power_rating_kw: 12, battery_capacity_kwh: 7.5 })
    expect((await register('inverters', { is_battery_connected: true })).status).toBe(422)
    expect((await register('inverters', { min_battery_charge: 90, max_battery_charge: 20 })).status).toBe(422)
    expect((await register('heat-pumps', { price_zone: 'DE' })).status).toBe(422)
    expect((await door.api('GET', await door.devices('empty', 'inverters'))).body).toHaveLength(1)
  })

  test('can be one of several', async () => {
    for (let i = 0; i < 3; i++) await register('electric-vehicles', {})
    const { body } = await door.api('GET', await door.devices('empty', 'electric-vehicles'))
    expect(new Set(body.map((d: Loose) => d.id)).size).toBe(3)
  })
})

describe('auth_session', () => {
  test.each([
    ['full', 'heat-pumps'],
    ['reconnect', 'electric-vehicles'],
    ['full', 'inverters'],
  ])('of the home %s brings its %s back', async (home, type) => {
    if (home === 'full') await door.control('POST', `/homes/full/devices/${type}`, { authenticated: false })
    const path = await door.path(home, type)
    const { status, body } = await door.api('POST', `${path}/auth_session`, urls)
    expect(status).toBe(200)
    const { authentication_url, device_id } = v.parse(AuthSession, body)
    expect(device_id).toBe(path.split('/').at(-1))
    const sent = await fetch(authentication_url ?? '', {
      method: 'POST',
      body: new URLSearchParams({ decision: 'allow' }),
      redirect: 'manual',
    })
    expect(sent.headers.get('location')).toBe(urls.success_url)
    expect(await door.device(home, type)).toMatchObject({ is_authenticated: true, actions: [] })
    expect((await fetch(authentication_url ?? '')).status).toBe(410)
  })

  test('may be cancelled, and needs no addresses', async () => {
    const path = await door.path('reconnect', 'electric-vehicles')
    const { body } = await door.api('POST', `${path}/auth_session`)
    const sent = await fetch(body.authentication_url, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'cancel' }),
    })
    expect(await sent.text()).toContain('still not connected')
    expect((await door.device('reconnect', 'electric-vehicles')).is_authenticated).toBe(false)
  })
})

test('a device that joins others begins with a charge and a past of its own', async () => {
  const { body: first } = await begin('empty', { device_type: 'hp' })
  await signIn(first, 'hp', 'Nibe')
  await allow(first, 'hp', 'Nibe')
  door.clock.advance(3600)
  const { body: second } = await begin('empty', { device_type: 'ev' })
  await signIn(second, 'ev', 'Tesla')
  await allow(second, 'ev', 'Tesla')
  door.clock.advance(10)
  const vehicle = await door.device('empty', 'electric-vehicles')
  expect(vehicle.battery_level).toBeGreaterThan(30)
  expect(vehicle.is_plugged_in).toBe(true)
  const path = await door.path('empty', 'electric-vehicles')
  const { body } = await door.api('GET', `${path}/sessions/current`)
  expect(Date.parse(body.session.plug_in_time)).toBeGreaterThanOrEqual(
    Date.parse(vehicle.created_at) - 60_000,
  )
})
