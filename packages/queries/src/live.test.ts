import { afterEach, beforeEach, expect, test } from 'vitest'
import type { HomeSnapshot } from '@homewatt/contract'
import { openHouse, type House, type Person } from '../../../apps/gateway/src/house.test-support.ts'
import { readStream, type StreamReader } from '../../../apps/gateway/src/stream-reader.test-support.ts'
import { createGatewayApi } from './api.ts'
import { liveHome, type LiveBrowser, type LiveHome, type LiveState, type StreamLike } from './live.ts'

let house: House
let person: Person
let tab: Tab
beforeEach(async () => {
  house = await openHouse()
  person = await house.signIn('full')
  tab = openTab()
})
afterEach(async () => {
  tab.live.stop()
  await house.close()
})

/** A page in a browser that can lose its network, or parts of it. */
type Tab = {
  live: LiveHome
  states: LiveState[]
  network: { hasStreams: boolean; isUp: boolean; isSilent: boolean; asked: number; opened: number }
  hide(isHidden: boolean): void
}

function openTab(initial: HomeSnapshot | null = null): Tab {
  const network = { hasStreams: true, isUp: true, isSilent: false, asked: 0, opened: 0 }
  const states: LiveState[] = []
  let isHidden = false
  let visibilityChanged = () => {}
  const api = createGatewayApi({
    base: house.url,
    fetch: async (input, init) => {
      network.asked++
      if (!network.isUp) throw new TypeError('fetch failed')
      const path = String(input).slice(house.url.length)
      const headers = { ...(init?.headers as Record<string, string>), cookie: person.cookie }
      return house.request(path, { ...init, headers })
    },
  })
  const browser: LiveBrowser = {
    openStream: () => {
      network.opened++
      return stream(network)
    },
    monotonicMs: () => house.time.monotonicMs(),
    wallMs: () => 0,
    after: (ms, run) => house.time.after(ms, run),
    random: () => 0.5,
    isHidden: () => isHidden,
    onVisibility(run) {
      visibilityChanged = run
      return () => {}
    },
  }
  const live = liveHome({ api, initial, onChange: (state) => states.push(state), browser })
  return {
    live,
    states,
    network,
    hide(hidden) {
      isHidden = hidden
      visibilityChanged()
    },
  }
}

/** `EventSource` over the test's own reader. */
function stream(network: Tab['network']): StreamLike {
  const listeners = new Map<string, (event: { data?: unknown }) => void>()
  let reader: StreamReader | null = null
  let isClosed = false
  const fail = () => {
    if (!isClosed) listeners.get('error')?.({})
  }
  if (network.isUp && network.hasStreams)
    void readStream(house.url, person.cookie, ({ event, data }) => {
      if (!isClosed && !network.isSilent) listeners.get(event)?.({ data })
    }).then((opened) => {
      reader = opened
      if (isClosed) opened.close()
      else if (opened.status !== 200) fail()
      void opened.ended.then(fail)
    })
  else queueMicrotask(fail)
  return {
    addEventListener: (name, listen) => void listeners.set(name, listen),
    close() {
      isClosed = true
      reader?.close()
    },
  }
}

/** Lets the tab start and hear its first snapshot. */
async function started() {
  tab.live.start()
  await rest()
  await house.time.advance(20)
}

/** Sockets of a stream are not counted as under way, so they get a moment of their own. */
async function rest() {
  for (let n = 0; n < 4; n++) await house.time.advance(0)
}

const level = (state: LiveState) => state.snapshot?.groups['electric-vehicles'].devices[0]?.battery_level

test('a page shows what the stream says, and changes with it', async () => {
  await started()
  expect(tab.live.state()).toMatchObject({ connection: 'live', signedOut: false })
  const id = await person.deviceId('electric-vehicles')
  await house.control('POST', `/homes/full/devices/${id}`, { set: { battery_level: 33 } })
  await house.time.advance(35_000)
  await rest()
  expect(level(tab.live.state())).toBe(33)
  expect(tab.network.asked).toBe(0)
})

test('the time on a page is the time at the partner, between the events too', async () => {
  await house.control('POST', '/advance', { seconds: 5_000 })
  await started()
  await house.time.advance(7_000)
  const { now } = (await house.control('GET', '/clock')) as { now: string }
  expect(Math.abs(tab.live.now().getTime() - Date.parse(now))).toBeLessThanOrEqual(1_000)
})

test('a page that came with its numbers has them before anything is heard', async () => {
  tab = openTab(await person.home())
  expect(level(tab.live.state())).toBeDefined()
})

test('while the stream is down the page asks every 30 s and says so, and stops when the stream is back', async () => {
  await started()
  tab.network.hasStreams = false
  tab.network.isSilent = true
  await house.time.advance(60_000)
  await rest()
  expect(tab.live.state()).toMatchObject({ connection: 'polling', everyMs: 30_000 })
  const asked = tab.network.asked
  await house.time.advance(60_000)
  expect(tab.network.asked - asked).toBe(2)
  Object.assign(tab.network, { hasStreams: true, isSilent: false })
  await house.time.advance(16_000)
  await rest()
  expect(tab.live.state().connection).toBe('live')
  const later = tab.network.asked
  await house.time.advance(60_000)
  expect(tab.network.asked).toBe(later)
})

test('a boost that starts is asked for every 3 s while the stream is down', async () => {
  const id = await person.deviceId('electric-vehicles')
  await house.control('POST', `/homes/full/devices/${id}`, { set: { boost_state: 'requested' } })
  await house.time.advance(3_000)
  await person.send('POST', '/api/refresh')
  tab.network.hasStreams = false
  tab.live.start()
  await house.time.advance(10_000)
  expect(tab.live.state()).toMatchObject({ connection: 'polling', everyMs: 3_000 })
})

test('without any network the last values stay, and the page knows that it is offline', async () => {
  await started()
  tab.network.isUp = false
  tab.network.isSilent = true
  await house.time.advance(90_000)
  expect(tab.live.state().connection).toBe('offline')
  expect(level(tab.live.state())).toBeDefined()
  Object.assign(tab.network, { isUp: true, isSilent: false })
  await house.time.advance(45_000)
  await rest()
  expect(tab.live.state().connection).toBe('live')
})

test('a stream that ends on purpose is begun anew without a word', async () => {
  await started()
  tab.states.length = 0
  const opened = tab.network.opened
  await house.time.advance(13 * 60_000)
  await rest()
  expect(tab.network.opened).toBeGreaterThan(opened)
  expect(tab.states.every(({ connection }) => connection === 'live')).toBe(true)
})

test('a page that nobody sees lets go after a minute, and catches up when it is seen again', async () => {
  await started()
  tab.hide(true)
  await house.time.advance(59_000)
  const opened = tab.network.opened
  await house.time.advance(10 * 60_000)
  expect(tab.network.opened).toBe(opened)
  tab.states.length = 0
  await house.time.advance(60_000)
  expect(tab.states).toEqual([])
  tab.hide(false)
  await rest()
  await house.time.advance(20)
  expect(tab.network.opened).toBe(opened + 1)
  expect(tab.live.state().connection).toBe('live')
  expect(tab.states.length).toBeGreaterThan(0)
})

test('when the session is over the page says so and leaves the gateway in peace', async () => {
  await started()
  await person.send('POST', '/api/session/end')
  await rest()
  await house.time.advance(20_000)
  expect(tab.live.state().signedOut).toBe(true)
  const { asked, opened } = { ...tab.network }
  await house.time.advance(5 * 60_000)
  expect(tab.network).toMatchObject({ asked, opened })
})

test('refreshing asks the partner anew', async () => {
  await started()
  const id = await person.deviceId('electric-vehicles')
  await house.control('POST', `/homes/full/devices/${id}`, { set: { battery_level: 44 } })
  await house.time.advance(3_000)
  await tab.live.refresh()
  expect(level(tab.live.state())).toBe(44)
})
