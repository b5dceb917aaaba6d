import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, command, install, root, runtime } from './prepare.mjs'

// `npm test`: everything, and at the end one plain line that a person and a machine can read.
await command(async () => {
  install()
  build()
  const isPart = process.argv.length > 2
  const folder = mkdtempSync(join(tmpdir(), 'homewatt-test-'))
  const report = join(folder, 'report.json')
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { status } = spawnSync(
    runtime(),
    [
      vitest,
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    },
  )
  const results = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null
  rmSync(folder, { recursive: true })
  if (!results) {
    console.error('The test runner ended without a report.')
    process.exitCode = 1
    return
  }
  const tests = results.testResults.flatMap((file) => file.assertionResults)
  const count = (...states) => tests.filter((test) => states.includes(test.status)).length
  const skipped = tests.filter((test) => ['skipped', 'pending', 'todo', 'disabled'].includes(test.status))
  // A file that could not be loaded has no test in it, and has failed all the same.
  const broken = results.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  for (const { fullName } of skipped) console.log(`skipped: ${fullName}`)
  // The configuration leaves the journeys out, and says why, where there is no browser for them.
  const journeys = readdirSync(join(root, 'e2e/src')).filter((name) => name.endsWith('.test.ts'))
  const withoutBrowser =
    results.testResults.some(({ name }) => name.includes('e2e/src')) || isPart ? 0 : journeys.length
  if (withoutBrowser) console.log(`skipped: ${withoutBrowser} files of browser tests, for want of a Chromium`)
  const failed = count('failed') + broken.length
  console.log(`${count('passed')} passed, ${failed} failed, ${skipped.length + withoutBrowser} skipped`)
  process.exitCode = failed > 0 || status !== 0 ? 1 : 0
})
