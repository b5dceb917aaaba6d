import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPartnerClient, NotAuthorized, realTime } from '@homewatt/client'
import { BadEnvironment } from './bad-environment.ts'
import { readSettings, type Settings } from './env.ts'
import { createGateway } from './gateway.ts'
import { listenFailure, type Door } from './listen-failure.ts'
import { createLog, traceOf } from './log.ts'
import { createLoopDelay } from './loop-delay.ts'
import { createMeters } from './meters.ts'
import { StoreTooNew } from './migrate.ts'
import { alone, createNodes } from './nodes.ts'
import { openOperatingServer } from './operating.ts'
import { openStore, type Store } from './store.ts'

// Reports of a crash tell the whole environment unless told not to, and that holds every secret there is.
process.report.excludeEnv = true

/** The one place that reads the environment and picks the real parts. */
const settings = orSay(() =>
  readSettings(process.env, fileURLToPath(new URL('../../web/build', import.meta.url)), (path) =>
    readFileSync(path, 'utf8'),
  ),
)
const log = createLog(settings.logLevel)
process.on('unhandledRejection', (error) =>
  log.error({ event: 'unhandled_rejection', error: traceOf(error) }),
)

const store = await storeIn(settings)
const meters = createMeters()
const random = Math.random
const nodes =
  settings.valkeyUrl === null
    ? alone
    : createNodes({
        bus: await valkeyBus(settings.valkeyUrl),
        time: realTime,
      })
const tenants = settings.tenants.map(({ partner: { url, ...credential }, ...tenant }) => ({
  ...tenant,
  partnerUrl: url,
  client: createPartnerClient({
    baseUrl: url.href,
    ...credential,
    shares: () => nodes.count(),
    observe: (exchange) => meters.exchanged(tenant.id, exchange),
  }),
}))
const { mail, vapid } = settings.outlets
const mailer = mail && (await mailerTo(mail))
const gateway = createGateway({
  tenants,
  store,
  log,
  time: realTime,
  random,
  webBuild: settings.webBuild,
  outlets: { mailer, vapid, pushOrigins: [] },
  nodes,
  proxies: settings.proxies,
  connectionsPerSubscriber: settings.connectionsPerSubscriber,
  meters,
  pressure: createLoopDelay({ nowMs: () => performance.now(), afterTurn: setImmediate }),
})
meters.watch(() => gateway.status(), nodes)

let isStopping = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (isStopping) return
    isStopping = true
    // Whoever presses Ctrl-C shares no requests out.
    const graceMs = signal === 'SIGTERM' ? settings.drainS * 1000 : 0
    void gateway.close({ graceMs }).then(() => {
      mailer?.close()
      process.exit(0)
    })
  })

const { operating } = settings
if (operating)
  await listening({ ...operating, names: { port: 'METRICS_PORT', host: 'METRICS_HOST' } }, () =>
    openOperatingServer({ ...operating, meters, isReady: () => gateway.isReady() }),
  )
const { port, host } = settings
await listening({ port, host, names: { port: 'PORT', host: 'HOST' } }, () => gateway.listen(port, host))

await Promise.all(tenants.map(checkCredential))
await gateway.warm('full')
const origins = tenants.map(({ publicUrl }) => publicUrl.origin)
if (!isStopping) process.stdout.write(`Homewatt is ready: ${origins.join(' ')}\n`)

async function listening(door: Door, listen: () => Promise<unknown>) {
  try {
    await listen()
  } catch (error) {
    const sentence = listenFailure(error, door)
    if (sentence === null) throw error
    stop(sentence)
  }
}

async function checkCredential({ id, client }: (typeof tenants)[number]) {
  try {
    await client.checkCredential()
  } catch (error) {
    if (error instanceof NotAuthorized)
      stop(
        settings.tenants.length === 1
          ? 'The Partner API refuses the credential: check PARTNER_CLIENT_ID and PARTNER_CLIENT_SECRET.'
          : `The Partner API refuses the credential of the tenant ${id}: check its partner.client_id and client_secret.`,
      )
    // Not reachable is not wrong: the gateway starts and heals when it is.
    log.warn({ event: 'partner_unreachable_at_start', tenant: id, error: traceOf(error) })
  }
}

async function storeIn({ dataDir, databaseUrl }: Settings): Promise<Store> {
  try {
    return await openStore(databaseUrl ?? join(dataDir, 'homewatt.sqlite'), {
      startedMs: Date.now(),
      onError: (error) => log.warn({ event: 'store_connection_lost', error: traceOf(error) }),
    })
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

// What only some installations use is loaded only there, for every start would pay for it.
async function valkeyBus(url: string) {
  const { createValkeyBus } = await import('./valkey-bus.ts')
  return createValkeyBus({ url, time: realTime, random, log })
}

async function mailerTo({ url, from }: NonNullable<Settings['outlets']['mail']>) {
  const { createMailer } = await import('./mailer.ts')
  return createMailer(url, from, (why) => log.warn({ event: 'mail_failed', why }))
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
