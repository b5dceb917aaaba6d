import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDoor, type Door } from './testing.ts'

let door: Door
beforeEach(async () => {
  door = await openDoor()
})
afterEach(() => door.close())

/** Brings a charging device into a situation, and gives its path. */
async function situated(home: string, type: string, situation: Record<string, unknown>): Promise<string> {
  await door.control('POST', `/homes/${home}/devices/${type}`, situation)
  return door.path(home, type)
}
const waiting = { plugged_in: true, level: 40, charge_plan: 'wait' }
const stateOf = async (path: string) => (await door.api('GET', path)).body

describe.each([
  ['a vehicle', 'car', 'electric-vehicles'],
  ['a wallbox', 'full', 'wallboxes'],
])('%s', (_, home, type) => {
  test('that waits can be boosted: requested at once, ongoing when the car has started', async () => {
    const path = await situated(home, type, waiting)
    expect((await stateOf(path)).boost_state).toBe('available')
    expect((await door.api('POST', `${path}/boost`)).status).toBe(204)
    const asked = await stateOf(path)
    expect(asked).toMatchObject({ boost_state: 'requested', is_charging: false })

    door.clock.advance(15)
    expect((await stateOf(path)).boost_state).toBe('requested')
    door.clock.advance(46)
    const started = await stateOf(path)
    expect(started).toMatchObject({ boost_state: 'ongoing', is_charging: true })
    expect(started.charge_rate_w).toBeGreaterThan(5000)
    const tookMs = Date.parse(started.current_state_last_updated_at) - door.clock.nowMs() + 61_000
    expect(tookMs).toBeGreaterThanOrEqual(20_000)
    expect(tookMs).toBeLessThanOrEqual(60_000)
  })

  test('that is being boosted refuses another boost', async () => {
    const path = await situated(home, type, waiting)
    await door.api('POST', `${path}/boost`)
    expect(await door.api('POST', `${path}/boost`)).toMatchObject({
      status: 409,
      body: { state: 'requested', reason: 'already_charging' },
    })
    door.clock.advance(60)
    expect(await door.api('POST', `${path}/boost`)).toMatchObject({
      status: 409,
      body: { state: 'ongoing', reason: 'already_charging' },
    })
  })

  test('that charges of its own accord is unavailable and refuses', async () => {
    const path = await situated(home, type, { plugged_in: true, level: 40, charge_plan: 'now' })
    expect((await stateOf(path)).boost_state).toBe('unavailable')
    expect((await door.api('POST', `${path}/boost`)).body).toEqual({
      state: 'unavailable',
      reason: 'already_charging',
    })
  })

  test('that is full refuses', async () => {
    const path = await situated(home, type, { plugged_in: true, level: 100 })
    expect((await door.api('POST', `${path}/boost`)).body).toEqual({
      state: 'unavailable',
      reason: 'fully_charged',
    })
  })

  test('that is unplugged is armed, as often as one asks, and can be disarmed', async () => {
    const path = await situated(home, type, { plugged_in: false })
    for (let time = 0; time < 2; time++) {
      expect((await door.api('POST', `${path}/boost`)).status).toBe(204)
      expect(await stateOf(path)).toMatchObject({ boost_state: 'unavailable', boost_for_next_session: true })
    }
    expect((await door.api('DELETE', `${path}/boost`)).status).toBe(204)
    expect((await stateOf(path)).boost_for_next_session).toBe(false)
  })

  test('that is armed starts at the next plug-in and is armed no more', async () => {
    const path = await situated(home, type, { plugged_in: false, level: 40, charge_plan: 'wait' })
    await door.api('POST', `${path}/boost`)
    await situated(home, type, { plugged_in: true })
    expect(await stateOf(path)).toMatchObject({ boost_state: 'requested', boost_for_next_session: false })
    door.clock.advance(60)
    expect((await stateOf(path)).boost_state).toBe('ongoing')
  })

  test('ends its boost when it is full', async () => {
    const path = await situated(home, type, { ...waiting, level: 78 })
    await door.api('POST', `${path}/boost`)
    door.clock.advance(60)
    expect((await stateOf(path)).boost_state).toBe('ongoing')
    door.clock.advance(3 * 3600)
    expect(await stateOf(path)).toMatchObject({ boost_state: 'unavailable', is_charging: false })
  })

  test('ends its boost when it is unplugged', async () => {
    const path = await situated(home, type, waiting)
    await door.api('POST', `${path}/boost`)
    door.clock.advance(60)
    await situated(home, type, { plugged_in: false })
    expect(await stateOf(path)).toMatchObject({ boost_state: 'unavailable', is_plugged_in: false })
  })

  test('whose start fails falls back to available', async () => {
    const path = await situated(home, type, waiting)
    await door.control('POST', '/faults', { kind: 'boost_fail', after_s: 90 })
    expect((await door.api('POST', `${path}/boost`)).status).toBe(204)
    door.clock.advance(89)
    expect((await stateOf(path)).boost_state).toBe('requested')
    door.clock.advance(2)
    expect(await stateOf(path)).toMatchObject({ boost_state: 'available', is_charging: false })
  })

  test('ends its boost when somebody stops it at the car, and can be boosted again', async () => {
    const path = await situated(home, type, waiting)
    await door.api('POST', `${path}/boost`)
    door.clock.advance(60)
    expect((await stateOf(path)).boost_state).toBe('ongoing')
    await situated(home, type, { stopped_at_car: true })
    expect(await stateOf(path)).toMatchObject({ boost_state: 'available', is_charging: false })
    expect((await door.api('POST', `${path}/boost`)).status).toBe(204)
    door.clock.advance(60)
    expect((await stateOf(path)).boost_state).toBe('ongoing')
  })

  test('that is unplugged while its boost is requested is unavailable at once', async () => {
    const path = await situated(home, type, waiting)
    await door.api('POST', `${path}/boost`)
    await situated(home, type, { plugged_in: false })
    expect((await stateOf(path)).boost_state).toBe('unavailable')
    await situated(home, type, { plugged_in: true })
    door.clock.advance(90)
    expect(await stateOf(path)).toMatchObject({ boost_state: 'available', is_charging: false })
  })

  test('that begins to charge of itself while its boost is requested is ongoing from then on', async () => {
    const path = await situated(home, type, waiting)
    await door.control('POST', '/faults', { kind: 'boost_slow', after_s: 600, count: 1 })
    await door.api('POST', `${path}/boost`)
    await situated(home, type, { charge_plan: 'now' })
    expect(await stateOf(path)).toMatchObject({ boost_state: 'ongoing', is_charging: true })
  })

  test('that takes its time starts in the end', async () => {
    const path = await situated(home, type, waiting)
    await door.control('POST', '/faults', { kind: 'boost_slow', after_s: 600, count: 1 })
    await door.api('POST', `${path}/boost`)
    door.clock.advance(599)
    expect((await stateOf(path)).boost_state).toBe('requested')
    door.clock.advance(2)
    expect((await stateOf(path)).boost_state).toBe('ongoing')
  })

  test('that was disarmed does not start at the next plug-in', async () => {
    const path = await situated(home, type, { plugged_in: false, level: 40, charge_plan: 'wait' })
    await door.api('POST', `${path}/boost`)
    await door.api('DELETE', `${path}/boost`)
    await situated(home, type, { plugged_in: true })
    expect((await stateOf(path)).boost_state).toBe('available')
  })

  test('that is full when it is plugged in spends its arming on nothing', async () => {
    const path = await situated(home, type, { plugged_in: false, level: 100 })
    await door.api('POST', `${path}/boost`)
    await situated(home, type, { plugged_in: true })
    expect(await stateOf(path)).toMatchObject({ boost_state: 'unavailable', boost_for_next_session: false })
  })

  test('starts again at the plug-in after an armed boost has ended, only if armed again', async () => {
    const path = await situated(home, type, { plugged_in: false, level: 40, charge_plan: 'wait' })
    await door.api('POST', `${path}/boost`)
    await situated(home, type, { plugged_in: true })
    door.clock.advance(60)
    await situated(home, type, { plugged_in: false })
    await situated(home, type, { plugged_in: true })
    expect((await stateOf(path)).boost_state).toBe('available')
  })

  test('that nobody can reach refuses with internal_error', async () => {
    const path = await situated(home, type, waiting)
    await situated(home, type, { authenticated: false })
    expect(await door.api('POST', `${path}/boost`)).toMatchObject({
      status: 409,
      body: { state: 'available', reason: 'internal_error' },
    })
  })

  test.each(['already_charging', 'fully_charged', 'no_active_session', 'internal_error'])(
    'can be made to refuse with %s',
    async (reason) => {
      const path = await situated(home, type, waiting)
      await door.control('POST', '/faults', { kind: 'boost_refuse', reason })
      expect(await door.api('POST', `${path}/boost`)).toMatchObject({
        status: 409,
        body: { state: 'available', reason },
      })
      expect((await stateOf(path)).boost_state).toBe('available')
    },
  )

  test('is boosted even if the answer is lost', async () => {
    const path = await situated(home, type, waiting)
    await door.control('POST', '/faults', { kind: 'boost_lost', count: 1 })
    await expect(door.api('POST', `${path}/boost`)).rejects.toThrow()
    expect((await stateOf(path)).boost_state).toBe('requested')
  })
})

test('a vehicle that its household has paused has no session to signal', async () => {
  const path = await situated('car', 'electric-vehicles', {
    ...waiting,
    settings: { is_pause_power_active: true },
  })
  expect((await door.api('POST', `${path}/boost`)).body).toEqual({
    state: 'available',
    reason: 'no_active_session',
  })
})

test('a paused wallbox is boosted all the same: no session is needed', async () => {
  const path = await situated('full', 'wallboxes', { ...waiting, settings: { is_pause_power_active: true } })
  expect((await door.api('POST', `${path}/boost`)).status).toBe(204)
})

test('DELETE takes the request of a wallbox back, that of a vehicle not', async () => {
  for (const [home, type, state] of [
    ['full', 'wallboxes', 'available'],
    ['car', 'electric-vehicles', 'requested'],
  ] as const) {
    const path = await situated(home, type, waiting)
    await door.api('POST', `${path}/boost`)
    expect((await door.api('DELETE', `${path}/boost`)).status).toBe(204)
    expect((await stateOf(path)).boost_state).toBe(state)
  }
})

test('DELETE leaves the live boost of a vehicle alone', async () => {
  const path = await situated('car', 'electric-vehicles', waiting)
  await door.api('POST', `${path}/boost`)
  door.clock.advance(60)
  expect((await door.api('DELETE', `${path}/boost`)).status).toBe(204)
  expect(await stateOf(path)).toMatchObject({ boost_state: 'ongoing', is_charging: true })
})

test('DELETE stops the live boost of a wallbox', async () => {
  const path = await situated('full', 'wallboxes', waiting)
  await door.api('POST', `${path}/boost`)
  door.clock.advance(60)
  expect((await stateOf(path)).is_charging).toBe(true)
  expect((await door.api('DELETE', `${path}/boost`)).status).toBe(204)
  expect(await stateOf(path)).toMatchObject({ boost_state: 'available', is_charging: false })
})

test('heat pumps and inverters have no boost', async () => {
  for (const type of ['heat-pumps', 'inverters'])
    expect((await door.api('POST', `${await door.path('full', type)}/boost`)).status).toBe(404)
})
