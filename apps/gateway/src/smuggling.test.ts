import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { haproxyMissing, openHaproxy } from './haproxy.test-support.ts'
import type { House, Person } from './house.test-support.ts'
import { nginxBin, nginxMissing, openNginx } from './nginx.test-support.ts'
import { openWholeHouse, sendAsWritten } from './whole-house.test-support.ts'

const host = 'Host: localhost:3000\r\n'
const inner = `GET /api/demo/homes HTTP/1.1\r\n${host}\r\n`
const chunked = 'Transfer-Encoding: chunked\r\n'
const post = `POST /api/demo/sign-in HTTP/1.1\r\n${host}x-homewatt: 1\r\nContent-Type: application/json\r\n`
const length = (text: string) => `Content-Length: ${text.length}\r\n`
const nothing = '0\r\n\r\n'

/** Requests of which two parsers in a row might make different ones. Each hides `inner` where one of them may see it. */
const hostile: [what: string, bytes: string][] = [
  ['length and chunks', `${post}${length(nothing)}${chunked}\r\n${nothing}${inner}`],
  ['chunks and length', `${post}${chunked}${length(nothing)}\r\n${nothing}${inner}`],
  ['length and chunks, on a GET', `GET /api/health HTTP/1.1\r\n${host}${length(inner)}${chunked}\r\n${nothing}${inner}`],
  ['two lengths', `${post}${length('')}${length(inner)}\r\n${inner}`],
  ['two equal lengths', `${post}${length(inner)}${length(inner)}\r\n${inner}`],
  ['a list of lengths', `${post}Content-Length: 0, ${inner.length}\r\n\r\n${inner}`],
  ['a length with a sign', `${post}Content-Length: +0\r\n\r\n${inner}`],
  ['a length below zero', `${post}Content-Length: -1\r\n\r\n${inner}`],
  ['a length in hexadecimal', `${post}Content-Length: 0x10\r\n\r\n${inner}`],
  ['a length with a space inside', `${post}Content-Length: 1 0\r\n\r\n${inner}`],
  ['a length beyond all numbers', `${post}Content-Length: 99999999999999999999\r\n\r\n${inner}`],
  ['a length of nothing', `${post}Content-Length: \r\n\r\n${inner}`],
  ['a space before the colon of the length', `${post}Content-Length : ${inner.length}\r\n\r\n${inner}`],
  ['a tab before the colon of the chunks', `${post}Transfer-Encoding\t: chunked\r\n\r\n${nothing}${inner}`],
  ['a length on a folded line', `${post}X: y\r\n Content-Length: ${inner.length}\r\n\r\n${inner}`],
  ['chunks that are misspelt', `${post}Transfer-Encoding: xchunked\r\n\r\n${nothing}${inner}`],
  ['chunks that are not the last coding', `${post}Transfer-Encoding: chunked, identity\r\n\r\n${nothing}${inner}`],
  ['chunks twice', `${post}Transfer-Encoding: chunked, chunked\r\n\r\n${nothing}${inner}`],
  ['chunks in two headers', `${post}${chunked}Transfer-Encoding: identity\r\n\r\n${nothing}${inner}`],
  ['chunks in quotes', `${post}Transfer-Encoding: "chunked"\r\n\r\n${nothing}${inner}`],
  ['chunks after a vertical tab', `${post}Transfer-Encoding: \x0bchunked\r\n\r\n${nothing}${inner}`],
  ['a chunk size that is none', `${post}${chunked}\r\nzz\r\n${inner}`],
  ['a chunk size with a prefix', `${post}${chunked}\r\n0x0\r\n\r\n${inner}`],
  ['a chunk size that overflows', `${post}${chunked}\r\nffffffffffffffff1\r\n${inner}`],
  ['a chunk that is longer than it says', `${post}${chunked}\r\n1\r\nab\r\n${nothing}${inner}`],
  ['chunks parted by bare line feeds', `${post}${chunked}\r\n0\n\n${inner}`],
  ['lines parted by bare line feeds', `GET /api/health HTTP/1.1\n${host}X: y\n\n${inner}`],
  ['a bare carriage return in a header', `GET /api/health HTTP/1.1\r\n${host}X: y\rZ: 1\r\n\r\n${inner}`],
  ['a null byte in a header', `GET /api/health HTTP/1.1\r\n${host}X: y\0z\r\n\r\n${inner}`],
  ['two hosts', `GET /api/health HTTP/1.1\r\n${host}Host: evil.example\r\n\r\n`],
  ['the same host twice', `GET /api/health HTTP/1.1\r\n${host}${host}\r\n`],
  ['no host', 'GET /api/health HTTP/1.1\r\n\r\n'],
  ['a host with a space before it', `GET /api/health HTTP/1.1\r\n Host: localhost:3000\r\n\r\n`],
  ['a whole address for another host', `GET http://evil.example/api/health HTTP/1.1\r\n${host}\r\n`],
  ['an asterisk for a path', `OPTIONS * HTTP/1.1\r\n${host}\r\n`],
  ['a path without a slash', `GET api/health HTTP/1.1\r\n${host}\r\n`],
  ['a body on a GET', `GET /api/health HTTP/1.1\r\n${host}${length(inner)}\r\n${inner}`],
  ['chunks on a GET', `GET /api/health HTTP/1.1\r\n${host}${chunked}\r\n${nothing}${inner}`],
  ['a change of protocol', `GET /api/health HTTP/1.1\r\n${host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n${inner}`],
  ['a tunnel', `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n${inner}`],
  ['an echo', `TRACE /api/session HTTP/1.1\r\n${host}\r\n`],
  ['HTTP of another version', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${inner}`],
  ['a name that is none', `GET /api/health HTTP/1.1\r\n${host}X(y): z\r\n\r\n${inner}`],
] // prettier-ignore

const fine: [what: string, bytes: string, statuses: number[]][] = [
  ['one request', `GET /api/health HTTP/1.1\r\n${host}\r\n`, [200]],
  ['two in a row', `${inner}GET /api/health HTTP/1.1\r\n${host}\r\n`, [200, 200]],
  ['a body, and one more', `${post}${length('{"home":"x"}')}\r\n{"home":"x"}${inner}`, [404, 200]],
  ['a body in chunks, and one more', `${post}${chunked}\r\n6\r\n{"home\r\n6\r\n":"x"}\r\n${nothing}${inner}`, [404, 200]],
] // prettier-ignore

let house: House
let full: Person
let car: Person
beforeAll(async () => {
  house = await openWholeHouse()
  ;[full, car] = [await house.signIn('full'), await house.signIn('car')]
})
afterAll(() => house.close())

describe('straight', () => {
  test.each(hostile)(
    '%s is one request at most, refused, and the end of the connection',
    async (_, bytes) => {
      const answers = await exchange(Number(new URL(house.url).port), bytes)
      expect(answers.length).toBeLessThanOrEqual(1)
      for (const answer of answers) {
        expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
        expect(answer).toMatch(/\r\ncache-control: private, no-store\r\n/i)
        expect(answer).toMatch(/\r\nconnection: close\r\n/i)
      }
      expect(answers.join()).not.toContain('"homes"')
    },
  )

  test.each(fine)('%s: as many answers as requests', async (_, bytes, statuses) => {
    expect(statusesOf(await exchange(Number(new URL(house.url).port), bytes))).toEqual(statuses)
  })

  test('nonsense after a request that is being answered gets no answer of its own', async () => {
    const stream = `GET /api/stream HTTP/1.1\r\n${host}Cookie: ${full.cookie}\r\n\r\n`
    const answers = await exchange(Number(new URL(house.url).port), `${stream}${'\0'.repeat(50)}`)
    expect(answers.length).toBeLessThanOrEqual(1)
    expect(answers.join()).not.toContain('400 Bad Request')
  })

  test('headers beyond all measure are told so', async () => {
    const [answer] = await exchange(
      Number(new URL(house.url).port),
      `GET /api/health HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
  })
})

/** Both keep their connections to the gateway and send whatever comes over them. */
const fronts: { name: string; missing: string | null; open(): Promise<Front> }[] = [
  {
    name: 'an nginx',
    missing: nginxBin === null ? nginxMissing : null,
    open: () =>
      openNginx(house.url, {
        inLocation: 'proxy_request_buffering off;',
        inHttp: 'client_body_timeout 1s;',
      }),
  },
  {
    name: 'a HAProxy',
    missing: haproxyMissing,
    open: () => openHaproxy(house.url, { inBackend: 'http-reuse always' }),
  },
]

type Front = { url: string; port: number; close(): Promise<void> }

describe.each(fronts)('behind $name', ({ missing, open }) => {
  describe.skipIf(missing !== null)(missing ?? 'that keeps its connections', () => {
    let front: Front
    beforeAll(async () => {
      front = await open()
    })
    afterAll(() => front?.close())

    test.each(hostile)('%s: nobody after it gets an answer that is not theirs', async (_, bytes) => {
      const answers = await exchange(front.port, bytes)
      // What the one in front takes for two requests it may pass on as two; no request has more than its own answer.
      expect(answers.length).toBeLessThanOrEqual(2)
      for (const [person, home] of [
        [full, 'full'],
        [car, 'car'],
        [full, 'full'],
      ] as const) {
        const headers = { host: 'localhost:3000', cookie: person.cookie }
        const { body } = await sendAsWritten(front.url, 'GET', '/api/session', headers)
        expect(JSON.parse(body)).toMatchObject({ signed_in: true, home })
      }
    })

    test.each(fine)('%s: as many answers as requests', async (_, bytes, statuses) => {
      expect(statusesOf(await exchange(front.port, bytes))).toEqual(statuses)
    })
  })
})

/** Sends bytes as they are; the whole answers that came until the other side ended the connection or had no more to say. */
function exchange(port: number, bytes: string): Promise<string[]> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(bytes, 'latin1')))
    socket.setTimeout(150, () => socket.end())
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', () => {})
    socket.on('close', () => resolve(answersIn(Buffer.concat(chunks).toString('latin1'))))
  })
}

/** Takes a stream of bytes apart into answers, as a client has to. */
function answersIn(text: string): string[] {
  // Some take the beginning of HTTP/2 for what it is and speak in frames: none is an answer of ours.
  if (text === '' || text.startsWith('\0\0')) return []
  const headEnd = text.indexOf('\r\n\r\n')
  if (headEnd < 0) throw new Error(`Half an answer: ${text}`)
  const head = text.slice(0, headEnd + 4)
  if (!head.startsWith('HTTP/1.1 ')) throw new Error(`No answer: ${head}`)
  const bytes = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
  if (bytes !== undefined)
    return [text.slice(0, head.length + Number(bytes)), ...answersIn(text.slice(head.length + Number(bytes)))]
  if (!/\r\ntransfer-encoding: chunked/i.test(head)) return [text]
  const end = text.indexOf('0\r\n\r\n', headEnd) + 5
  return [text.slice(0, end), ...answersIn(text.slice(end))]
}

const statusesOf = (answers: string[]) => answers.map((answer) => Number(answer.split(' ')[1]))
