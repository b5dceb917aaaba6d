import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { House } from './house.test-support.ts'
import { webBuild } from './page.test-support.ts'
import { openWholeHouse, sendAsWritten } from './whole-house.test-support.ts'

/** What nobody outside is meant to find, at the places where people look for it. */

const inside = [
  '/metrics', '/live', '/ready', '/health', '/status', '/api/metrics', '/api/live', '/api/ready', '/api/debug',
  '/debug', '/debug/pprof', '/actuator', '/actuator/env', '/server-status', '/trace', '/json', '/json/version',
  '/_control', '/_control/homes', '/_control/requests', '/_control/faults', '/api/_control/homes', '/oauth2/token/',
  '/api/partners/v2.0/org', '/docs', '/swagger', '/openapi.json', '/api', '/api/', '/api/v1', '/graphql', '/admin',
  '/.env', '/.git/config', '/.git/HEAD', '/.npmrc', '/.data', '/.data/homewatt.sqlite', '/homewatt.sqlite', '/store.sqlite',
  '/package.json', '/package-lock.json', '/node_modules/hono/package.json', '/src/main.ts', '/apps/gateway/src/main.ts',
  '/handler.js', '/index.js', '/server/index.js', '/server/manifest.js', '/env.js', '/build', '/client', '/_app', '/_app/', '/_app/immutable', '/_app/immutable/', '/etc/passwd', '/@fs/etc/passwd', '/@vite/client',
  '/api/../metrics', '/api/%2e%2e/metrics', '/..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/package.json',
  '/_app/..%2f..%2fpackage.json', '/_app/%2e%2e/%2e%2e/server/index.js', '/_app/immutable/..%2f..%2f..%2fhandler.js',
] // prettier-ignore

let house: House
let cookie: string
beforeAll(async () => {
  house = await openWholeHouse({ webBuild })
  cookie = (await house.signIn('full')).cookie
})
afterAll(() => house.close())

test.each(['GET', 'POST'])('%s finds nothing of the inside, signed in or not', async (method) => {
  for (const path of inside)
    for (const headers of [{}, { cookie }]) {
      const own = { host: 'localhost:3000', 'x-homewatt': '1', ...headers }
      const { status, body } = await sendAsWritten(house.url, method, path, own)
      expect([400, 401, 403, 404, 405], `${path}: ${status}`).toContain(status)
      expect(body, path).not.toMatch(/homewatt_|root:|"dependencies"|import |\[core\]|SQLite|access_token/)
      expect(body, path).not.toMatch(/node_modules|file:\/\/|\.ts:\d|at .+\(/)
    }
})

test('of the environment nothing is told but what is public by its name', async () => {
  const { body } = await sendAsWritten(house.url, 'GET', '/_app/env.js', { host: 'localhost:3000' })
  const [, told = ''] = /^export const env=(\{.*\});?\s*$/.exec(body) ?? []
  expect(Object.keys(JSON.parse(told) as object).filter((name) => name !== 'PUBLIC_URL')).toEqual([])
})

test('files that are served bring no source map, and none says where one is', () => {
  const files = readdirSync(join(webBuild, 'client'), { recursive: true }).map(String)
  expect(files.length).toBeGreaterThan(5)
  expect(files.filter((name) => name.endsWith('.map') || /\.(ts|svelte)$/.test(name))).toEqual([])
})
