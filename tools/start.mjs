import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, command, install, Problem, root, runtime } from './prepare.mjs'

// `npm start`: simulator (unless a real partner account is configured) and gateway, until Ctrl-C.
const children = []
let stopping = false

await command(async () => {
  install()
  build()
  const env = { ...process.env, LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn' }
  if (!env.PARTNER_API_URL) {
    const port = env.SIMULATOR_PORT ?? '4010'
    const simulator = launch('apps/simulator/src/main.ts', ['--port', port, ...process.argv.slice(2)], env)
    await saying(simulator, 'Simulator is ready')
    env.PARTNER_API_URL = `http://localhost:${port}/api/partners/v2.0`
  }
  launch('apps/gateway/src/main.ts', [], env)
})

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop(0))

function launch(script, args, env) {
  const child = spawn(runtime(), ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own: Ctrl-C reaches this process alone, which then ends the children in order.
    detached: process.platform !== 'win32',
  })
  children.push(child)
  child.stdout.pipe(process.stdout, { end: false })
  child.once('exit', (code) => stop(code ?? 1))
  return child
}

/** Resolves when the child prints `words`; a child that ends before has said why itself. */
function saying(child, words) {
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (data) => String(data).includes(words) && resolve())
    child.once('exit', () => reject(new Problem('Homewatt did not start: see the sentence above.')))
  })
}

/** Ends the gateway before the simulator it asks, then this process. */
async function stop(code) {
  if (stopping) return
  stopping = true
  for (const child of [...children].reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
  }
  process.exit(code)
}
