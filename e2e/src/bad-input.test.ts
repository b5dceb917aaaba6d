import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort, runProgram, startProgram, type Program } from './stack.ts'

const simulator = 'apps/simulator/src/main.ts'
const gateway = 'apps/gateway/src/main.ts'

let folder: string
let taken: Server
let takenPort: string
let partner: Program
let partnerUrl: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'homewatt-bad-input-'))
  const port = await freePort()
  taken = createServer()
  await new Promise<void>((resolve) => taken.listen(port, resolve))
  takenPort = String(port)
  const partnerPort = await freePort()
  partner = await startProgram(simulator, 'Simulator is ready', ['--port', String(partnerPort)])
  partnerUrl = `http://localhost:${partnerPort}/api/partners/v2.0`
})
afterAll(async () => {
  taken.close()
  await partner.end()
  rmSync(folder, { recursive: true })
})

/** Runs a program that cannot work, to its end; what it said on stderr. */
async function complaintOf(
  script: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<{ said: string; code: number | null }> {
  const program = runProgram(script, args, env)
  let said = ''
  program.process.stderr?.on('data', (data) => (said += data))
  const code = await new Promise<number | null>((resolve) => program.process.once('close', resolve))
  return { said: said.trim(), code }
}

/** One sentence in one line, without a trace of the code that says it. */
const oneSentence = /^[^\n]+\.$/

/** A gateway that would work, if it were not for `env`. */
const gatewayWith = (env: Record<string, string>) =>
  complaintOf(gateway, [], {
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    PARTNER_API_URL: partnerUrl,
    LOG_LEVEL: 'silent',
    ...env,
  })

describe('the gateway ends with one sentence that says what to do, and exit code 1, when', () => {
  test.each<[string, () => Record<string, string>, RegExp]>([
    ['its port is in use', () => ({ PORT: takenPort }), /^Port \d+ is in use: .*PORT/],
    // No machine has it: it is for examples (RFC 5737).
    ['its address is of another machine', () => ({ HOST: '192.0.2.1' }), /192\.0\.2\.1 .*HOST/],
    [
      'the address of its metrics is of another machine',
      () => ({ METRICS_PORT: '0', METRICS_HOST: '192.0.2.1' }),
      /METRICS_HOST/,
    ],
    ['its address has a path', () => ({ PUBLIC_URL: 'http://localhost:3000/home' }), /PUBLIC_URL/],
    ['its history is kept for half a month', () => ({ HISTORY_MONTHS: '0.5' }), /HISTORY_MONTHS/],
    ['its port is no port', () => ({ PORT: 'eighty' }), /PORT must be/],
    ['the secret is wrong', () => ({ PARTNER_CLIENT_SECRET: 'canary-wrong' }), /PARTNER_CLIENT_SECRET/],
    [
      'a real account lacks its secret',
      () => ({ PARTNER_API_URL: 'https://partner.example.com/v2.0', PARTNER_CLIENT_ID: 'canary' }),
      /^PARTNER_CLIENT_SECRET is missing/,
    ],
    [
      'a real account has nobody to sign people in',
      () => ({
        PARTNER_API_URL: 'https://partner.example.com/v2.0',
        PARTNER_CLIENT_ID: 'canary-id',
        PARTNER_CLIENT_SECRET: 'canary-secret',
        PARTNER_ORG_ID: '00000000-0000-4000-8000-000000000001',
      }),
      /OIDC_ISSUER/,
    ],
    [
      'the credential would travel in the clear',
      () => ({ PARTNER_API_URL: 'http://partner.example.com/v2.0' }),
      /https:\/\//,
    ],
    ['the organisation is no UUID', () => ({ PARTNER_ORG_ID: 'acme' }), /PARTNER_ORG_ID/],
    ['its state has nowhere to go', () => ({ DATA_DIR: '/dev/null/data' }), /DATA_DIR/],
    ['the time zone does not exist', () => ({ TIME_ZONE: 'Mars/Olympus' }), /TIME_ZONE/],
  ])('%s', async (_, env, words) => {
    const { said, code } = await gatewayWith(env())
    expect(said).toMatch(oneSentence)
    expect(said).toMatch(words)
    expect(said).not.toContain('canary')
    expect(code).toBe(1)
  })
})

describe('the simulator ends with one sentence that says what to do, and exit code 1, when', () => {
  const mapping = (file: string, text: string) => {
    const path = join(folder, file)
    writeFileSync(path, text)
    return path
  }
  test.each<[string, () => string[], RegExp]>([
    ['its port is in use', () => ['--port', takenPort], /^Port \d+ is in use;.*--port/],
    ['a flag is unknown', () => ['--sped', '60'], /--speed/],
    ['a number is none', () => ['--port', '0', '--homes', 'many'], /--homes many/],
    [
      'a replay is not there',
      () => ['--port', '0', '--replay', join(folder, 'nowhere.json')],
      /nowhere\.json/,
    ],
    [
      'a replay cannot be read',
      () => ['--port', '0', '--replay', mapping('broken.json', '{"home":')],
      /broken\.json/,
    ],
    [
      'the recording of a replay is not there',
      () => ['--port', '0', '--replay', mapping('no-csv.json', replayOf('nowhere.csv'))],
      /nowhere\.csv/,
    ],
  ])('%s', async (_, args, words) => {
    const { said, code } = await complaintOf(simulator, args())
    expect(said).toMatch(oneSentence)
    expect(said).toMatch(words)
    expect(code).toBe(1)
  })
})

test('a broken line of a recording is named by its number, and the rest is replayed', async () => {
  writeFileSync(
    join(folder, 'meters.csv'),
    [
      'time,pv,in,out',
      '2020-06-01T10:00:00Z,5,1,2',
      'half past ten,6,1,3',
      '2020-06-01T12:00:00Z,9,1.5,4',
      '2020-06-01T13:00:00Z,10,1.5,5',
    ].join('\n'),
  )
  const path = join(folder, 'meters.json')
  writeFileSync(path, replayOf('meters.csv'))
  const port = await freePort()
  const program = await startProgram(simulator, 'Simulator is ready', [
    '--port',
    String(port),
    '--replay',
    path,
    '--start',
    '2020-06-01T12:30:00Z',
  ])
  const complaints = program
    .output()
    .split('\n')
    .filter((line) => line.includes('meters.csv'))
  expect(complaints).toHaveLength(1)
  expect(complaints[0]).toMatch(/line 3\b/)
  const inverter = await fetch(`http://localhost:${port}/_control/homes/old-house/devices/inverters`)
  expect(await inverter.json()).toMatchObject({ current_solar_production_w: 1000 })
  expect(await program.end()).toBe(0)
})

function replayOf(file: string): string {
  const meter = (column: string) => ({ column, unit: 'kWh', kind: 'cumulative' })
  return JSON.stringify({
    home: 'old-house',
    attribution: 'made up',
    file,
    time: { column: 'time' },
    place: 'kassel',
    channels: { solar: meter('pv'), import: meter('in'), export: meter('out') },
  })
}
