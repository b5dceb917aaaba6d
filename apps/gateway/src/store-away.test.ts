import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { openHouse, type House } from './house.test-support.ts'
import { openPostgres, postgresBin, postgresMissing, type Postgres } from './postgres.test-support.ts'
import { openRelay } from './relay.test-support.ts'

const minutes = (n: number) => n * 60_000

describe.skipIf(postgresBin === null)(`with PostgreSQL${postgresBin ? '' : ` (${postgresMissing})`}`, () => {
  let postgres: Postgres
  let house: House
  beforeAll(async () => {
    postgres = await openPostgres()
  }, 60_000)
  afterEach(() => house.close())
  afterAll(() => postgres.close())

  test('while it is away live values go on, what is kept is refused honestly, and then all is well again', async () => {
    house = await openHouse({
      storeFile: await postgres.database(),
      history: { keptMonths: 25, roundMs: minutes(15) },
    })
    const person = await house.signIn('solar')
    const stream = await person.stream()
    const id = await person.deviceId('inverters')
    const history = `/api/history?from=2026-06-01T00:00:00Z&to=2026-07-01T00:00:00Z&type=inverters&id=${id}`
    await postgres.kill()
    await house.time.advance(minutes(2))

    const home = await person.get('/api/home')
    expect(home.status).toBe(200)
    await stream.next('beat')
    const refused = await person.get(history)
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(await refused.text()).not.toMatch(/postgres|127\.0\.0\.1|connect/i)
    await expect(house.signIn('full')).rejects.toThrow('503')

    await postgres.start()
    expect((await person.get(history)).status).toBe(200)
    await house.signIn('full')
    // The database works on a clock of its own, which the one of the test does not wait for.
    await vi.waitFor(
      async () => {
        await house.time.advance(minutes(2))
        const kept = (await (await person.get(history)).json()) as { at_ms: number[] }
        expect(kept.at_ms.length).toBeGreaterThan(0)
      },
      { timeout: 20_000, interval: 100 },
    )
  })

  test('while it hangs without a word live values go on, and what needs it is refused in time', async () => {
    const url = new URL(await postgres.database())
    const relay = await openRelay(Number(url.port))
    url.port = String(relay.port)
    house = await openHouse({ storeFile: url.href })
    const person = await house.signIn('solar')
    const stream = await person.stream()
    const askedAt = async () => (await person.home()).groups.inverters.asked_at ?? ''
    const before = await askedAt()
    relay.hang()
    const refused = person.get('/api/history/settings')
    await house.time.advance(minutes(1))
    await stream.next('beat')
    expect((await askedAt()) > before).toBe(true)
    // The database has limits of its own, on a clock that the one of the test does not push.
    expect((await refused).status).toBe(503)
    relay.goOn()
    expect((await person.get('/api/history/settings')).status).toBe(200)
    await relay.close()
  })

  test('nobody who is not known gets in because the store cannot be asked', async () => {
    house = await openHouse({ storeFile: await postgres.database() })
    const person = await house.signIn('solar')
    await person.send('POST', '/api/session/end')
    await postgres.kill()
    const answer = await person.get('/api/home')
    expect([401, 503]).toContain(answer.status)
    await postgres.start()
    expect((await person.get('/api/home')).status).toBe(401)
  })
})
