import { render } from 'svelte/server'
import { formatter, homeView } from '@homewatt/display'
import ChargeControl from '../../../packages/ui/src/ChargeControl.svelte'
import { words as en } from '../../../packages/ui/src/words/en.ts'
import { words as de } from '../../../packages/ui/src/words/de.ts'
import InSurroundings from '../../../packages/ui/src/testing/InSurroundings.svelte'
import { afterEach, beforeEach, expect } from 'vitest'
import type { FaultProxy } from './fault-proxy.test-support.ts'
import { faultRow } from './fault-row.test-support.ts'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { expectShown, pageOf, postForm, webBuild, type Language } from './page.test-support.ts'

/** What people tell their devices, and what becomes of it when the partner refuses, dawdles or is not heard. */

let house: House
let proxy: FaultProxy
beforeEach(async () => {
  house = await openHouse({ webBuild, proxied: true })
  proxy = house.proxy as FaultProxy
})
afterEach(() => house.close())

const minutes = (n: number) => n * 60_000
const BOOST = { method: 'POST', path: /\/boost$/ }
const languages = ['en', 'de'] as const

/** Somebody in front of a car that could be charged now. */
async function carReady(): Promise<{ person: Person; id: string; path: string }> {
  const person = await house.signIn('car')
  const id = await person.deviceId('electric-vehicles')
  await house.control('POST', `/homes/car/devices/${id}`, {
    plugged_in: true,
    level: 40,
    charge_plan: 'wait',
  })
  await person.stream()
  await house.time.advance(35_000)
  return { person, id, path: `/electric-vehicles/${id}` }
}

/** Presses the button of the page, without script, and lets time pass until the answer is there. */
async function press(person: Person, id: string, language: Language = 'en') {
  const pressing = postForm(
    house,
    person,
    `/electric-vehicles/${id}?/boost`,
    { type: 'electric-vehicles', id },
    language,
  )
  let isThere = false
  void pressing.finally(() => (isThere = true))
  for (let waitedMs = 0; !isThere && waitedMs < 12_000; waitedMs += 500) await house.time.advance(500)
  return pressing
}

const boosts = () =>
  proxy.requests.filter((line) => line.startsWith('POST') && line.endsWith('/boost')).length

const stateOf = async (person: Person) => {
  const [vehicle] = (await person.home()).groups['electric-vehicles'].devices
  return vehicle?.boost_state
}

/** The control of the page while its form is on its way, as the script of the page shows it. */
async function busyControl(person: Person, id: string, language: Language): Promise<string> {
  const snapshot = await person.home()
  const now = new Date(snapshot.at)
  const view = homeView(snapshot, now).vehicles.find((one) => one.id === id)
  const surroundings = {
    words: language === 'en' ? en : de,
    format: formatter(language === 'en' ? 'en-GB' : 'de-DE', 'Europe/Berlin'),
    now,
    support: { name: 'Homewatt', email: null, url: null },
    switchedOff: [],
    hrefOf: () => '/',
    enhance: () => {},
    isBusy: () => true,
    outcomeOf: () => null,
  }
  const { body } = render(InSurroundings, {
    props: { component: ChargeControl, props: { view }, surroundings },
  })
  return body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
}

faultRow('F6', async ({ row, sees, does, never }) => {
  const { person, id } = await carReady()
  const reasons = ['already_charging', 'fully_charged', 'no_active_session', 'internal_error', 'of_tomorrow']
  for (const language of languages)
    for (const [n, reason] of reasons.entries()) {
      await house.control('DELETE', '/faults')
      await house.fault({
        kind: 'status',
        status: 409,
        body: { reason, state: 'available' },
        match: { method: 'POST', path: '/boost' },
      })
      proxy.requests.length = 0
      const page = await press(person, id, language)
      await sees(() => expect(page.text).toContain(row.sees?.[language][n]))
      await does(() => {
        expect(boosts()).toBe(1)
        expect(proxy.requests.filter((line) => line.endsWith(`/electric-vehicles/${id}`))).toHaveLength(1)
      })
      await never(async () => {
        expect(await stateOf(person)).not.toBe('requested')
        expect(page.text).not.toMatch(/Starting…|Startet …|of_tomorrow/)
      })
      await house.time.advance(61_000)
    }
  await never(() => expect(house.logged()).not.toContain('partner_blocked'))
})

faultRow('F7', async ({ row, sees, does, never }) => {
  const person = await house.signIn('full')
  const id = await person.deviceId('inverters')
  const before = (await person.home()).groups.inverters.devices[0]
  await house.fault({
    kind: 'status',
    status: 422,
    body: {
      detail: [{ type: 'x', loc: ['body', 'min_battery_charge'], msg: '<b>canary of the partner</b>' }],
    },
    match: { method: 'PUT' },
  })
  for (const language of languages) {
    proxy.requests.length = 0
    const page = await postForm(
      house,
      person,
      `/inverters/${id}/settings`,
      { group: 'battery', min_battery_charge: '33', max_battery_charge: '90' },
      language,
    )
    await sees(() => {
      for (const phrase of row.sees?.[language] ?? []) expect(page.text).toContain(phrase)
    })
    await does(() => {
      const [field] = /<input[^>]*name="min_battery_charge"[^>]*>/.exec(page.html) ?? []
      expect(field).toContain('aria-invalid="true"')
      expect(proxy.requests.filter((line) => line.startsWith('PUT'))).toHaveLength(1)
    })
    await never(async () => {
      expect(page.html).not.toContain('canary')
      const [inverter] = (await person.home()).groups.inverters.devices
      expect(inverter?.min_battery_charge).toBe(before?.min_battery_charge)
    })
  }
})

faultRow('F11', async ({ row, sees, does, never }) => {
  const person = await house.signIn('full')
  const id = await person.deviceId('heat-pumps')
  await person.stream()
  const puts = () => proxy.requests.filter((line) => line.startsWith('PUT')).length
  const save = async (level: string, language: Language = 'en') => {
    proxy.requests.length = 0
    const saving = postForm(
      house,
      person,
      `/heat-pumps/${id}/settings`,
      { group: 'level', optimization_level: level },
      language,
    )
    let isThere = false
    void saving.finally(() => (isThere = true))
    for (let waitedMs = 0; !isThere && waitedMs < 12_000; waitedMs += 500) await house.time.advance(500)
    return saving
  }
  const truth = async () => {
    const device = (await house.control('GET', `/homes/full/devices/${id}`)) as Record<string, unknown>
    return device['optimization_level']
  }

  // Done, although the answer was lost: reading shows it.
  proxy.fault({ kind: 'lost_after', match: { method: 'PUT' }, count: 1 })
  const done = await save('Low')
  await does(async () => {
    expect(done.text).toContain('Saved.')
    expect(puts()).toBe(1)
    expect(await truth()).toBe('Low')
  })
  // Not done: reading shows that too, and it is sent once more.
  proxy.clear()
  proxy.fault({ kind: 'lost_before', match: { method: 'PUT' }, count: 1 })
  const again = await save('Max')
  await does(async () => {
    expect(again.text).toContain('Saved.')
    expect(puts()).toBe(2)
    expect(await truth()).toBe('Max')
  })
  // Not done, and nobody can say.
  proxy.clear()
  for (const language of languages) {
    await house.control('DELETE', '/faults')
    await house.fault({ kind: 'status', status: 503, match: { method: 'PUT' } })
    const refused = await save('Low', language)
    await sees(() => expect(refused.text).toContain(row.sees?.[language][0]))
    await never(async () => {
      expect(refused.text).not.toMatch(/Saved\.|Gespeichert\./)
      expect(puts()).toBeLessThanOrEqual(2)
      expect(await truth()).toBe('Max')
      const [device] = (await person.home()).groups['heat-pumps'].devices
      expect(device?.optimization_level).toBe('Max')
    })
  }
})

faultRow('F12', async ({ row, sees, does, never }) => {
  const { person, id, path } = await carReady()
  proxy.requests.length = 0
  proxy.fault({ kind: 'lost_after', match: BOOST, count: 1 })
  const done = await press(person, id)
  await does(async () => {
    expect(await stateOf(person)).toBe('requested')
    expect(done.text).toContain('Starting…')
  })
  await never(() => expect(boosts()).toBe(1))
  await house.control('POST', `/homes/car/devices/${id}`, { plugged_in: false })
  await house.time.advance(minutes(2))
  await house.control('POST', `/homes/car/devices/${id}`, {
    plugged_in: true,
    level: 40,
    charge_plan: 'wait',
  })
  await house.time.advance(minutes(1))

  for (const language of languages) {
    proxy.clear()
    proxy.fault({ kind: 'lost_before', match: BOOST })
    proxy.requests.length = 0
    await sees(async () => expect(await busyControl(person, id, language)).toContain(row.sees?.[language][0]))
    const lost = await press(person, id, language)
    await sees(() => expect(lost.text).toContain(row.sees?.[language][1]))
    await does(() =>
      expect(proxy.requests.filter((line) => line.startsWith('GET')).length).toBeGreaterThan(1),
    )
    await never(async () => {
      expect(boosts()).toBe(1)
      expect(await stateOf(person)).toBe('available')
    })
    await house.time.advance(12_000)
  }
  // After a doubt, “already charging” is what was wanted.
  await house.fault({
    kind: 'status',
    status: 409,
    body: { reason: 'already_charging', state: 'ongoing' },
    match: { method: 'POST', path: '/boost' },
  })
  proxy.clear()
  await does(async () => {
    const answer = await person.send('POST', `/api/devices${path}/boost`)
    expect(await answer.json()).toEqual({ outcome: 'requested' })
  })
})

faultRow('F39', async ({ row, sees, does, never }) => {
  const { person, id, path } = await carReady()
  await house.fault({ kind: 'boost_slow', after_s: 36_000 })
  await person.send('POST', `/api/devices${path}/boost`)
  const asked = async (ms: number) => {
    proxy.requests.length = 0
    await house.time.advance(ms)
    return proxy.requests.filter((line) => line.endsWith(`/electric-vehicles/${id}`)).length
  }
  await does(async () => {
    const first = await asked(minutes(2))
    expect(first).toBeGreaterThanOrEqual(30)
    expect(first).toBeLessThanOrEqual(41)
    const then = await asked(minutes(3))
    expect(then).toBeGreaterThanOrEqual(13)
    expect(then).toBeLessThanOrEqual(20)
  })
  await house.time.advance(0)
  await never(async () => {
    await house.time.advance(10_000)
    expect(await asked(minutes(3))).toBe(0)
  })
  // Somebody who comes back later finds it in the same words as somebody who stayed.
  await person.stream()
  await house.control('POST', `/homes/car/devices/${id}`, { set: { boost_state: 'available' } })
  await house.time.advance(35_000)
  await house.control('POST', `/homes/car/devices/${id}`, { set: { boost_state: 'requested' } })
  await house.time.advance(minutes(3))
  await sees(() => expectShown(house, person, row.sees, path))
})

faultRow('F40', async ({ row, sees, does, never }) => {
  const { person, id, path } = await carReady()
  await house.control('POST', `/homes/car/devices/${id}`, { set: { boost_state: 'available' } })
  const page = await press(person, id)
  await never(() => expect(page.signs).not.toContain('Charge Now'))
  await sees(() => expectShown(house, person, row.sees, path))
  await house.time.advance(25_000)
  await sees(() => expectShown(house, person, row.sees, path))
  await does(async () => {
    expect(await stateOf(person)).toBe('requested')
    await house.time.advance(10_000)
    expect(await stateOf(person)).toBe('available')
  })
  await never(() => expect(boosts()).toBe(1))
})

faultRow('F41', async ({ row, sees, does, never }) => {
  const person = await house.signIn('reconnect')
  const id = await person.deviceId('electric-vehicles')
  const real = (await house.control('GET', `/homes/reconnect/devices/${id}`)) as Record<string, unknown>
  const foreign = {
    code: 'reauthenticate',
    resolution_link: 'https://podero.example.net/steal?x=1',
    state: 'open',
  }
  for (const actions of [[], [foreign], [{ code: 'reauthenticate', resolution_link: null, state: 'open' }]]) {
    await house.control('DELETE', '/faults')
    await house.fault({
      kind: 'status',
      status: 200,
      body: { ...real, is_authenticated: false, action_needed: true, actions },
      match: { home: 'reconnect', path: `/electric-vehicles/${id}`, method: 'GET' },
    })
    await house.time.advance(minutes(1))
    await person.send('POST', '/api/refresh')
    await house.time.advance(5_000)
    await sees(() => expectShown(house, person, row.sees))
    await never(async () => {
      for (const page of ['/', `/electric-vehicles/${id}`]) {
        const { html, signs } = await pageOf(house, person, page)
        expect(html).not.toContain('podero.example.net')
        expect(signs).not.toContain('Reconnect')
      }
      const started = await person.send('POST', `/api/devices/electric-vehicles/${id}/actions/0/start`)
      expect([404, 409]).toContain(started.status)
    })
  }
  await does(() => {
    expect(house.logged()).toMatch(/"event":"action_without_link"[^\n]*"kind":"reauthenticate"/)
    expect(house.logged()).not.toContain('example.net')
  })
})

faultRow('F42', async ({ sees, does, never }) => {
  const person = await house.signIn('reconnect')
  const id = await person.deviceId('electric-vehicles')
  await person.stream()
  const before = await pageOf(house, person)
  // The page was opened more than an hour ago, and nobody has looked since.
  await house.control('POST', '/advance', { seconds: 4_000 })
  proxy.requests.length = 0
  const [device] = (await person.home()).groups['electric-vehicles'].devices
  const n = device?.actions?.[0]?.n ?? 0
  const starting = person.send('POST', `/api/devices/electric-vehicles/${id}/actions/${n}/start`)
  await house.time.advance(1_000)
  const started = await starting
  await does(() => {
    expect(started.status).toBe(200)
    expect(
      proxy.requests.filter((line) => line.startsWith('POST /api/partners/v2.0/cues/')).length,
    ).toBeLessThanOrEqual(2)
  })
  const { redirect_url } = (await started.json()) as { redirect_url: string }
  await never(async () => {
    expect((await fetch(redirect_url, { redirect: 'manual' })).status).toBeLessThan(400)
  })
  await sees(async () => expect((await pageOf(house, person)).signs).toEqual(before.signs))
})
