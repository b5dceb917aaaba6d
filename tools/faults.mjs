import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultMatrix, matrixFile, testedRows } from '../apps/gateway/src/fault-matrix.test-support.ts'
import { build, command, Problem, root, runtime } from './prepare.mjs'

// `npm run faults`: the test of every row of the fault matrix, and when all pass the page about them.
await command(async () => {
  build()
  const files = [...new Set([...testedRows().values()].flat())]
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { status } = spawnSync(runtime(), [vitest, 'run', '--testNamePattern', '^[FI]\\d+: ', ...files], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
  })
  if (status !== 0) throw new Problem('A row does not hold, so docs/faults.md was left as it is.')
  writeFileSync(matrixFile, faultMatrix())
})
