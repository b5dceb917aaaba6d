import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPartnerClient, NotAuthorized, realTime } from '@homewatt/client'
import { BadEnvironment, readSettings, type Settings } from './env.ts'
import { createGateway } from './gateway.ts'
import { createLog, traceOf } from './log.ts'
import { StoreTooNew } from './migrate.ts'
import { openStore, type Store } from './store.ts'

/** The one place that reads the environment and picks the real parts. */
const settings = orSay(() =>
  readSettings(process.env, fileURLToPath(new URL('../../web/build', import.meta.url))),
)
const log = createLog(settings.logLevel)
process.on('unhandledRejection', (error) =>
  log.error({ event: 'unhandled_rejection', error: traceOf(error) }),
)

const store = await storeIn(settings)
const { url: partnerUrl, ...credential } = settings.partner
const client = createPartnerClient({ baseUrl: partnerUrl.href, ...credential })
const gateway = createGateway({
  ...settings,
  client,
  store,
  log,
  partnerUrl,
  time: realTime,
  random: Math.random,
})

let isStopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (isStopping) return
    isStopping = true
    void gateway.close().then(() => process.exit(0))
  })

try {
  await gateway.listen(settings.port)
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
  stop(`Port ${settings.port} is in use: stop what listens there, or set PORT to another one.`)
}

try {
  await client.checkCredential()
} catch (error) {
  if (error instanceof NotAuthorized)
    stop('The Partner API refuses the credential: check PARTNER_CLIENT_ID and PARTNER_CLIENT_SECRET.')
  // Not reachable is not wrong: the gateway starts and heals when it is.
  log.warn({ event: 'partner_unreachable_at_start', error: traceOf(error) })
}

if (settings.demo) await gateway.warm('full')
if (!isStopping) process.stdout.write(`Homewatt is ready: ${settings.publicUrl.origin}\n`)

async function storeIn({ dataDir, databaseUrl }: Settings): Promise<Store> {
  try {
    return await openStore(databaseUrl ?? join(dataDir, 'homewatt.sqlite'), (error) =>
      log.warn({ event: 'store_connection_lost', error: traceOf(error) }),
    )
  } catch (error) {
    if (error instanceof StoreTooNew)
      return stop(
        'The stored data was written by a newer version of Homewatt: start that one again, or restore a backup from before it.',
      )
    log.error({ event: 'store_failed', error: traceOf(error) })
    return stop(
      databaseUrl === null
        ? `${dataDir} cannot be written to: set DATA_DIR to a directory that can.`
        : 'The database of DATABASE_URL cannot be used: check that it runs, and that user, password and database exist.',
    )
  }
}

function orSay<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof BadEnvironment) return stop(error.message)
    throw error
  }
}

function stop(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
