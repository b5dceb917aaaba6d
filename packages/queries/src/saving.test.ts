import type { DeviceType } from '@homewatt/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, seeded, type House, type Person } from '../../../apps/gateway/src/house.test-support.ts'
import { readStream, type StreamReader } from '../../../apps/gateway/src/stream-reader.test-support.ts'
import { virtualTime } from '@homewatt/client/virtual-time'
import { createGatewayApi } from './api.ts'
import { GatewayFailure } from './call.ts'
import { liveHome, type LiveBrowser, type StreamLike } from './live.ts'
import { createSaving, type SavingPhase, type Values } from './saving.ts'
import { createSettingsApi } from './settings-api.ts'

let house: House
let person: Person
const open = new Set<() => void>()
beforeAll(async () => {
  house = await openHouse({ proxied: true })
  person = await house.signIn('full')
})
afterAll(async () => {
  for (const close of open) close()
  await house.close()
})

/** A screen of a browser of that person, on the house's clock. */
async function openScreen(type: DeviceType) {
  const fetchAs: typeof fetch = (input, init) =>
    fetch(input, {
      ...init,
      headers: { ...(init?.headers as Record<string, string>), cookie: person.cookie },
    })
  const gateway = { fetch: fetchAs, base: house.url }
  const settings = createSettingsApi(gateway)
  const id = await person.deviceId(type)
  const browser: LiveBrowser = {
    openStream: () => streamOf(person.cookie),
    monotonicMs: house.time.monotonicMs,
    wallMs: house.time.wallMs,
    after: (ms, run) => house.time.after(ms, run),
    random: () => 0.5,
    isHidden: () => false,
    onVisibility: () => () => {},
  }
  const live = liveHome({ api: createGatewayApi(gateway), browser, onChange: () => saving?.hear() })
  const known = () => {
    const group = live.state().snapshot?.groups[type]
    const device = group?.devices.find((one) => one.id === id)
    if (!group || !device) return null
    return { values: device as unknown as Values, askedAt: group.asked_at, isBlocked: group.problem !== null }
  }
  const history: { phase: SavingPhase; shown: Values; atMs: number }[] = []
  const saving: ReturnType<typeof createSaving> | undefined = createSaving({
    save: (change, signal) => settings.saveDevice(type, id, change, { signal }),
    known,
    refetch: live.refetch,
    refresh: live.refresh,
    after: browser.after,
    onChange: ({ phase, shown }) => history.push({ phase, shown, atMs: house.time.monotonicMs() }),
  })
  live.start()
  open.add(live.stop)
  await house.time.advance(1_000)
  return { saving, history, id }
}

/** A stream as `EventSource` has it. */
function streamOf(cookie: string): StreamLike {
  const listeners: { name: string; listen: (event: { data?: unknown }) => void }[] = []
  const tell = (name: string, data?: unknown) =>
    listeners.filter((one) => one.name === name).forEach(({ listen }) => listen({ data }))
  let reader: StreamReader | null = null
  let isClosed = false
  void readStream(house.url, cookie, ({ event, data }) => tell(event, data)).then((opened) => {
    reader = opened
    if (isClosed) opened.close()
    void opened.ended.then(() => tell('error'))
  })
  return {
    addEventListener: (name, listen) => void listeners.push({ name, listen }),
    close() {
      isClosed = true
      reader?.close()
    },
  }
}

const truthOf = async (type: DeviceType) =>
  (await house.control('GET', `/homes/full/devices/${type}`)) as Values
const ofPut = { method: 'PUT' }
const refused = (status: number, field?: string) => ({
  kind: 'answer' as const,
  status,
  headers: status === 429 ? { 'retry-after': '5' } : {},
  body: JSON.stringify({ detail: field ? [{ type: 'value_error', loc: ['body', field], msg: 'no' }] : 'no' }),
  match: ofPut,
  count: 1,
})

/** From now on every answer of the partner takes two seconds. */
function slow() {
  const proxy = house.proxy ?? expect.fail('There is no proxy.')
  const next = () => {
    const held = proxy.hold({}, () => {
      house.time.after(2_000, held.release)
      next()
    })
  }
  next()
}

/** A form over a gateway that does what a test says; `answer` ends the write that is under way. */
function formOf({ refetches = true } = {}) {
  const time = virtualTime({ settle: async () => {} })
  let known = { values: { level: 20 } as Values, askedAt: '1' as string | null, isBlocked: false }
  let answer: {
    resolve: (outcome: 'saved' | 'unconfirmed') => void
    reject: (error: unknown) => void
  } | null = null
  let sent = 0
  const saving = createSaving({
    save: (_change, signal) => {
      sent++
      return new Promise((resolve, reject) => {
        answer = { resolve: (outcome) => resolve({ outcome }), reject }
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
    },
    known: () => known,
    refetch: () => (refetches ? Promise.resolve() : Promise.reject(new Error('offline'))),
    refresh: () => Promise.resolve(),
    after: (ms, run) => time.after(ms, run),
    onChange: () => {},
  })
  const rest = () => new Promise((resolve) => setImmediate(resolve))
  return {
    saving,
    sent: () => sent,
    level: () => saving.state().shown['level'],
    async answer(outcome: 'saved' | 'unconfirmed' | Error) {
      if (outcome instanceof Error) answer?.reject(outcome)
      else answer?.resolve(outcome)
      await rest()
    },
    /** The gateway tells of the device. */
    async hear(level: number, askedAt = known.askedAt, isBlocked = false) {
      known = { values: { level }, askedAt, isBlocked }
      saving.hear()
      await rest()
    },
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 500) {
        await time.advance(500)
        await rest()
      }
    },
  }
}

test('what is wanted stands while it is being saved, whatever an older poll says', async () => {
  const form = formOf()
  void form.saving.submit({ level: 30 })
  await form.hear(20)
  expect([form.level(), form.saving.state().phase]).toEqual([30, 'saving'])
})

test('saved is said with the answer, and an older poll takes nothing back until the gateway was asked', async () => {
  const form = formOf({ refetches: false })
  void form.saving.submit({ level: 30 })
  await form.answer('saved')
  await form.hear(20)
  expect([form.level(), form.saving.state().phase]).toEqual([30, 'saved'])
  await form.pass(60_000)
  await form.hear(31)
  expect(form.level()).toBe(31)
})

test('when it is changed elsewhere later, nothing is said to be saved any more', async () => {
  const form = formOf()
  void form.saving.submit({ level: 30 })
  await form.hear(30)
  await form.answer('saved')
  await form.hear(40)
  expect([form.level(), form.saving.state().phase]).toEqual([40, 'idle'])
})

test('a second tap while it is being saved sends nothing', async () => {
  const form = formOf()
  void form.saving.submit({ level: 30 })
  void form.saving.submit({ level: 31 })
  expect(form.sent()).toBe(1)
})

test.each<[string, SavingPhase]>([
  ['invalid_request', 'check'],
  ['too_many_requests', 'tooSoon'],
  ['partner_unavailable', 'failed'],
  ['store_unavailable', 'failed'],
  ['not_allowed', 'failed'],
  ['not_signed_in', 'signedOut'],
])('after %s it is %s, and what holds stands there again', async (code, phase) => {
  const form = formOf()
  void form.saving.submit({ level: 30 })
  const error = {
    code: code as 'invalid_request',
    message: '',
    fields: { level: '' },
    codes: { level: 'band' },
  }
  await form.answer(new GatewayFailure(422, error))
  expect([form.level(), form.saving.state().phase]).toEqual([20, phase])
  expect(form.saving.state().complaints).toEqual(phase === 'check' ? { level: 'band' } : {})
})

test('no answer, or one that does not say how it ended, is looked into; nothing is said to be done or not done', async () => {
  for (const end of [
    'none',
    new GatewayFailure(500, { code: 'internal', message: '' }),
    'unconfirmed',
  ] as const) {
    const form = formOf()
    void form.saving.submit({ level: 30 })
    if (end === 'none') await form.pass(12_500)
    else await form.answer(end)
    expect([form.level(), form.saving.state().phase]).toEqual([30, 'checking'])
  }
})

test('what comes to light while looking is the end of it: it is there, it is not, or nobody can tell', async () => {
  const [there, gone, dark] = [formOf(), formOf(), formOf()]
  for (const form of [there, gone, dark]) {
    void form.saving.submit({ level: 30 })
    await form.answer('unconfirmed')
  }
  await there.hear(30, '2')
  expect([there.level(), there.saving.state().phase]).toEqual([30, 'saved'])
  await gone.hear(20, '2')
  await gone.pass(20_000)
  expect([gone.level(), gone.saving.state().phase]).toEqual([20, 'notTaken'])
  await dark.hear(20, '1', true)
  await dark.pass(20_000)
  expect([dark.level(), dark.saving.state().phase]).toEqual([20, 'unconfirmed'])
  // A write that arrives later than anybody would wait is the truth all the same.
  await gone.hear(30, '3')
  expect([gone.level(), gone.saving.state().phase]).toEqual([30, 'saved'])
})

test('200 random runs with two seconds of latency, lost answers and refusals end in the truth', async () => {
  const RUNS = 200
  const random = seeded(7)
  const pick = <T>(...all: T[]) => all[Math.floor(random() * all.length)] as T
  const heat = await openScreen('heat-pumps')
  const inverter = await openScreen('inverters')
  const ends: Record<string, number> = {}
  const wrong: string[] = []
  let soonestMs = Infinity
  slow()

  for (let run = 0; run < RUNS; run++) {
    const proxy = house.proxy ?? expect.fail('There is no proxy.')
    const type = pick<DeviceType>('heat-pumps', 'inverters')
    const { saving, history } = type === 'inverters' ? inverter : heat
    const field = pick(...(type === 'inverters' ? ['min_battery_charge'] : ['optimization_level', 'is_smart_optimization_active'])) // prettier-ignore
    const value =
      field === 'min_battery_charge'
        ? 5 + Math.floor(random() * 40)
        : field === 'optimization_level'
          ? pick('Low', 'Mid', 'Max')
          : random() < 0.5
    const trouble = pick(
      'none',
      'lost_after',
      'lost_before',
      'lost',
      'refused',
      'unavailable',
      'limited',
      'half_open',
    )
    const count = 1 + Math.floor(random() * 3)
    switch (trouble) {
      case 'lost_after':
      case 'lost_before':
      case 'half_open':
        proxy.fault({ kind: trouble, match: ofPut, count })
        break
      case 'lost':
        // So are the reads that would settle it.
        await house.fault({ kind: 'lost', count: count * 2 })
        break
      case 'refused':
        proxy.fault(refused(422, field))
        break
      case 'unavailable':
        proxy.fault(refused(503))
        break
      case 'limited':
        proxy.fault(refused(429))
    }
    history.length = 0
    const before = (await truthOf(type))[field]
    const startMs = house.time.monotonicMs()
    void saving.submit({ [field]: value })
    // Somebody else decides meanwhile, in another tab.
    const other = random() < 0.2 ? pick(...others(field).filter((one) => one !== value)) : undefined
    if (other !== undefined) {
      await house.time.advance(random() * 8_000)
      void person.send('PUT', `/api/devices/${type}/${type === 'inverters' ? inverter.id : heat.id}`, {
        [field]: other,
      })
    }
    await house.time.advance(30_000)
    const end = saving.state().phase
    proxy.clear()
    slow()
    await house.control('DELETE', '/faults')
    await house.time.advance(62_000)

    const truth = (await truthOf(type))[field]
    const state = saving.state()
    const label = `run ${run}: ${field} ${String(before)} to ${String(value)}, ${trouble}: ${end}`
    if (state.shown[field] !== truth)
      wrong.push(`${label}, shown ${String(state.shown[field])}, true ${String(truth)}`)
    if (state.phase === 'saving' || state.phase === 'checking') wrong.push(`${label}, never ended`)
    if (other === undefined) {
      if (state.phase === 'saved' && truth !== value) wrong.push(`${label}, said to be saved`)
      // Once it is said to be saved, nothing older ever stands there again.
      const from = history.findIndex(({ phase }) => phase === 'saved')
      if (trouble === 'none') soonestMs = Math.min(soonestMs, (history[from]?.atMs ?? Infinity) - startMs)
      if (from >= 0 && history.slice(from).some(({ shown }) => shown[field] !== value))
        wrong.push(`${label}, flipped back`)
    }
    ends[end] = (ends[end] ?? 0) + 1
  }
  // It was as slow as it was meant to be.
  expect(soonestMs).toBeGreaterThanOrEqual(2_000)
  expect(wrong).toEqual([])
  // Every way to end was among them.
  expect(Object.keys(ends)).toEqual(expect.arrayContaining(['saved', 'check', 'failed']))
}, 300_000)

function others(field: string): unknown[] {
  if (field === 'min_battery_charge') return [46, 47]
  return field === 'optimization_level' ? ['Low', 'Mid', 'Max'] : [true, false]
}
