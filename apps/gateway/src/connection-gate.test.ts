import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { trustedProxies } from './client-address.ts'
import { openHouse, type House } from './house.test-support.ts'

let house: House
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await house.close()
})

const HEALTH = 'GET /api/health HTTP/1.1\r\nhost: localhost:3000\r\n\r\n'

/** Opens a connection and asks for something; resolves with the first line, `null` when it is closed instead. */
async function ask(): Promise<{ socket: Socket; line: string | null }> {
  const socket = connect(Number(new URL(house.url).port), '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => {})
  const closed = once(socket, 'close').then(() => null)
  socket.write(HEALTH)
  const answered = once(socket, 'data').then(([data]) => String(data).split('\r\n', 1)[0] ?? '')
  return { socket, line: await Promise.race([closed, answered]) }
}

const lines = async (count: number) => {
  const all = []
  for (let n = 0; n < count; n++) all.push((await ask()).line)
  return all
}
const OK = 'HTTP/1.1 200 OK'

test('who has as many connections as one may have gets no more until one is closed', async () => {
  // Who is known to stand between is elsewhere, so that this machine counts as any other.
  house = await openHouse({ proxies: trustedProxies(['203.0.113.0/24']), connectionsPerSubscriber: 5 })
  expect(await lines(6)).toEqual([OK, OK, OK, OK, OK, null])
  sockets[0]?.destroy()
  await expect.poll(async () => (await ask()).line).toBe(OK)
  expect(house.connectionsRefused()).toBeGreaterThanOrEqual(1)
})

test.each([
  ['a proxy that is believed', ['127.0.0.0/8']],
  ['a private network, where a proxy may be that nobody told of', []],
])('%s has as many as it wants', async (_, ranges) => {
  house = await openHouse({ proxies: trustedProxies(ranges), connectionsPerSubscriber: 5 })
  expect(await lines(12)).toEqual(Array<string>(12).fill(OK))
  expect(house.connectionsRefused()).toBe(0)
})
