import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

/** Runs the simulator as a program, until it ends or says that it is ready. */
async function run(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { env: {} })
  let out = ''
  let err = ''
  child.stderr.on('data', (chunk) => (err += String(chunk)))
  const ended = once(child, 'close') as Promise<[number | null]>
  await Promise.race([
    ended,
    new Promise<void>((resolve) =>
      child.stdout.on('data', (chunk) => {
        out += String(chunk)
        if (out.includes('\n')) resolve()
      }),
    ),
  ])
  return { child, ended, out: () => out, err: () => err }
}

test('says where it is ready, and ends cleanly', async () => {
  const { child, ended, out } = await run('--port', '0', '--start', '2026-06-17T12:00:00Z')
  const url = /^Simulator is ready: (http:\/\/localhost:\d+)\n$/.exec(out())?.[1]
  expect(url).toBeDefined()
  expect((await fetch(`${url}/_control/homes`)).status).toBe(200)
  child.kill('SIGTERM')
  expect((await ended)[0]).toBe(0)
})

test('a port in use is said in one sentence', async () => {
  const squatter = createServer().listen(0, '127.0.0.1')
  await once(squatter, 'listening')
  const { port } = squatter.address() as AddressInfo
  const { ended, err } = await run('--port', String(port))
  expect((await ended)[0]).toBe(1)
  expect(err()).toBe(`Port ${port} is in use; stop what runs there or choose another with --port.\n`)
  squatter.close()
})

test.each([
  [['--colour', 'blue'], "Unknown option '--colour'. Known are"],
  [['--port', 'abc'], '--port abc is no whole number from 0 to 65535.'],
  [['--homes', '-1'], 'Known are'],
  [['--start', 'yesterday'], '--start yesterday is no time'],
  [['--replay', '/nowhere.json'], 'Cannot read the replay mapping, /nowhere.json'],
  [['--scenario', '/nowhere.json'], 'Cannot read the scenario, /nowhere.json'],
  [['--scenario', fileURLToPath(import.meta.url)], 'is not JSON'],
  [['--scenario', fileURLToPath(new URL('../package.json', import.meta.url))], 'is no scenario'],
  [['--prices', '/nowhere.csv'], 'The price file /nowhere.csv cannot be read.'],
  [['plot', '--home', 'nobody'], 'There is no home nobody'],
  [['plot', '--colour', 'blue'], 'Known are --home'],
  [['--variant', 'owner=nobody'], 'owner'],
  [['--variant', 'colour=blue'], 'colour'],
])('%j ends with one sentence and code 1', async (args, words) => {
  const { ended, err } = await run(...args)
  expect((await ended)[0]).toBe(1)
  expect(err()).toContain(words)
  expect(err().trim().split('\n')).toHaveLength(1)
})

test('plot writes a winter and a summer week as pictures', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plots-'))
  const { ended, out } = await run('plot', '--out', folder)
  expect((await ended)[0]).toBe(0)
  const files = out().trim().split('\n')
  expect(files).toEqual([join(folder, 'full-winter.svg'), join(folder, 'full-summer.svg')])
  for (const file of files)
    expect(await readFile(file, 'utf8')).toMatch(/^<svg[^>]*>[\s\S]*polyline[\s\S]*<\/svg>\n$/)
})
