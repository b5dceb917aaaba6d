import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { House, Person } from './house.test-support.ts'
import { routes } from './routes.test-support.ts'
import { openWholeHouse, pathTo, sendAsWritten, type RawAnswer } from './whole-house.test-support.ts'

/** A web app that answers, redirects, fails and throws; what it forgets to say is said for it. */
const handler = `
export function handler(request, response, next) {
  const path = request.url.split('?')[0]
  if (path === '/') { response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': "script-src 'self'" }); response.end('<p>') }
  else if (path === '/moved') { response.writeHead(303, { location: '/' }); response.end() }
  else if (path === '/broken') { response.writeHead(500, { 'content-type': 'text/html', 'cache-control': 'public, max-age=60' }); response.end('x') }
  else if (path === '/favicon.svg') { response.writeHead(200, { 'content-type': 'image/svg+xml', etag: '"f"' }); response.end('<svg/>') }
  else if (path === '/_app/immutable/a.js') { response.writeHead(200, { 'content-type': 'text/javascript', etag: '"a"', 'cache-control': 'public,max-age=31536000,immutable' }); response.end('1') }
  else if (path === '/throws') throw new Error('a bug')
  else next()
}
`

let directory: string
let house: House
let secure: House
let full: Person
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  writeFileSync(join(directory, 'handler.js'), handler)
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  house = await openWholeHouse({ webBuild: directory })
  secure = await openWholeHouse({
    webBuild: directory,
    publicUrl: new URL('https://energy.example'),
    frameAncestors: ['https://portal.example'],
  })
  full = await house.signIn('full')
})
afterAll(async () => {
  await house.close()
  await secure.close()
  rmSync(directory, { recursive: true })
})

/** What every answer has to say, of whatever status and path. */
function assertHeaders(
  what: string,
  { headers }: RawAnswer,
  { isApi, isHttps }: { isApi: boolean; isHttps: boolean },
) {
  const policy = String(headers['content-security-policy'])
  expect(headers['cache-control'], what).toMatch(
    what.includes('/_app/immutable/')
      ? /^public,max-age=31536000,immutable$/
      : /^private, (no-store(, no-transform)?|max-age=3600)$/,
  )
  expect(headers['x-content-type-options'], what).toBe('nosniff')
  expect(headers['cross-origin-opener-policy'], what).toBe('same-origin')
  expect(headers['cross-origin-resource-policy'], what).toBe('same-origin')
  expect(headers['referrer-policy'], what).toBe(isApi ? 'no-referrer' : 'same-origin')
  expect(headers['permissions-policy'], what).toContain('camera=()')
  expect(headers['strict-transport-security'], what).toBe(isHttps ? 'max-age=31536000' : undefined)
  expect(policy.match(/frame-ancestors/g), what).toHaveLength(1)
  expect(policy, what).toContain(
    isHttps && !isApi ? 'frame-ancestors https://portal.example' : "frame-ancestors 'none'",
  )
  expect(policy, what).not.toMatch(/unsafe|\*|data:|http:/)
  if (isApi)
    expect(policy, what).toContain(
      "default-src 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'",
    )
  for (const name of ['x-powered-by', 'server', 'via', 'access-control-allow-origin', 'x-frame-options'])
    expect(headers[name], `${what}: ${name}`).toBeUndefined()
}

const values = { type: 'inverters', id: '00000000-0000-4000-8000-000000000000', n: '0' }

describe('every route says who may keep, frame, sniff and refer to its answer', () => {
  const asked: [what: string, headers: Record<string, string>, body?: string][] = [
    ['without a session', { 'x-homewatt': '1' }],
    ['without our header', {}],
    ['with a body that is none', { 'x-homewatt': '1', 'content-type': 'application/json' }, '{'],
    ['with a body of another type', { 'x-homewatt': '1', 'content-type': 'text/plain' }, 'x'],
    [
      'with a body that is too large',
      { 'x-homewatt': '1', 'content-type': 'application/json' },
      'x'.repeat(17_000),
    ],
  ]

  test.each(asked)('%s', async (what, headers, body) => {
    for (const name of Object.keys(routes)) {
      const [method = '', path = ''] = name.split(' ')
      const text = method === 'GET' ? undefined : body
      const sent = pathTo(path, values)
      assertHeaders(
        `${name} ${what}`,
        await sendAsWritten(house.url, method, sent, { host: 'localhost:3000', ...headers }, text),
        { isApi: true, isHttps: false },
      )
      assertHeaders(
        `${name} ${what}`,
        await sendAsWritten(secure.url, method, sent, { host: 'energy.example', ...headers }, text),
        { isApi: true, isHttps: true },
      )
    }
  })

  test('with a session', async () => {
    const id = await full.deviceId('inverters')
    for (const [name, { body }] of Object.entries(routes)) {
      const [method = '', path = ''] = name.split(' ')
      // The stream does not end, and its own test says what its headers are; what ends the session ends the test.
      if (name === 'GET /api/stream' || ['/api/session/end', '/api/demo/sign-in'].includes(path)) continue
      const answer = await sendAsWritten(
        house.url,
        method,
        pathTo(path, { ...values, id }),
        {
          host: 'localhost:3000',
          cookie: full.cookie,
          'x-homewatt': '1',
          'content-type': 'application/json',
        },
        method === 'GET' || body === undefined
          ? undefined
          : JSON.stringify(typeof body === 'function' ? body('inverters') : body),
      )
      assertHeaders(name, answer, { isApi: true, isHttps: false })
    }
  })

  test('as a stream', async () => {
    const stream = await (await house.signIn('full')).stream()
    assertHeaders(
      'GET /api/stream',
      { status: 200, headers: stream.headers, body: '' },
      { isApi: true, isHttps: false },
    )
    stream.close()
  })

  test.each(['HEAD', 'OPTIONS', 'PATCH', 'PUT', 'PROPFIND', 'SEARCH'])('asked with %s', async (method) => {
    for (const name of Object.keys(routes)) {
      const path = pathTo(name.split(' ')[1] ?? '', values)
      assertHeaders(
        `${method} ${path}`,
        await sendAsWritten(house.url, method, path, { host: 'localhost:3000' }),
        { isApi: true, isHttps: false },
      )
    }
  })
})

describe('every page and file', () => {
  test.each([
    '/',
    '/moved',
    '/broken',
    '/throws',
    '/favicon.svg',
    '/_app/immutable/a.js',
    '/nowhere',
    '/apis',
    '//evil.example',
    '/%2e%2e/x',
    '/index.php?x=/api/home',
  ])('%s', async (path) => {
    assertHeaders(path, await sendAsWritten(house.url, 'GET', path, { host: 'localhost:3000' }), {
      isApi: false,
      isHttps: false,
    })
    assertHeaders(path, await sendAsWritten(secure.url, 'GET', path, { host: 'energy.example' }), {
      isApi: false,
      isHttps: true,
    })
  })

  test('a page keeps the policy that it came with', async () => {
    const { headers } = await sendAsWritten(secure.url, 'GET', '/', { host: 'energy.example' })
    expect(headers['content-security-policy']).toBe(
      "script-src 'self'; frame-ancestors https://portal.example",
    )
  })
})

describe('where nobody answers', () => {
  test.each<[string, Record<string, string>, number]>([
    ['/api/home', { host: 'evil.example' }, 421],
    ['/', { host: 'evil.example' }, 421],
    ['/api/home', { host: 'energy.example', upgrade: 'h2c', connection: 'upgrade' }, 400],
  ])('%s for %j: %d', async (path, headers, status) => {
    const answer = await sendAsWritten(secure.url, 'GET', path, headers)
    expect(answer.status).toBe(status)
    expect(answer.headers['cache-control']).toBe('private, no-store')
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    expect(answer.headers['content-security-policy']).toContain('frame-ancestors')
  })
})

describe('every cookie', () => {
  test('is for our host and path alone, out of reach of scripts, and not sent along from elsewhere', async () => {
    const seen = new Set<string>()
    for (const [target, host] of [
      [house, 'localhost:3000'],
      [secure, 'energy.example'],
    ] as const) {
      const isHttps = host === 'energy.example'
      const post = (path: string, body: unknown) =>
        sendAsWritten(
          target.url,
          'POST',
          path,
          { host, 'x-homewatt': '1', 'content-type': 'application/json' },
          JSON.stringify(body),
        )
      for (const answer of [
        await post('/api/demo/sign-in', { home: 'full' }),
        await post('/api/sign-in', {}),
        await post('/api/session/end', {}),
      ])
        for (const cookie of answer.headers['set-cookie'] ?? []) {
          const [pair = '', ...rules] = cookie.split('; ')
          const name = pair.split('=')[0] ?? ''
          seen.add(name)
          expect(name).toMatch(isHttps ? /^__Host-Http-homewatt(-sign-in)?$/ : /^homewatt(-sign-in)?$/)
          expect(rules).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly']))
          expect(rules.includes('Secure')).toBe(isHttps)
          expect(rules.some((rule) => /^domain/i.test(rule))).toBe(false)
          const site = rules.find((rule) => rule.startsWith('SameSite='))
          // Inside a page of the partner it has to be sent along; there it is kept apart for that page.
          if (site === 'SameSite=None') expect(rules).toContain('Partitioned')
          else expect(site).toBe(name.endsWith('sign-in') ? 'SameSite=Lax' : 'SameSite=Strict')
        }
    }
    expect(seen).toContain('__Host-Http-homewatt')
  })
})
