import { spawn } from 'node:child_process'
import { command, root } from './prepare.mjs'

// `npm run check`: side by side, for each of them has one core at work; what each has to say in one piece.
const checks = {
  tsc: ['--noEmit'],
  'svelte-check': ['--workspace', 'apps/web'],
  eslint: ['.'],
  prettier: ['--check', '.'],
}

await command(async () => {
  const codes = await Promise.all(Object.entries(checks).map(([name, args]) => run(name, args)))
  process.exitCode = codes.every((code) => code === 0) ? 0 : 1
})

/** Resolves with the exit code. */
function run(name, args) {
  const child = spawn(name, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(data))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      console.log(`${Buffer.concat(said)}${name}: ${code === 0 ? 'fine' : `failed (${code})`}`)
      resolve(code)
    })
  })
}
