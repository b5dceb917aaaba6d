import { build, command, install } from './prepare.mjs'

// `npm run build`: all that a gateway needs to start at once.
await command(async () => {
  install()
  build()
})
