import type { IncomingMessage, ServerResponse } from 'node:http'
import { pause, type PartnerClient, type Time } from '@homewatt/client'
import { deviceTypes, type Capability, type Release } from '@homewatt/contract'
import type { Hono } from 'hono'
import { createActionReports } from './action-reports.ts'
import { createStartAction } from './actions.ts'
import { createApi } from './api.ts'
import { createAudit } from './audit.ts'
import { createCommandLimits } from './command-limits.ts'
import { createCommands } from './commands.ts'
import { createConnect } from './connect.ts'
import { sessionCookie, signInCookie } from './cookie.ts'
import { createDeviceRefusals } from './device-refusals.ts'
import { createDemo } from './demo.ts'
import { createEmbedTokens } from './embed-tokens.ts'
import { notSignedIn } from './errors.ts'
import { securityHeaders, type SecurityHeaders } from './headers.ts'
import type { HomeOwner } from './home-key.ts'
import { sayingDisbelief, type Disbelieve } from './disbelief.ts'
import { createHomes, type Home } from './homes.ts'
import type { LearnedStore } from './learned.ts'
import { createInTurn } from './in-turn.ts'
import { aliasesOf, createLinkCheck } from './links.ts'
import type { Log } from './log.ts'
import { write } from './node-bridge.ts'
import type { Nodes } from './nodes.ts'
import { createPeople } from './people.ts'
import { createPlans } from './plans.ts'
import { createPoller } from './poller.ts'
import { createPrices } from './prices.ts'
import { createRateGate } from './rate-gate.ts'
import { createRecorder } from './recorder.ts'
import { createHomeRecords } from './records.ts'
import { createRetention } from './retention.ts'
import { createRounds } from './rounds.ts'
import { createSessions, type Session } from './sessions.ts'
import { createDeviceSettings } from './settings.ts'
import { createSignIn } from './sign-in.ts'
import type { Meters, TenantStatus } from './meters.ts'
import type { Store } from './store.ts'
import { createStreams } from './stream.ts'
import { createTelling, type Outlets } from './telling.ts'
import type { Tenant } from './tenants.ts'
import { createToldAnswers } from './told-answers.ts'
import { createToldWrites } from './told-writes.ts'
import { TRANSACTION_MS } from './transaction.ts'
import { createUpstreamClock } from './upstream-clock.ts'

/** A tenant with the one thing that holds its credential in place of the credential. */
export type TenantOptions = Omit<Tenant, 'partner'> & {
  client: PartnerClient
  /** Base URL of the Partner API; its origin is one that people may be sent to. */
  partnerUrl: URL
}

/** What all tenants share: no part of it knows a home by anything but tenant and user. */
export type Shared = {
  store: Store
  learned: LearnedStore
  log: Log
  time: Time
  random: () => number
  outlets: Outlets
  nodes: Nodes
  /** Of the pages; `null` without them. */
  release: Release | null
  meters: Pick<Meters, 'disbelieved' | 'streamCut'>
}

/** Everything that answers for one tenant: its homes, its people, its account at the Partner API. */
export type ServedTenant = {
  readonly options: TenantOptions
  /** Of each of its answers. */
  readonly headers: SecurityHeaders
  /** The API but for the two that follow, which everybody asks for and which are written to the raw response. */
  readonly api: Hono<never>
  home(request: IncomingMessage, response: ServerResponse): Promise<void>
  stream(request: IncomingMessage, response: ServerResponse): Promise<void>
  /** Resolves when all types of the demo home are known, or when it is closed. */
  warm(home: string): Promise<void>
  /** Asks the Partner API nothing more of its own accord. */
  stop(): void
  /** How it is doing just now. */
  status(): TenantStatus
  /** Ends the streams. */
  closeStreams(): Promise<void>
  close(): Promise<void>
}

const CONNECT_ORIGINS = ['https://connect.podero.com', 'https://app.podero.com']
const WARM_AGAIN_MS = 500
/** When all is known, the audit trail may take so long to be told. */
const END_MS = 1_000

export function serveTenant(options: TenantOptions, shared: Shared): ServedTenant {
  const { id: tenant, publicUrl, partnerUrl } = options
  const { store, learned, log, time, random, outlets, nodes, release, meters } = shared
  const clock = createUpstreamClock(time)
  const isOn = (name: Capability) => !options.switchedOff.includes(name)
  const { keptMonths, roundMs, mostWaiting } = options.history
  const recorder =
    roundMs === null || !isOn('history')
      ? null
      : createRecorder({ rows: store.readings, time, log, ...(mostWaiting ? { mostWaiting } : {}) })
  const homes = createHomes({
    epoch: store.epoch,
    clock,
    time,
    timeZone: options.timeZone,
    learnedOf: (owner) => learned.of(owner),
    onChange(home, types) {
      recorder?.saw(home, types)
      telling.watcher?.saw(home, types)
      reports.saw(home, types)
    },
  })
  const checkLink = createLinkCheck([...aliasesOf(partnerUrl), ...CONNECT_ORIGINS, ...options.actionOrigins])
  const writes = createToldWrites({
    tenant,
    nodes,
    onWrite: (owner) => withKnown(owner, (home) => poller.renew(home)),
  })
  const disbelieve: Disbelieve = (what, count) => meters.disbelieved(tenant, what, count)
  const client = writes.counted(sayingDisbelief(options.client, disbelieve))
  const reports = createActionReports({ client, time, log })
  const told = createToldAnswers({
    tenant,
    nodes,
    writes,
    clock,
    time,
    onAnswer: (owner, type, devices, told) =>
      withKnown(owner, (home) => void poller.took(home, type, devices, told)),
  })
  const plans = createPlans({ client, homes, time, log })
  const deviceRefusals = createDeviceRefusals({ time, log })
  const poller = createPoller({
    homes,
    client,
    clock,
    time,
    random,
    log,
    checkLink: isOn('reconnect') ? checkLink : null,
    told,
    plans,
    deviceRefusals,
    disbelieve,
  })
  const rounds =
    // What happens in a home that nobody looks at is recorded and told.
    roundMs === null || !(isOn('history') || isOn('notices'))
      ? null
      : createRounds({
          owners: () => store.links.owners(tenant),
          homes,
          poller,
          time,
          random,
          log,
          everyMs: roundMs,
          isMine: () => nodes.isFirst(),
        })
  const limits = createCommandLimits(time)
  const inTurn = createInTurn(time)
  const ofDevices = { client, poller, limits, inTurn, time }
  const deviceSettings = createDeviceSettings({ ...ofDevices, plans })
  const telling = createTelling({
    tenant,
    switchedOff: options.switchedOff,
    publicUrl,
    brand: options.brand.brand.name,
    timeZone: options.timeZone,
    outlets,
    store,
    settings: deviceSettings,
    homes,
    poller,
    clock,
    time,
    log,
  })
  const retention = createRetention({ store, tenant, keptMonths, time, log })
  const sessions = createSessions({ store, tenant, life: options.sessionLife, nodes, time, log })
  const streams = createStreams({
    poller,
    sessions,
    release,
    time,
    random,
    onCut: () => meters.streamCut(tenant),
  })
  const cookie = sessionCookie(publicUrl)
  const demo = options.demo ? createDemo({ client, time }) : null
  const { signIn: settings, embed } = options
  const answerWithinMs = client.policy.answerMs - END_MS
  const api = createApi({
    tenant,
    brand: options.brand,
    switchedOff: options.switchedOff,
    homes,
    poller,
    commands: createCommands({ ...ofDevices, log }),
    startAction: createStartAction({
      client,
      poller,
      limits,
      checkLink,
      publicUrl,
      reports,
      refusals: deviceRefusals,
    }),
    reports,
    connect: createConnect({
      client,
      poller,
      limits,
      checkLink,
      settings: store.settings,
      publicUrl,
      priceZone: options.priceZone,
      time,
    }),
    records: createHomeRecords({ client, limits }),
    prices: createPrices({ client, clock, timeZone: options.timeZone, time, log }),
    settings: deviceSettings,
    sessions,
    cookie,
    store,
    recorder,
    audit: createAudit({ rows: store.audit, time, log }),
    telling,
    time,
    demo,
    signIn: settings && createSignIn({ tenant: options, settings, once: store.once, time }),
    signInCookie: signInCookie(publicUrl, TRANSACTION_MS / 1000),
    signInGate: createRateGate(time),
    embedTokens: embed && createEmbedTokens({ tenant: options, settings: embed, once: store.once, time }),
    people: createPeople({
      tenant,
      client,
      links: store.links,
      createUsers: settings?.createUsers ?? false,
      answerWithinMs,
      time,
    }),
    origins: aliasesOf(publicUrl),
    clock,
    log,
    answerWithinMs,
  })
  let isStopped = false

  /** Homes that nobody asked for here are nothing to keep up to date. */
  function withKnown(owner: HomeOwner, then: (home: Home) => void) {
    const home = homes.known(owner)
    if (home) then(home)
  }

  /** The session of a request and its home, with something to show; `null` when nobody is signed in. */
  async function loaded(request: IncomingMessage): Promise<{ session: Session; home: Home } | null> {
    const session = await sessions.find(cookie.read(request.headers.cookie))
    if (!session) return null
    const home = homes.of({ tenant: session.tenant, userId: session.userId })
    await poller.load(home)
    return { session, home }
  }

  return {
    options,
    headers: securityHeaders(publicUrl.protocol === 'https:', options.frameAncestors),
    api,
    async home(request, response) {
      const found = await loaded(request)
      if (!found) return write(response, notSignedIn())
      const wire = found.home.snapshotWire()
      response.writeHead(200, ['content-type', 'application/json', 'content-length', String(wire.length)])
      response.end(wire, 'latin1')
    },
    async stream(request, response) {
      const found = await loaded(request)
      if (!found) return write(response, notSignedIn())
      if (response.destroyed) return
      streams.open(response, found.home, found.session)
    },
    async warm(name) {
      for (;;) {
        const userId = await demo?.userIdOf(name).catch(() => null)
        if (userId) {
          const home = homes.of({ tenant, userId })
          await poller.load(home)
          if (deviceTypes.every((type) => home.groups[type].state === 'known')) return
        }
        if (isStopped) return
        await pause(time, WARM_AGAIN_MS)
      }
    },
    stop() {
      isStopped = true
      rounds?.close()
      retention.close()
      poller.close()
    },
    status() {
      const nowMs = time.monotonicMs()
      const all = [...homes.all()]
      const askedMs = all
        .filter((home) => poller.isInUse(home))
        .flatMap(({ groups }) => Object.values(groups))
        .flatMap((group) => (group.state === 'known' ? [group.askedMs] : []))
      return {
        tenant,
        homes: all.length,
        streams: streams.count(),
        oldestS: askedMs.length === 0 ? null : (nowMs - Math.min(...askedMs)) / 1000,
        blockedBy: poller.blockedBy(),
        resting: client.resting().length,
        budget: client.budget(),
        recorder: recorder && { waiting: recorder.waiting(), isPaused: recorder.isPaused() },
      }
    },
    closeStreams: () => streams.close(),
    async close() {
      await telling.close()
      await recorder?.close()
      await client.close()
    },
  }
}
