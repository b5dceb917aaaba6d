import { get } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { applyChange, isNewer, type HomeChange, type HomeSnapshot } from '@homewatt/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse, seeded, type House, type Person } from './house.test-support.ts'

/** `LONG=1` for the long run. */
const CUTS = process.env['LONG'] ? 10_000 : 150

let house: House
let person: Person
beforeAll(async () => {
  house = await openHouse({ policy: { ratePerS: 1_000, burst: 2_000 } })
  person = await house.signIn('car')
  await person.home()
})
afterAll(() => house.close())

test(
  `a stream that is cut ${CUTS} times at any byte, in the middle of events too: what its reader knows is the home each time it is back`,
  async () => {
    const dice = seeded(21)
    const vehicle = await person.deviceId('electric-vehicles')
    let known: HomeSnapshot | null = null
    let cutInside = 0
    let changes = 0

    /** What a browser does with the events that came whole. */
    function hear(frame: string) {
      const [, event, data] = /^event: (\w+)\n(?:id: .+\n)?data: (.+)$/.exec(frame) ?? []
      if (event === 'snapshot') {
        const snapshot = JSON.parse(data ?? '') as HomeSnapshot
        expect(known && isNewer(known.version, snapshot.version)).not.toBe(true)
        known = snapshot
      } else if (event === 'change' && known) {
        changes++
        known = applyChange(known, JSON.parse(data ?? '') as HomeChange)
      } else expect(event).toBe('beat')
    }

    for (let n = 0; n < CUTS; n++) {
      const first = await openCut(house.url, person.cookie, hear, Infinity)
      await first.heard
      expect(known).not.toBeNull()
      expect((known as unknown as HomeSnapshot).groups).toEqual((await person.home()).groups)
      first.cut()

      const whole = first.bytes()
      const cut = await openCut(house.url, person.cookie, hear, Math.floor(dice() * whole * 3))
      // Something changes while the stream is there or just gone.
      const level = 20 + (n % 60)
      await house.control('POST', `/homes/car/devices/${vehicle}`, { set: { battery_level: level } })
      await house.time.advance(3_100)
      await person.send('POST', '/api/refresh')
      for (let turns = 0; turns < 10; turns++) await turn()
      cut.cut()
      if (cut.rest() > 0) cutInside++
    }
    expect(cutInside).toBeGreaterThan(CUTS / 3)
    expect(changes).toBeGreaterThan(CUTS / 10)
  },
  process.env['LONG'] ? 1_800_000 : 60_000,
)

type CutStream = {
  /** Resolves with the first event. */
  heard: Promise<unknown>
  bytes(): number
  /** Of an event that did not come whole. */
  rest(): number
  cut(): void
}

/** A stream that breaks off after so many bytes, or when it is told to. */
function openCut(url: string, cookie: string, hear: (frame: string) => void, afterBytes: number) {
  return new Promise<CutStream>((resolve) => {
    let text = ''
    let bytes = 0
    let isCut = false
    const heard = Promise.withResolvers<undefined>()
    const request = get(`${url}/api/stream`, { headers: { cookie }, agent: false }, (answer) => {
      answer.setEncoding('latin1')
      answer.on('error', () => {})
      answer.on('data', (more: string) => {
        if (isCut) return
        const taken = more.slice(0, afterBytes - bytes)
        bytes += taken.length
        const frames = (text + taken).split('\n\n')
        text = frames.pop() ?? ''
        for (const frame of frames) {
          hear(Buffer.from(frame, 'latin1').toString('utf8'))
          heard.resolve(undefined)
        }
        if (bytes >= afterBytes) cut()
      })
      resolve({ heard: heard.promise, bytes: () => bytes, rest: () => text.length, cut })
    })
    request.on('error', () => {})
    function cut() {
      isCut = true
      request.destroy()
    }
  })
}
