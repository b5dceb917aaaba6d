import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, command, install, root, runtime } from './prepare.mjs'

// `npm run dev`: simulator and gateway start anew when their sources change, pages change in place at :5173.
await command(async () => {
  install()
  build()
  const gatewayUrl = `http://127.0.0.1:${process.env.PORT || 3000}`
  const env = { ...process.env, GATEWAY_URL: gatewayUrl, ORIGIN: 'http://localhost:5173' }
  const node = (args, cwd = root) =>
    spawn(runtime(), ['--disable-warning=ExperimentalWarning', ...args], { cwd, env, stdio: 'inherit' })
  const children = [
    node(['--watch', 'apps/simulator/src/main.ts']),
    node(['--watch', 'apps/gateway/src/main.ts']),
    node([join(root, 'node_modules/vite/bin/vite.js'), 'dev'], join(root, 'apps/web')),
  ]
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      for (const child of children) child.kill(signal)
    })
})
