import { beforeAll, describe, expect, test } from 'vitest'
import { nginxBin, nginxMissing, openNginx } from '../../apps/gateway/src/nginx.test-support.ts'
import { routes } from '../../apps/gateway/src/routes.test-support.ts'
import { pathTo, sendAsWritten } from '../../apps/gateway/src/whole-house.test-support.ts'
import { varnishMissing, openVarnish } from '../../apps/gateway/src/varnish.test-support.ts'
import type { ControlHome, Stack } from './stack.ts'
import { duringTests, useStack } from './use-stack.ts'

/** Keeps every answer that it is not told to leave alone, whoever it was for and whatever cookie it sets. */
const greedyNginx = {
  inHttp: 'proxy_cache_path DIR/cache keys_zone=greedy:10m;',
  inLocation: `
    proxy_cache greedy;
    proxy_cache_key $request_uri;
    proxy_cache_methods GET HEAD POST;
    proxy_cache_valid any 10m;
    proxy_ignore_headers Set-Cookie Vary;
    add_header x-cache $upstream_cache_status always;`,
}

const caches: { name: string; missing: string | null; open(stack: Stack): Promise<Cache> }[] = [
  {
    name: 'an nginx',
    missing: nginxBin === null ? nginxMissing : null,
    open: ({ url }) => openNginx(url, { ...greedyNginx, host: new URL(url).host }),
  },
  {
    name: 'a Varnish',
    missing: varnishMissing,
    open: ({ url }) => openVarnish(url, new URL(url).host),
  },
]

type Cache = { url: string; close(): Promise<void> }

const stack = useStack()
let anna: { cookie: string; home: ControlHome }
let bert: { cookie: string; home: ControlHome }
let hashed: string
beforeAll(async () => {
  anna = { cookie: await stack.signIn('solar'), home: await stack.home('solar') }
  bert = { cookie: await stack.signIn('many'), home: await stack.home('many') }
  const page = await (await fetch(stack.url, { headers: { cookie: anna.cookie } })).text()
  hashed = /"(\/_app\/immutable\/[^"]+\.js)"/.exec(page)?.[1] ?? expect.fail('The page has no script.')
})

describe.each(caches)('behind $name', ({ missing, open }) => {
  describe.skipIf(missing !== null)(missing ?? 'that keeps whatever it may', () => {
    const cache = duringTests(() => open(stack))

    const ask = (path: string, cookie = '', method = 'GET') =>
      sendAsWritten(cache.url, method, path, { ...(cookie ? { cookie } : {}), 'x-homewatt': '1' })
    const holds = (text: string, home: ControlHome) =>
      home.devices.some(({ id }) => text.includes(id)) || text.includes(home.user_id)

    /** What people open and what scripts ask for; and what it is called by those who hope for a cache. */
    function paths(): string[] {
      const [device] = anna.home.devices
      const values = { type: device?.type ?? '', id: device?.id ?? '', n: '0' }
      const own = [
        '/',
        `/${values.type}/${values.id}`,
        '/demo',
        '/sign-in',
        '/actions/return',
        '/nowhere',
        '/favicon.svg',
        '/manifest.webmanifest',
      ]
      const api = Object.keys(routes)
        .filter((name) => name.startsWith('GET ') && name !== 'GET /api/stream')
        .map((name) => pathTo(name.slice(4), values))
      const tricks = ['.css', '.js', '.png', '.svg', ';.js', ';x.css', '%2ecss', '%3b.js', '/x.css', '/.css', '/..%2fx.js', '%2fx.css', '%0a.css', '%00.js', '%23.js', '%3f.js', '/%2e%2e/x.css', '/../x.css', '//x.css', '\\x.css', '?x.css', '?.js', '/_app/immutable/x.js', '/favicon.svg', '/static/x.css'] // prettier-ignore
      return [
        ...own,
        ...api,
        ...[
          ...own.slice(0, 2),
          '/api/home',
          '/api/session',
          `/api/devices/${values.type}/${values.id}`,
        ].flatMap((path) => tricks.map((trick) => path + trick)),
      ]
    }

    test('nobody gets what was meant for somebody else, and nothing is kept', async () => {
      let seen = 0
      const kept: string[] = []
      for (const path of paths())
        for (const [person, other] of [
          [anna, bert],
          [bert, anna],
          [anna, bert],
          [null, anna],
          [null, bert],
        ] as const) {
          const { headers, body, status } = await ask(path, person?.cookie)
          // The cache itself says no to some.
          if (status === 400 && !('x-request-id' in headers)) continue
          if (person && holds(body, person.home)) seen++
          expect(holds(body, other.home), `${path}: ${body.slice(0, 200)}`).toBe(false)
          expect(headers['cache-control'], path).toMatch(/^private/)
          if (headers['x-cache'] === 'HIT') kept.push(path)
        }
      expect(kept).toEqual([])
      // It would prove little if nobody had got anything. Strangers get a home of the demo that is neither's.
      expect(seen).toBeGreaterThan(10)
    })

    test('what changes something is not kept either', async () => {
      for (const person of [anna, bert, anna]) {
        const { headers, body, status } = await ask('/api/refresh', person.cookie, 'POST')
        expect(status).toBe(200)
        expect(headers['x-cache']).not.toBe('HIT')
        expect(holds(body, person.home)).toBe(true)
      }
    })

    test('a path that only ends like a file is none, and has no data', async () => {
      for (const path of [
        '/api/home/x.css',
        '/api/home.css',
        '/api/home;.js',
        '/api/home%2fx.css',
        '/api/session.js',
        `/${anna.home.devices[0]?.type}/${anna.home.devices[0]?.id}.css`,
        '/x.css',
        '/_app/immutable/nowhere.js',
      ]) {
        const { status, body } = await ask(path, anna.cookie)
        expect(status, path).toBe(404)
        expect(holds(body, anna.home), path).toBe(false)
      }
    })

    test('files with a hash in their name are kept', async () => {
      await ask(hashed)
      const { headers, status } = await ask(hashed, anna.cookie)
      expect(status).toBe(200)
      expect(headers['x-cache']).toBe('HIT')
      expect(headers['cache-control']).toMatch(/^public/)
    })
  })
})

test('headers that no browser sends change nothing', async () => {
  const odd = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'http',
    'x-original-url': '/api/home',
    'x-rewrite-url': '/api/home',
    'x-forwarded-for': '127.0.0.1',
    forwarded: 'host=evil.example',
    'x-host': 'evil.example',
    'x-homewatt-protocol': 'javascript',
  }
  for (const path of ['/', '/sign-in', '/demo']) {
    const { body, headers } = await sendAsWritten(stack.url, 'GET', path, {
      cookie: anna.cookie,
      host: new URL(stack.url).host,
      ...odd,
    })
    expect(body + JSON.stringify(headers)).not.toMatch(/evil\.example|javascript:/)
  }
})
