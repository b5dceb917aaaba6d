import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { noon, openDoor, tokenFrom, type Door } from './testing.ts'

let door: Door
beforeEach(async () => {
  door = await openDoor()
})
afterEach(() => door.close())

const change = (body: unknown, home = 'full', type = 'electric-vehicles') =>
  door.control('POST', `/homes/${home}/devices/${type}`, body)

test('lists the homes with their ids', async () => {
  const { body } = await door.control('GET', '/homes')
  expect(body).toHaveLength(8)
  expect(body[0]).toMatchObject({ name: 'full', user_id: expect.any(String) })
  expect(body[0].devices.map((d: { type: string }) => d.type)).toEqual([
    'heat-pumps',
    'electric-vehicles',
    'inverters',
    'wallboxes',
  ])
})

test('pushes the clock, and the devices live through it', async () => {
  const before = await door.device('full', 'inverters')
  await door.control('POST', '/advance', { seconds: 3600 })
  const after = await door.device('full', 'inverters')
  expect(door.clock.nowMs()).toBe(noon.getTime() + 3_600_000)
  const agedMs =
    Date.parse(after.current_state_last_updated_at) - Date.parse(before.current_state_last_updated_at)
  expect(agedMs).toBeGreaterThan(40 * 60_000)
})

describe('a device moved by hand', () => {
  test('reports at once', async () => {
    door.clock.advance(7)
    await change({ plugged_in: true, level: 33, charge_plan: 'wait' })
    expect(await door.device('full', 'electric-vehicles')).toMatchObject({
      is_plugged_in: true,
      battery_level: 33,
      is_charging: false,
      boost_state: 'available',
      current_state_last_updated_at: new Date(noon.getTime() + 7000).toISOString(),
    })
  })

  test('stays where it was put, whatever the diary says', async () => {
    await change({ plugged_in: false })
    await door.control('POST', '/advance', { seconds: 2 * 3600 })
    expect((await door.device('full', 'electric-vehicles')).is_plugged_in).toBe(false)
  })

  test('moves the house around it: a battery filled by hand is full on the wire', async () => {
    await change({ level: 88 }, 'solar', 'inverters')
    expect((await door.device('solar', 'inverters')).battery_charge_level_percent).toBe(88)
  })

  test('can lapse and come back', async () => {
    await change({ authenticated: false }, 'heat', 'heat-pumps')
    expect(await door.device('heat', 'heat-pumps')).toMatchObject({
      is_authenticated: false,
      action_needed: true,
    })
    await change({ authenticated: true }, 'heat', 'heat-pumps')
    expect(await door.device('heat', 'heat-pumps')).toMatchObject({
      is_authenticated: true,
      action_needed: false,
      actions: [],
    })
  })

  test('can ask for things nobody knows', async () => {
    await change({ actions: ['reauthenticate', 'update_firmware'] })
    const { action_needed, actions } = await door.device('full', 'electric-vehicles')
    expect(action_needed).toBe(true)
    expect(actions.map((a: { code: string }) => a.code)).toEqual(['reauthenticate', 'update_firmware'])
  })

  test('takes settings like the household would make them', async () => {
    await change({ settings: { is_smart_optimization_active: false } }, 'heat', 'heat-pumps')
    expect((await door.device('heat', 'heat-pumps')).is_smart_optimization_active).toBe(false)
  })
})

describe('the wire under pins', () => {
  test('says what it is told, until cleared', async () => {
    await change({
      set: { is_plugged_in: 'maybe', charge_rate_w: null, current_mode: 'turbo' },
      omit: ['battery_level'],
    })
    const pinned = await door.device('full', 'electric-vehicles')
    expect(pinned).toMatchObject({ is_plugged_in: 'maybe', charge_rate_w: null, current_mode: 'turbo' })
    expect(pinned).not.toHaveProperty('battery_level')
    await door.control('POST', '/advance', { seconds: 3600 })
    expect((await door.device('full', 'electric-vehicles')).is_plugged_in).toBe('maybe')

    await change({ unset: ['is_plugged_in'] })
    expect(typeof (await door.device('full', 'electric-vehicles')).is_plugged_in).toBe('boolean')
    await change({ clear: true })
    const cleared = await door.device('full', 'electric-vehicles')
    expect(cleared.battery_level).toEqual(expect.any(Number))
    expect(cleared).not.toHaveProperty('current_mode')
  })

  test('is the same in the list', async () => {
    await change({ set: { current_solar_production_w: 6250 } }, 'solar', 'inverters')
    const { body } = await door.api('GET', await door.devices('solar', 'inverters'))
    expect(body[0].current_solar_production_w).toBe(6250)
  })

  test('can be frozen: the clock goes on, the device does not', async () => {
    const before = await door.device('full', 'inverters')
    await change({ freeze: true, report: false }, 'full', 'inverters')
    await door.control('POST', '/advance', { seconds: 7200 })
    expect(await door.device('full', 'inverters')).toEqual(before)
    await change({ freeze: false }, 'full', 'inverters')
    expect((await door.device('full', 'inverters')).current_state_last_updated_at).toBe(
      new Date(door.clock.nowMs()).toISOString(),
    )
  })

  test('can have a last report of any age, or none', async () => {
    await change({ reported_ago_s: 2700 }, 'full', 'inverters')
    expect((await door.device('full', 'inverters')).current_state_last_updated_at).toBe(
      new Date(noon.getTime() - 2_700_000).toISOString(),
    )
    await change({ never_reported: true }, 'full', 'inverters')
    expect((await door.device('full', 'inverters')).current_state_last_updated_at).toBeNull()
  })
})

test('a wrong word is refused by name', async () => {
  const { status, body } = await change({ plugged: true })
  expect(status).toBe(422)
  expect(body.error).toContain('plugged')
})

test('homes take either side of what the documents disagree about', async () => {
  await door.control('POST', '/homes/reconnect', { resolution_link: 'string', owner: 'user_id' })
  const device = await door.device('reconnect', 'electric-vehicles')
  expect(device.actions[0].resolution_link).toMatch(/^http:\/\/localhost:\d+\/connect\/cues\//)
  expect(device).not.toHaveProperty('owner')
  expect(device.user_id).toEqual(expect.any(String))
})

test('counts requests by route, and forgets them', async () => {
  await door.control('DELETE', '/requests')
  const list = await door.devices('full', 'inverters')
  await door.api('GET', list)
  await door.api('GET', list)
  const { body } = await door.control('GET', '/requests')
  expect(body.counts).toEqual({ 'GET /api/partners/v2.0/org/{org_id}/users/{user_id}/inverters': 2 })
  expect(body.log[1]).toMatchObject({ method: 'GET', home: 'full', status: 200, at: noon.toISOString() })
  await door.control('DELETE', '/requests')
  expect((await door.control('GET', '/requests')).body.total).toBe(0)
})

describe('faults', () => {
  const raw = async (path: string) => {
    const token = await tokenFrom(door.url)
    return fetch(`${door.url}/api/partners/v2.0${path}`, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'manual',
    })
  }
  const strike = async (fault: unknown, path: string) => {
    expect((await door.control('POST', '/faults', fault)).status).toBe(200)
    return raw(path)
  }
  const inverters = () => door.devices('full', 'inverters')

  test('strike only what they match, as often as they should', async () => {
    const fault = {
      kind: 'status',
      status: 503,
      headers: { 'retry-after': '7' },
      match: { home: 'full', type: 'inverters' },
      count: 1,
    }
    const struck = await strike(fault, await inverters())
    expect(struck.status).toBe(503)
    expect(struck.headers.get('retry-after')).toBe('7')
    expect((await raw(await inverters())).status).toBe(200)
    await door.control('POST', '/faults', { ...fault, count: 5 })
    expect((await raw(await door.devices('full', 'heat-pumps'))).status).toBe(200)
    await door.control('DELETE', '/faults')
    expect((await raw(await inverters())).status).toBe(200)
  })

  test('html: a web page with status 200', async () => {
    const response = await strike({ kind: 'html', match: { type: 'inverters' } }, await inverters())
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('text/html')
  })

  test('redirect: somewhere else', async () => {
    const response = await strike({ kind: 'redirect', match: { type: 'inverters' } }, await inverters())
    expect(response.status).toBe(302)
  })

  test('reset and truncate: the connection breaks', async () => {
    const list = await inverters()
    await expect(strike({ kind: 'reset', count: 1, match: { type: 'inverters' } }, list)).rejects.toThrow()
    const cut = await strike({ kind: 'truncate', count: 1, match: { type: 'inverters' } }, list)
    await expect(cut.text()).rejects.toThrow()
  })

  test('hang: no answer', async () => {
    const list = await inverters()
    await door.control('POST', '/faults', { kind: 'hang', match: { type: 'inverters' } })
    const token = await tokenFrom(door.url)
    const answer = fetch(`${door.url}/api/partners/v2.0${list}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(150),
    })
    await expect(answer).rejects.toThrow()
  })

  test('invalid_json: not a number', async () => {
    const response = await strike({ kind: 'invalid_json', match: { type: 'inverters' } }, await inverters())
    await expect(response.json()).rejects.toThrow()
  })

  test('huge: five megabytes of nothing', async () => {
    const response = await strike({ kind: 'huge', match: { type: 'inverters' } }, await inverters())
    expect((await response.text()).length).toBeGreaterThan(5_000_000)
  })

  test('drip: drop by drop, but whole', async () => {
    const response = await strike(
      { kind: 'drip', ms: 0, bytes: 40, match: { type: 'inverters' } },
      await inverters(),
    )
    expect(await response.json()).toHaveLength(1)
  })

  test('latency: late, but whole', async () => {
    const response = await strike(
      { kind: 'latency', ms: 20, match: { type: 'inverters' } },
      await inverters(),
    )
    expect(await response.json()).toHaveLength(1)
  })

  test("wrong_owner: a neighbour's device among one's own", async () => {
    const response = await strike({ kind: 'wrong_owner', match: { type: 'inverters' } }, await inverters())
    const owners = ((await response.json()) as { owner: { external_id: string } }[]).map(
      (d) => d.owner.external_id,
    )
    expect(owners).toEqual(['full', 'solar'])
  })

  test('empty_list: nothing', async () => {
    const response = await strike({ kind: 'empty_list', match: { type: 'inverters' } }, await inverters())
    expect(await response.json()).toEqual([])
  })

  test('token_revoked: this token is dead, a new one lives', async () => {
    const list = await inverters()
    await door.control('POST', '/faults', { kind: 'token_revoked', count: 1, match: { type: 'inverters' } })
    expect((await door.api('GET', list)).status).toBe(401)
    expect((await door.api('GET', list)).status).toBe(401)
    expect((await raw(list)).status).toBe(200)
  })

  test('strike by chance, the same for every run', async () => {
    const strikes = async () => {
      const other = await openDoor()
      await other.control('POST', '/faults', { kind: 'status', status: 500, probability: 0.4 })
      const list = await other.devices('full', 'inverters')
      const statuses: number[] = []
      for (let i = 0; i < 20; i++) statuses.push((await other.api('GET', list)).status)
      await other.close()
      return statuses
    }
    const first = await strikes()
    expect(await strikes()).toEqual(first)
    expect(new Set(first)).toEqual(new Set([200, 500]))
  })
})

test('is not there when switched off', async () => {
  const closed = await openDoor({ control: false })
  expect((await closed.control('GET', '/homes')).status).toBe(404)
  await closed.close()
})
