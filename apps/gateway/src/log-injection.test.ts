import { afterAll, beforeAll, expect, test } from 'vitest'
import { deviceTypes } from '@homewatt/contract'
import type { House } from './house.test-support.ts'
import { routes } from './routes.test-support.ts'
import { openWholeHouse, pathTo, sendAsWritten } from './whole-house.test-support.ts'

/** Ends of lines, colours of terminals, and what would look like a line of ours. */
const hostile = [
  'a\r\nb',
  'a\nlevel=error',
  '\u001b[31mred\u001b[0m',
  '\u001b]0;title\u0007',
  'a\u2028b\u2029c',
  'a\u0085b',
  'a\u0000b',
  '"}\n{"level":60,"event":"canary-forged"}',
  '\\n\\r',
  '%0d%0a',
  '${jndi:ldap://evil.example/a}',
  '\u202egpj.exe',
  'canary-'.repeat(500),
]

/** Whatever happens, and to however many device types at once. */
const MOST_LINES_PER_CYCLE = 10

let house: House
beforeAll(async () => {
  house = await openWholeHouse()
})
afterAll(() => house.close())

/** Every line since then; each is one object of known fields, short, and nobody else's words. */
function linesSince(start: number): Record<string, unknown>[] {
  const text = house.logged().slice(start)
  // eslint-disable-next-line no-control-regex -- this is what must not be there
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/)
  expect(text).not.toMatch(/canary|evil|jndi|gpj|\\u001b/)
  const lines = text.split('\n').filter(Boolean)
  for (const line of lines) expect(line.length).toBeLessThan(1_500)
  return lines.map((line) => {
    const parsed = JSON.parse(line) as Record<string, unknown>
    expect(parsed['event']).toMatch(/^[a-z_]+$/)
    return parsed
  })
}

test('nothing that a request says gets into the log', async () => {
  const start = house.logged().length
  for (const text of hostile)
    for (const name of Object.keys(routes)) {
      const [method = '', path = ''] = name.split(' ')
      if (path === '/api/stream') continue
      const id = encodeURIComponent(text)
      const body =
        method === 'GET'
          ? undefined
          : JSON.stringify({ token: text, home: text, return_to: text, [text]: text })
      await sendAsWritten(
        house.url,
        method,
        `${pathTo(path, { type: id, id, n: id })}?from=${id}&state=${id}&code=${id}`,
        {
          host: 'localhost:3000',
          'x-homewatt': '1',
          'content-type': 'application/json',
          'user-agent': printable(text),
          cookie: `homewatt=${printable(text)}`,
          'x-request-id': printable(text),
          'accept-language': printable(text),
        },
        body,
      )
    }
  linesSince(start)
})

test('nothing that the Partner API says gets into the log, and an outage fills no disk', async () => {
  const person = await house.signIn('full')
  const { groups } = await person.home()
  for (const text of hostile) {
    const start = house.logged().length
    for (const type of deviceTypes)
      for (const { id } of groups[type].devices)
        await house.control('POST', `/homes/full/devices/${id}`, {
          set: {
            comment: text,
            current_mode: text,
            boost_state: text,
            lifecycle_error: text,
            device_model: { manufacturer: text, model: text },
            is_plugged_in: text,
          },
        })
    const stream = await person.stream()
    await house.time.advance(31_000)
    stream.close()
    expect(linesSince(start).length).toBeLessThanOrEqual(MOST_LINES_PER_CYCLE)
  }
  const stream = await person.stream()
  for (const body of hostile) {
    const start = house.logged().length
    await house.fault({ kind: 'status', status: 500, body: { detail: body } })
    await house.time.advance(30_000)
    await house.control('DELETE', '/faults')
    // Types are asked for one by one, and each of them may say once that it failed.
    expect(linesSince(start).length).toBeLessThanOrEqual(MOST_LINES_PER_CYCLE)
  }
  stream.close()
  // It would prove little if nothing were ever logged.
  expect(linesSince(0).length).toBeGreaterThan(hostile.length)
})

/** What a header can carry. */
const printable = (text: string) => text.replace(/[^ -~\u00a0-\u00ff]/g, '?')
