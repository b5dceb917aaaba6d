import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from './free-port.test-support.ts'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const secrets = ['canary-token', 'canary-partner-secret', 'canary-issuer-secret', 'canary-mail-password']

let directory: string
let tokensGiven = 0
const partner = createServer((request, response) => {
  const isToken = request.url?.endsWith('/oauth2/token/')
  if (isToken) tokensGiven++
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(
      isToken
        ? JSON.stringify({ access_token: 'canary-token', token_type: 'Bearer', expires_in: 36_000 })
        : '[]',
    )
})
beforeEach(async () => {
  tokensGiven = 0
  directory = mkdtempSync(join(tmpdir(), 'homewatt-crash-'))
  partner.listen(0, '127.0.0.1')
  await once(partner, 'listening')
})
afterEach(async () => {
  partner.close()
  partner.closeAllConnections()
  rmSync(directory, { recursive: true })
})

/** Every file below the directory, with what is in it. */
const files = () =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => ({ name, text: readFileSync(join(parentPath, name), 'latin1') }))

test.each<[NodeJS.Signals, string]>([
  ['SIGHUP', 'an error that nobody caught, with every report that Node can write'],
  ['SIGABRT', 'an abort, with the limit of core dumps that the service has'],
])('%s makes it die of %s: no secret is in what it leaves', async (signal) => {
  const fails = `process.on('SIGHUP', () => { throw new Error('A mistake of ours.') })`
  const reports = `--report-uncaught-exception --report-on-fatalerror --report-directory=${directory}`
  // As `LimitCORE=0` of the service in docs/operating.md.
  const child = spawn('sh', ['-c', 'ulimit -c 0; exec "$0" "$1"', process.execPath, main], {
    cwd: directory,
    env: {
      PATH: process.env['PATH'] ?? '',
      TMPDIR: directory,
      NODE_OPTIONS: `${reports} --import=data:text/javascript,${encodeURIComponent(fails)}`,
      PORT: String(await freePort()),
      DATA_DIR: join(directory, 'data'),
      WEB_BUILD: join(directory, 'none'),
      LOG_LEVEL: 'trace',
      PUBLIC_URL: 'http://localhost:3000',
      PARTNER_API_URL: `http://127.0.0.1:${(partner.address() as AddressInfo).port}/api/partners/v2.0`,
      PARTNER_CLIENT_ID: 'homewatt',
      PARTNER_CLIENT_SECRET: 'canary-partner-secret',
      PARTNER_ORG_ID: '00000000-0000-4000-8000-000000000001',
      OIDC_ISSUER: 'https://127.0.0.1:9',
      OIDC_CLIENT_ID: 'homewatt',
      OIDC_CLIENT_SECRET: 'canary-issuer-secret',
      OIDC_USER_CLAIM: 'sub',
      SMTP_URL: 'smtps://user:canary-mail-password@127.0.0.1:9',
      SMTP_FROM: 'home@example.com',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += String(data)))
  const exited = once(child, 'close')
  await expect.poll(() => said, { timeout: 30_000 }).toContain('Homewatt is ready')
  await expect.poll(() => tokensGiven, { timeout: 10_000 }).toBe(1)
  child.kill(signal)
  const [code, killedBy] = (await exited) as [number | null, string | null]
  expect(code !== 0 || killedBy === signal).toBe(true)
  const left = [...files(), { name: 'what it said', text: said }]
  // It would prove little if it left nothing.
  expect(left.some(({ name }) => name.startsWith('report.'))).toBe(signal === 'SIGHUP')
  expect(left.length).toBeGreaterThan(1)
  for (const { name, text } of left)
    for (const secret of secrets) expect(text.includes(secret), `${secret} in ${name}`).toBe(false)
})
