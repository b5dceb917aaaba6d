import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gatewayBench } from './gateway.ts'
import { pageBench } from './page.ts'
import { simulatorBench } from './simulator.ts'

/** A bench prints a table a person can read and returns what is kept as JSON. */
const benches: Record<string, () => Promise<unknown>> = {
  gateway: gatewayBench,
  page: pageBench,
  simulator: simulatorBench,
}

const name = process.argv[2] ?? ''
const bench = benches[name]
if (!bench) {
  console.error(`Say which bench to run: npm run bench -- ${Object.keys(benches).join(' | ')}`)
  process.exit(1)
}
const result = await bench()
const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'results')
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, `${name}.json`), JSON.stringify(result, null, 2) + '\n')
