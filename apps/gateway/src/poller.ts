import {
  Forbidden,
  ForeignDevice,
  NotAuthorized,
  NotFound,
  PartnerError,
  PartnerUnavailable,
  RateLimited,
  within,
  type PartnerClient,
  type PartnerDevice,
  type Priority,
  type Time,
} from '@homewatt/client'
import { deviceTypes, type DeviceType, type ProblemKind } from '@homewatt/contract'
import { listStaleMs } from '@homewatt/display'
import type { Disbelieve } from './disbelief.ts'
import { createDoubts } from './doubts.ts'
import { createDeviceReader, type ReadDevice, type ReadOptions } from './device-reader.ts'
import { heardOfWrite, mayHaveActions, mergeList, setProblem, type Moment } from './group.ts'
import type { DeviceRefusals } from './device-refusals.ts'
import type { Home, Homes } from './homes.ts'
import { createHurry } from './hurry.ts'
import type { LinkCheck } from './links.ts'
import { shortHash, traceOf, type Log } from './log.ts'
import { createOutage, type Asked } from './outage.ts'
import type { Plans } from './plans.ts'
import { problemOf, whyOf } from './problem-of.ts'
import { createRefusals } from './refusals.ts'
import type { Told, ToldAnswers } from './told-answers.ts'
import type { UpstreamClock } from './upstream-clock.ts'

/** Asks the Partner API for everybody: once per home and type, however many look at it. */
export type Poller = {
  /**
   * Asks for what was never answered or is older than 30 s. Resolves when there is something to show: at once
   * when all types are known, else with the first answers, and after 5 s in any case. Never rejects.
   */
  load(home: Home): Promise<void>
  /**
   * Asks anew for all types that were not asked for in the last 3 s, nor refused or unknown in the last minute. Never
   * rejects.
   */
  refresh(home: Home): Promise<void>
  /** Somebody looks at the home: it is kept up to date until the result is called by the last one. */
  watch(home: Home): () => void
  /**
   * Asks for the actions of a device that may have some, unless they were asked for in the last 3 s. Resolves
   * after 5 s in any case, and by `byMs`. Never rejects.
   */
  loadActions(home: Home, type: DeviceType, id: string, byMs: number): Promise<void>
  /**
   * Asks for what was not asked for lately, without anybody looking: last in the queue, once, and not while the
   * partner is in trouble. Resolves when that is done. Never rejects.
   *
   * @param latelyMs what was asked for within this time is left alone
   */
  visit(home: Home, latelyMs: number): Promise<void>
  /** A device of this type is about to appear or to report: while somebody looks it is asked for every 5 s. */
  expect(home: Home, type: DeviceType, isThere: () => boolean): void
  /** Another gateway was answered this list a moment ago, in place of an answer of our own. */
  took(home: Home, type: DeviceType, devices: PartnerDevice[], told: Told): Promise<void>
  /** Something was written elsewhere: what is known is asked for anew as soon as may be, if somebody looks. */
  renew(home: Home): void
  readDevice: ReadDevice
  /** A command was given: its effect is worth following also when nobody holds a stream. */
  follow(home: Home, id: string, why: 'boost' | 'reconnect'): void
  /** Now, in terms of `mergeDevice`. Takes a sequence number, so what began before is older. */
  moment(): Moment
  /** Whether somebody looks at the home, or did a moment ago. */
  isInUse(home: Home): boolean
  /** `null` while the Partner API can be asked. */
  blockedBy(): ProblemKind | null
  close(): void
}

/** At most this much is added to the cadence, so that homes drift apart. */
const JITTER_MS = 2_000
const SOONEST_REFRESH_MS = 3_000
const COLD_WAIT_MS = 5_000
/** The last viewer may be reloading the page. */
const GRACE_MS = 10_000
/** Not known or not allowed is not going to change in half a minute. */
const REFUSED_MS = 60_000
/** So far off may the age of a list of another gateway be: the partner's clock is told in whole seconds. */
const TOLD_DOUBT_MS = 1_000
/** Where somebody else's device was in the answer nothing is asked for a while, whoever wants to look. */
const QUARANTINE_MS = 5 * 60_000
const PROBE = { attempts: 1, deadlineMs: 3_000 }
/** After an outage all homes are asked one after the other, so that what they do after it is not in step. */
const SPREAD_MS = { each: 20, most: listStaleMs }
const IN_USE_MS = 60_000
const COMMAND_FOLLOW_MS = 5 * 60_000
/** Somebody without a stream who asks every now and then keeps a hurried device hurried. */
const GLANCE_MS = 15_000
/** After a day the last values are no longer worth keeping. */
const FORGET_MS = 24 * 60 * 60_000
/** How often, and how long, a new device is waited for. */
const EXPECTING = { everyMs: 5_000, forMs: 15 * 60_000 }
const SWEEP_MS = 10 * 60_000
const EMPTY_MS = 6 * 60 * 60_000

/** How much attention a home gets, and when it gets it next. Monotonic ms throughout. */
type Attention = {
  /** Who looks, and who left only moments ago. */
  viewers: number
  /** Who looks just now. */
  looking: number
  lastUsedMs: number
  /** Until when hurried devices are followed without a viewer. */
  followUntilMs: number
  /** `Infinity`: when a probe has shown that it is worth asking. */
  dueMs: Record<DeviceType, number>
  startedMs: Record<DeviceType, number>
  /** Not asked for before. */
  quarantinedMs: Record<DeviceType, number>
  inFlight: Map<DeviceType, Promise<void>>
  /** Asked for together with many others: the next question comes at a moment of its own. */
  inStep: Set<DeviceType>
  expecting: Map<DeviceType, { untilMs: number; isThere: () => boolean }>
  /** A visit is under way, or waits for its turn. */
  isVisited: boolean
  cancelTick: () => void
}

export function createPoller({
  homes,
  client,
  clock,
  time,
  random,
  log,
  checkLink,
  told,
  plans,
  deviceRefusals,
  disbelieve = () => {},
}: {
  homes: Homes
  client: PartnerClient
  clock: UpstreamClock
  time: Time
  random: () => number
  log: Log
  /** `null` where nobody may follow actions. */
  checkLink: LinkCheck | null
  told: ToldAnswers
  plans: Pick<Plans, 'see'>
  deviceRefusals: DeviceRefusals
  /** Hears what was not believed of an answer that was taken; nobody does unless said. */
  disbelieve?: Disbelieve
}): Poller {
  const attentions = new Map<Home, Attention>()
  const graces = new Set<() => void>()
  let isClosed = false
  let cancelSweep = time.after(SWEEP_MS, sweep)

  const doubts = createDoubts({ time, log, disbelieve })
  const outage = createOutage({
    policy: client.policy,
    time,
    random,
    ask: ({ home, type }) => poll(home, type, PROBE),
    isInUse,
    isAlone: (home) => [...attentions].every(([other, one]) => other === home || !isFollowed(one)),
    onBlocked(kind) {
      log.warn({ event: 'partner_blocked', kind })
      for (const home of homes.all()) {
        if (!isInUse(home)) continue
        for (const type of deviceTypes) putOff(home, type, kind)
        home.publish()
      }
    },
    onOver: askOneAfterTheOther,
  })
  const refusals = createRefusals(time, client.policy)
  const readDevice = createDeviceReader({
    homes,
    client,
    clock,
    time,
    log,
    checkLink,
    doubts,
    plans,
    refusals: deviceRefusals,
    // The list knows whether it is gone, and is asked at once by whoever keeps this home up to date.
    onGone(home, type) {
      hasten(home, type, attentionTo(home).startedMs[type] + SOONEST_REFRESH_MS)
    },
  })
  const hurry = createHurry({
    time,
    read: readDevice,
    isFollowed: (home) => isFollowed(attentionTo(home)) && !outage.blockedBy() && !isClosed,
    underWay: (home, type) => attentionTo(home).inFlight.get(type),
  })

  /** Refused, or not known: that does not change within a minute, whoever would like to know. */
  function isLeftAlone(home: Home, type: DeviceType): boolean {
    const kind = home.groups[type].problem?.kind
    const untilMs = attentionTo(home).dueMs[type]
    return (
      (kind === 'forbidden' || kind === 'not_linked') && untilMs < Infinity && time.monotonicMs() < untilMs
    )
  }

  /** Asks for it at this moment, or now when that is over, unless it is due sooner. */
  function hasten(home: Home, type: DeviceType, atMs: number) {
    if (isLeftAlone(home, type)) return
    const { dueMs } = attentionTo(home)
    dueMs[type] = Math.min(dueMs[type], Math.max(time.monotonicMs(), atMs))
  }

  function everyMs({ expecting }: Attention, type: DeviceType, nowMs: number): number {
    const expected = expecting.get(type)
    if (!expected) return listStaleMs
    if (nowMs < expected.untilMs && !expected.isThere()) return EXPECTING.everyMs
    expecting.delete(type)
    return listStaleMs
  }

  function attentionTo(home: Home): Attention {
    let attention = attentions.get(home)
    if (!attention) attentions.set(home, (attention = newAttention(time.monotonicMs())))
    return attention
  }

  const isFollowed = ({ viewers, followUntilMs }: Attention) =>
    viewers > 0 || time.monotonicMs() < followUntilMs

  function isInUse(home: Home): boolean {
    const attention = attentions.get(home)
    return !!attention && (attention.viewers > 0 || time.monotonicMs() - attention.lastUsedMs < IN_USE_MS)
  }

  /** Asks for one type now, unless that is already happening. Never rejects. */
  function poll(home: Home, type: DeviceType, options: ReadOptions = {}): Promise<void> {
    const { inFlight, dueMs, inStep, quarantinedMs } = attentionTo(home)
    const running = inFlight.get(type)
    if (running) return running
    if (isQuarantined(home, type)) {
      dueMs[type] = quarantinedMs[type]
      return Promise.resolve()
    }
    const polling = ask(home, type, options).finally(() => {
      inFlight.delete(type)
      if (inStep.delete(type) && !home.groups[type].problem) dueMs[type] = anywhereInARound()
      home.publish()
      arrange(home)
    })
    inFlight.set(type, polling)
    return polling
  }

  const isQuarantined = (home: Home, type: DeviceType) =>
    time.monotonicMs() < attentionTo(home).quarantinedMs[type]

  async function ask(home: Home, type: DeviceType, options: ReadOptions): Promise<void> {
    const attention = attentionTo(home)
    const group = home.groups[type]
    const seq = homes.nextSeq()
    const startMs = time.monotonicMs()
    const isVisit = options.priority === 'recorder'
    const wasAsked = (atMs: number) => {
      attention.startedMs[type] = atMs
      attention.dueMs[type] = atMs + everyMs(attention, type, atMs) + random() * JITTER_MS
    }
    // A visit may wait long in the queue: until it is answered, whoever looks asks as if it were not there.
    if (!isVisit) wasAsked(startMs)
    const tell = told.asking(home)
    try {
      const [{ value, dateMs }] = await Promise.all([
        client.devices(type, home.userId, options),
        home.learned.ready,
      ])
      clock.hear(dateMs, startMs, time.monotonicMs())
      if (isVisit) wasAsked(time.monotonicMs())
      outage.succeeded({ home, type })
      refusals.answered(home)
      if (group.problem) log.info({ event: 'group_healed', home: shortHash(home.key), type })
      const devices: PartnerDevice[] = value.devices
      tell(type, devices)
      const moment = { seq, nowMs: time.monotonicMs(), at: clock.now() }
      const missing = mergeList(group, devices, moment, home.learned)
      doubts.dropped(home, type, value.dropped)
      doubts.fields(type, value.faults)
      doubts.repeated(type, devices.length - new Set(devices.map(({ id }) => id)).size)
      home.publish()
      plans.see(home)
      await readAlone(home, type, missing, options.priority)
    } catch (error) {
      // That its turn did not come is nothing to tell a person.
      if (isVisit && error instanceof RateLimited) return
      failed(home, type, error)
    }
  }

  /** `actions` comes with single devices only, and only a question about it alone proves that a device is gone. */
  async function readAlone(
    home: Home,
    type: DeviceType,
    missing: readonly string[],
    priority: Priority = 'visible',
  ) {
    for (const { reading } of [...home.groups[type].devices.values()]) {
      if (!mayHaveActions(reading) && !missing.includes(reading.id)) continue
      // Without its answer a device is still worth showing; the next list tries again.
      await readDevice(home, type, reading.id, { attempts: 1, priority }).catch(() => null)
    }
  }

  function failed(home: Home, type: DeviceType, error: unknown) {
    const { dueMs, quarantinedMs } = attentionTo(home)
    const group = home.groups[type]
    const kind = problemOf(error)
    if (group.problem?.kind !== kind)
      log.warn({ event: 'group_failed', home: shortHash(home.key), type, kind, why: whyOf(error) })
    setProblem(group, kind, clock.now())
    if (error instanceof NotAuthorized) {
      dueMs[type] = Infinity
      outage.rejected({ home, type }, error.retryAfterMs)
    } else if (error instanceof PartnerUnavailable) {
      dueMs[type] = Infinity
      if (error.why === 'resting') outage.unasked({ home, type }, kind, error.retryAfterMs ?? 0)
      else outage.failed({ home, type }, kind, error.retryAfterMs)
    } else if (error instanceof RateLimited) {
      dueMs[type] = time.monotonicMs() + error.retryAfterMs * (1 + random() * 0.2)
    } else if (error instanceof Forbidden) {
      const restMs = refusals.refused(home)
      dueMs[type] = restMs === null ? time.monotonicMs() + REFUSED_MS : Infinity
      if (restMs !== null) outage.rejected({ home, type }, restMs)
    } else if (error instanceof NotFound) {
      dueMs[type] = time.monotonicMs() + REFUSED_MS
    } else if (error instanceof ForeignDevice) {
      log.error({ event: 'foreign_device', home: shortHash(home.key), type })
      dueMs[type] = quarantinedMs[type] = time.monotonicMs() + QUARANTINE_MS
    } else if (!(error instanceof PartnerError)) {
      log.error({ event: 'unexpected_error', home: shortHash(home.key), type, error: traceOf(error) })
    }
  }

  /** Not asked for now because nothing can be; the first probe that succeeds brings it back. */
  function putOff(home: Home, type: DeviceType, kind: ProblemKind) {
    attentionTo(home).dueMs[type] = Infinity
    setProblem(home.groups[type], kind, clock.now())
    outage.join({ home, type })
  }

  function askOneAfterTheOther(waiting: Asked[]) {
    const nowMs = time.monotonicMs()
    const withinMs = Math.min(SPREAD_MS.most, waiting.length * SPREAD_MS.each)
    for (const { home, type } of waiting) attentionTo(home).dueMs[type] = nowMs + random() * withinMs
    for (const home of new Set(waiting.map(({ home }) => home))) arrange(home)
  }

  /** Asks for all types that are due. The result holds those that are being asked for now. */
  function pollDue(home: Home, options: ReadOptions = {}): Promise<void>[] {
    const { inFlight, dueMs } = attentionTo(home)
    const nowMs = time.monotonicMs()
    let arePutOff = false
    for (const type of deviceTypes) {
      if (inFlight.has(type)) continue
      // Left alone by the probes while nobody was here.
      const wasDropped = dueMs[type] === Infinity && !outage.isFailing({ home, type })
      if (nowMs < dueMs[type] && !wasDropped) continue
      const blocked = outage.blockedBy()
      if (blocked) {
        putOff(home, type, blocked)
        arePutOff = true
      } else void poll(home, type, options)
    }
    if (arePutOff) home.publish()
    return [...inFlight.values()]
  }

  /** Sets the timers that this home needs: the next poll for viewers, and every device in a hurry. */
  function arrange(home: Home) {
    const attention = attentionTo(home)
    attention.cancelTick()
    if (isClosed) return
    if (attention.viewers > 0) {
      const waiting = deviceTypes.filter((type) => !attention.inFlight.has(type))
      const dueMs = Math.min(...waiting.map((type) => attention.dueMs[type]))
      if (dueMs !== Infinity)
        attention.cancelTick = time.after(dueMs - time.monotonicMs(), () => {
          // Whoever left moments ago may be back soon, but is not looking now.
          pollDue(home, attention.looking > 0 ? {} : { priority: 'hidden' })
          arrange(home)
        })
    }
    hurry.arrange(home)
  }

  /** Homes that were opened in the same moment, or came back after one, are not asked for in step from then on. */
  function spread(home: Home) {
    const { dueMs, inFlight, inStep } = attentionTo(home)
    const nowMs = time.monotonicMs()
    for (const type of deviceTypes)
      if (inFlight.has(type)) inStep.add(type)
      else if (isLeftAlone(home, type)) continue
      else if (dueMs[type] > nowMs && dueMs[type] <= nowMs + listStaleMs + JITTER_MS)
        dueMs[type] = Math.min(dueMs[type], anywhereInARound())
  }

  const anywhereInARound = () => time.monotonicMs() + random() * listStaleMs

  function use(home: Home, followMs = 0): Attention {
    const attention = attentionTo(home)
    attention.lastUsedMs = time.monotonicMs()
    attention.followUntilMs = Math.max(attention.followUntilMs, attention.lastUsedMs + followMs)
    return attention
  }

  function sweep() {
    const nowMs = time.monotonicMs()
    // Some were only made known, and nobody has asked for their devices.
    for (const home of homes.all()) {
      const { viewers, lastUsedMs } = attentionTo(home)
      if (viewers > 0 || nowMs - lastUsedMs < FORGET_MS) continue
      attentions.delete(home)
      hurry.forget(home)
      homes.forget(home)
    }
    cancelSweep = time.after(SWEEP_MS, sweep)
  }

  return {
    async load(home) {
      const wasFollowed = isFollowed(attentionTo(home))
      use(home, GLANCE_MS)
      const underWay = pollDue(home)
      const isCold = deviceTypes.some((type) => home.groups[type].state === 'loading')
      if (isCold && underWay.length > 0) await within(time, COLD_WAIT_MS, Promise.all(underWay))
      // Whatever else changes what is followed arranges that itself.
      if (!wasFollowed) arrange(home)
    },
    async refresh(home) {
      const { inFlight, startedMs } = use(home)
      if (outage.blockedBy()) {
        await within(time, COLD_WAIT_MS, outage.probeNow())
        return
      }
      const nowMs = time.monotonicMs()
      for (const type of deviceTypes)
        if (nowMs - startedMs[type] >= SOONEST_REFRESH_MS && !isLeftAlone(home, type)) void poll(home, type)
      await within(time, COLD_WAIT_MS, Promise.all(inFlight.values()))
    },
    watch(home) {
      const attention = use(home)
      const isFirst = attention.viewers++ === 0
      attention.looking++
      pollDue(home)
      if (isFirst) spread(home)
      arrange(home)
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        attention.looking--
        attention.lastUsedMs = time.monotonicMs()
        const cancel = time.after(GRACE_MS, () => {
          graces.delete(cancel)
          attention.viewers--
          arrange(home)
        })
        graces.add(cancel)
      }
    },
    async loadActions(home, type, id, byMs) {
      const known = home.device(type, id)
      if (!known || !mayHaveActions(known.reading) || outage.blockedBy()) return
      if (time.monotonicMs() - known.actionsMs < SOONEST_REFRESH_MS) return
      // Without an answer in time the rest of the device is still worth showing.
      await within(
        time,
        Math.min(COLD_WAIT_MS, byMs - time.monotonicMs()),
        readDevice(home, type, id).catch(() => null),
      )
    },
    async visit(home, latelyMs) {
      const attention = attentionTo(home)
      const { startedMs } = attention
      if (attention.isVisited) return
      attention.isVisited = true
      for (const type of deviceTypes) {
        const nowMs = time.monotonicMs()
        if (isClosed || outage.blockedBy() || nowMs - startedMs[type] < latelyMs) continue
        if (isQuarantined(home, type)) continue
        // Homes seldom get a device of a new type.
        const isEmpty = home.groups[type].state === 'known' && home.groups[type].devices.size === 0
        if (isEmpty && nowMs - startedMs[type] < EMPTY_MS) continue
        await ask(home, type, { priority: 'recorder', attempts: 1 })
        home.publish()
        arrange(home)
      }
      attention.isVisited = false
    },
    expect(home, type, isThere) {
      const attention = use(home)
      if (isThere()) return
      const nowMs = time.monotonicMs()
      attention.expecting.set(type, { untilMs: nowMs + EXPECTING.forMs, isThere })
      hasten(home, type, attention.startedMs[type] + EXPECTING.everyMs)
      arrange(home)
    },
    async took(home, type, devices, { at, ageMs, askedForMs }) {
      const { inFlight, startedMs, dueMs } = attentionTo(home)
      const nowMs = time.monotonicMs() - ageMs
      const startMs = nowMs - askedForMs
      // Our own answer is on its way or was there before, and is newer.
      if (isClosed || inFlight.has(type) || startedMs[type] > startMs) return
      startedMs[type] = startMs
      dueMs[type] = startMs + everyMs(attentionTo(home), type, startMs) + random() * JITTER_MS
      const moment = { seq: homes.seqAt(startMs - TOLD_DOUBT_MS), nowMs, at }
      await home.learned.ready
      const group = home.groups[type]
      const missing = mergeList(group, devices, moment, home.learned)
      home.publish()
      arrange(home)
      plans.see(home)
      await readAlone(home, type, missing)
    },
    renew(home) {
      const { startedMs } = attentionTo(home)
      for (const type of deviceTypes) {
        heardOfWrite(home.groups[type])
        hasten(home, type, startedMs[type] + SOONEST_REFRESH_MS)
      }
      arrange(home)
    },
    readDevice,
    follow(home, id, why) {
      use(home, COMMAND_FOLLOW_MS)
      if (why === 'reconnect') hurry.reconnecting(home, id)
      arrange(home)
    },
    moment: () => ({ seq: homes.nextSeq(), nowMs: time.monotonicMs(), at: clock.now() }),
    isInUse,
    blockedBy: () => outage.blockedBy(),
    close() {
      isClosed = true
      cancelSweep()
      outage.close()
      hurry.close()
      for (const cancel of graces) cancel()
      for (const { cancelTick } of attentions.values()) cancelTick()
    },
  }
}

function newAttention(nowMs: number): Attention {
  const never = () =>
    Object.fromEntries(deviceTypes.map((type) => [type, -Infinity])) as Record<DeviceType, number>
  return {
    viewers: 0,
    looking: 0,
    lastUsedMs: nowMs,
    followUntilMs: -Infinity,
    dueMs: never(),
    startedMs: never(),
    quarantinedMs: never(),
    inFlight: new Map(),
    inStep: new Set(),
    expecting: new Map(),
    isVisited: false,
    cancelTick: () => {},
  }
}
