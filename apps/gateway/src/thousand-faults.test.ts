import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FaultProxy, ProxyFault } from './fault-proxy.test-support.ts'
import { openHouse, type House } from './house.test-support.ts'

let house: House
let proxy: FaultProxy
beforeEach(async () => {
  house = await openHouse({ proxied: true, policy: { ratePerS: 1_000, burst: 1_000 } })
  proxy = house.proxy as FaultProxy
})
afterEach(() => house.close())

const faults: ProxyFault[] = [
  { kind: 'reset_mid_body' },
  { kind: 'lost_before' },
  { kind: 'lost_after' },
  { kind: 'reset_when_reused' },
  { kind: 'short', body: '[]' },
  { kind: 'answer', status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway</h1>' },
  { kind: 'answer', body: '[{"id":' },
  { kind: 'half_open' },
]

test('a thousand exchanges that break in every way leave no connection behind, and no place taken', async () => {
  const person = await house.signIn('full')
  await person.home()
  proxy.requests.length = 0
  for (let n = 0; proxy.requests.length < 1_000; n++) {
    const fault = faults[n % faults.length] ?? { kind: 'half_open' }
    proxy.clear()
    proxy.fault({ ...fault, match: { method: 'GET' } })
    await house.time.advance(3_100)
    const asking = person.send('POST', '/api/refresh')
    await house.time.advance(9_000)
    expect((await asking).status).toBe(200)
  }
  proxy.clear()
  // Breakers look again after a minute at the latest.
  await house.time.advance(120_000)
  await person.send('POST', '/api/refresh')
  for (const { problem } of Object.values((await person.home()).groups)) expect(problem).toBeNull()
  await expect.poll(() => proxy.connections(), { timeout: 10_000 }).toBeLessThanOrEqual(8)
})
