import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, command, install, root, runtime } from './prepare.mjs'

// `node tools/run.mjs [--build] script.ts …`: one script on the project's own Node, with all that it needs.
await command(async () => {
  const args = process.argv.slice(2)
  install()
  if (args[0] === '--build') {
    args.shift()
    build()
  }
  const [script, ...rest] = args
  const child = spawn(runtime(), ['--disable-warning=ExperimentalWarning', join(root, script), ...rest], {
    stdio: 'inherit',
  })
  // Ctrl-C reaches the child from the terminal; this process only waits for it to end.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
})
