import fc from 'fast-check'
import { GatewayError } from '@homewatt/contract'
import * as v from 'valibot'
import { afterEach, describe, expect, test } from 'vitest'
import { openHouse, seeded, type House } from './house.test-support.ts'
import { noMeters, type Meters } from './meters.ts'
import { createShedding, shedClasses } from './shedding.ts'

/** Longer than the policy looks away. */
const LOOK_MS = 50

describe('at the front door', () => {
  let house: House
  afterEach(() => house.close())

  let pressureMs = 0
  const shed: string[] = []
  async function open() {
    pressureMs = 0
    shed.length = 0
    const meters: Meters = { ...noMeters, shed: (what) => shed.push(what) }
    house = await openHouse({ pressure: () => pressureMs, meters })
    const person = await house.signIn('full')
    await person.home()
    return person
  }

  /** The wait begins at this and grows for so many looks, while somebody goes on asking for the least of all. */
  async function press(ms: number, steps: number) {
    for (let n = 0; n < steps; n++) {
      pressureMs = ms + n
      await house.time.advance(LOOK_MS)
      await house.request('/api/openapi.json')
    }
  }

  test('the more there is to do the more is refused, the cheapest first, and never what people want done', async () => {
    const person = await open()
    const id = await person.deviceId('heat-pumps')
    const asked = {
      activity: () => person.get('/api/audit'),
      greeting: () => house.request('/', { headers: { host: 'localhost:3000' } }),
      home: () => person.get('/api/home'),
      stream: async () => {
        const controller = new AbortController()
        const headers = { cookie: person.cookie }
        const answer = await house.request('/api/stream', { headers, signal: controller.signal })
        controller.abort()
        return answer
      },
      health: () => house.request('/api/health'),
      setting: () => person.send('PUT', `/api/devices/heat-pumps/${id}`, { optimization_level: 'Max' }),
      signOut: async () => (await house.signIn('solar')).send('POST', '/api/session/end'),
    }
    const refused = async () => {
      const found: string[] = []
      for (const [name, ask] of Object.entries(asked)) {
        const { status } = await ask()
        if (status === 503) found.push(name)
        // There is no built page here, only the note that says so.
        else expect(name === 'greeting' ? [404] : [200, 204]).toContain(status)
      }
      return found
    }
    expect(await refused()).toEqual([])
    const seen = [await refused()]
    for (let n = 0; n < 24; n++) {
      await press(200, 1)
      // Neither high nor low: however long it lasts it changes nothing, and a person may send commands again.
      pressureMs = 70
      await house.time.advance(7_000)
      const present = await refused()
      if (present.join() !== seen.at(-1)?.join()) seen.push(present)
    }
    expect(seen.at(-1)).toEqual(['activity', 'greeting', 'home', 'stream'])
    // Each class is refused as a whole before anything of the next one is.
    const firstOf = (name: string) => seen.findIndex((names) => names.includes(name))
    for (const names of seen.slice(firstOf('home')))
      expect(names).toEqual(expect.arrayContaining(['activity', 'greeting']))
    for (const names of seen.slice(firstOf('stream')))
      expect(names).toEqual(expect.arrayContaining(['activity', 'greeting', 'home']))
    expect(new Set(shed)).toEqual(new Set(shedClasses))
  })

  test('a refusal says by its code what it is and when to come again, a page in words', async () => {
    const person = await open()
    await press(200, 40)
    const api = await person.get('/api/home')
    expect([api.status, api.headers.get('cache-control')]).toEqual([503, 'private, no-store'])
    const { error } = v.parse(GatewayError, await api.json())
    expect(error).toMatchObject({ code: 'overloaded', retry_after_s: Number(api.headers.get('retry-after')) })
    expect(error.retry_after_s).toBeGreaterThanOrEqual(3)

    const page = await house.request('/', { headers: { cookie: person.cookie } })
    expect([page.status, page.headers.get('cache-control')]).toEqual([503, 'private, no-store'])
    const html = await page.text()
    expect(html).toContain('Very many people are here right now.')
    expect(html).toContain('Gerade sind sehr viele hier.')
    expect(html).toContain(`http-equiv="refresh" content="${page.headers.get('retry-after')}"`)
  })

  test('one stall, however long, turns nobody away', async () => {
    await open()
    await press(5_000, 3)
    for (let n = 0; n < 100; n++) expect((await house.request('/api/openapi.json')).status).toBe(200)
  })

  test('five seconds after the load is gone everything is answered', async () => {
    const person = await open()
    await press(200, 60)
    expect((await person.get('/api/home')).status).toBe(503)
    pressureMs = 0
    await house.time.advance(5_000)
    for (let n = 0; n < 20; n++) expect((await person.get('/api/audit')).status).toBe(200)
  })

  test('open streams go on', async () => {
    const person = await open()
    const stream = await person.stream()
    await press(200, 60)
    await house.time.advance(15_000)
    await stream.next('beat')
  })
})

test('whatever load lasts finds the share that has to be refused, and keeps it', () => {
  // A process that is late by as much as it is asked for more than it can do, for any load and any mix of classes.
  const load = fc.record({
    times: fc.double({ min: 0.1, max: 3.5, noNaN: true }),
    mix: fc.tuple(...shedClasses.map(() => fc.integer({ min: 1, max: 10 }))),
    seed: fc.integer(),
  })
  fc.assert(
    fc.property(load, ({ times, mix, seed }) => {
      let nowMs = 0
      let waitMs = 0
      const random = seeded(seed)
      const shedding = createShedding({ pressure: () => waitMs, nowMs: () => nowMs, random })
      const total = mix.reduce((sum, part) => sum + part, 0)
      const PER_LOOK = 300
      const admitted: number[] = []
      let refused = 0
      for (let look = 0; look < 400; look++) {
        nowMs += LOOK_MS
        let work = 0
        if (look === 200) refused = 0
        for (const [n, what] of shedClasses.entries()) {
          const asked = Math.round((times * PER_LOOK * (mix[n] ?? 0)) / total)
          for (let m = 0; m < asked; m++)
            if (shedding.refuses(what) === null) work++
            else refused++
        }
        // As long as there is room nobody waits; what is too much waits on top of what waited.
        waitMs = Math.max(0, Math.min(500, waitMs + ((work - PER_LOOK) / PER_LOOK) * LOOK_MS))
        if (look >= 200) admitted.push(work / PER_LOOK)
      }
      if (times <= 0.99) expect(refused).toBe(0)
      if (times <= 1.01) return
      // What there is room for is done, half a second like any other.
      for (let look = 0; look + 10 <= admitted.length; look++) {
        const share = admitted.slice(look, look + 10).reduce((sum, part) => sum + part, 0) / 10
        expect(share).toBeGreaterThan(0.75)
        expect(share).toBeLessThan(1.25)
      }
    }),
    { numRuns: 60 },
  )
})
