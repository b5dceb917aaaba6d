import { afterAll, beforeAll, expect, test } from 'vitest'
import type { House, Person } from './house.test-support.ts'
import { changingEndpoints, openWholeHouse, pathTo, sendAsWritten } from './whole-house.test-support.ts'

let house: House
let full: Person
beforeAll(async () => {
  house = await openWholeHouse()
  full = await house.signIn('full')
})
afterAll(() => house.close())

/** Parameters, and what stands for a space, that have slipped past a check elsewhere. */
const tails = ['\t; charset=utf-8', ' ;charset=utf-8', ';', '; ', ';;', ';charset', '; charset=', '; charset=utf-16', '; charset=latin1', '; charset="utf-8"', "; charset='utf-8'", '; charset=utf-8;', '; charset=utf-8; charset=utf-7', '; charset=utf-7', ';\tcharset=utf-8', ';  charset=utf-8', '; charset =utf-8', '; charset= utf-8', '; boundary=x', '; x=y', '; q=1', ';version=1', ', application/json', ',text/plain', ', text/plain; x', '\u00a0', '\u0085', '\u00ad', '/', '/json', '+json', '+xml', 'x', '-patch+json', '%20', '%00', '"', '\\', ' x', '(comment)', ' (comment)', '=', ':', '@', '*', '#', '&charset=utf-8', ' text/plain'] // prettier-ignore
const heads = ['text/plain;', 'text/plain; ', 'text/plain, ', 'text/html, ', 'x', 'x-', '/', '*/*, ', '"', "'", '=', ';', ',', '.', '-', '\u00a0', '\u00e0', '(x)', 'application/x-www-form-urlencoded; ', 'multipart/form-data; boundary=a, '] // prettier-ignore
const others = ['text/plain', 'text/plain;charset=UTF-8', 'text/json', 'text/x-json', 'text/javascript', 'text/html', 'text/xml', 'text/csv', 'text/ping', 'text/event-stream', 'application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=utf-8', 'multipart/form-data', 'multipart/form-data; boundary=x', 'multipart/mixed', 'multipart/json', 'application/octet-stream', 'application/xml', 'application/javascript', 'application/ecmascript', 'application/ld+json', 'application/hal+json', 'application/vnd.api+json', 'application/problem+json', 'application/json-patch+json', 'application/merge-patch+json', 'application/json5', 'application/jsonc', 'application/jsonl', 'application/json-seq', 'application/x-json', 'application/x-ndjson', 'application/ndjson', 'application/graphql', 'application/csp-report', 'application/reports+json', 'application/manifest+json', 'application/geo+json', 'application/jose', 'application/jwt', 'application/cbor', 'application/msgpack', 'application/x-protobuf', 'application/yaml', 'application/toml', 'application/*', 'application/', 'application', 'json', '/json', '*/*', '*', 'json/application', 'application json', 'application/ json', 'application /json', 'application / json', 'application//json', 'application\\json', 'application/json/json', 'aplication/json', 'applicationjson', 'application:json', 'application.json', 'application/jso', 'application/jsonp', 'application/jßon', 'application/j\u00f6son', 'image/png', 'image/svg+xml', 'audio/json', 'font/json', 'message/http', 'model/json', 'chemical/x-json', 'none', 'null', 'undefined', 'true', '1', '{}', '[]', '{"type":"application/json"}', 'charset=utf-8', '; charset=utf-8', ';', ',', '=', '"application/json"', "'application/json'", '<application/json>', '(application/json)', '`application/json`'] // prettier-ignore

const types = [
  ...tails.map((tail) => `application/json${tail}`),
  ...tails.map((tail) => `APPLICATION/JSON${tail}`),
  ...heads.map((head) => `${head}application/json`),
  ...others,
  // A parser takes the space around a value away, so what remains of it has to be wrong by itself.
].filter((type) => !/^application\/json$/i.test(type.trim()) || /[\u0085\u00a0]/.test(type))

test('two hundred content types that are not quite JSON are refused before the body is looked at', async () => {
  expect(new Set(types).size).toBeGreaterThanOrEqual(200)
  const endpoints = changingEndpoints(house)
  const through: string[] = []
  for (const type of types)
    for (const { method, path } of endpoints) {
      const { status } = await ask(method, path, type)
      if (status !== 415) through.push(`${method} ${path} ${JSON.stringify(type)}: ${status}`)
    }
  expect(through).toEqual([])
  expect((await full.get('/api/home')).status).toBe(200)
})

test('a body without a type is refused as well', async () => {
  for (const { method, path } of changingEndpoints(house))
    expect((await ask(method, path, null)).status).toBe(415)
})

test('two types are refused, for who is in front may go by the other one', async () => {
  for (const { method, path } of changingEndpoints(house)) {
    const { status } = await ask(method, path, ['application/json', 'text/plain'])
    expect(status).toBe(400)
  }
})

test.each([
  'application/json',
  'Application/JSON',
  'application/json; charset=utf-8',
  'application/json;charset=UTF-8',
  ' application/json ',
])('%j is JSON', async (type) => {
  for (const { method, path } of changingEndpoints(house))
    expect((await ask(method, path, type)).status).not.toBe(415)
})

function ask(method: string, path: string, type: string | string[] | null) {
  const body = Buffer.from('{"home":"nobody"}')
  return sendAsWritten(
    house.url,
    method,
    pathTo(path, { type: 'inverters', id: 'x', n: '0' }),
    {
      host: 'localhost:3000',
      'x-homewatt': '1',
      ...(type === null ? {} : { 'content-type': type }),
    },
    body,
  )
}
