import {
  BoostRefused,
  PartnerUnavailable,
  type BoostType,
  type PartnerClient,
  type Time,
} from '@homewatt/client'
import type { BoostAnswer } from '@homewatt/contract'
import type { CommandLimits } from './command-limits.ts'
import { notFound, tooManyRequests } from './errors.ts'
import { expectBoost, fence, type KnownDevice } from './group.ts'
import type { Home } from './homes.ts'
import type { InTurn } from './in-turn.ts'
import { shortHash, type Log } from './log.ts'
import type { Poller } from './poller.ts'
import { createReadBack, type Boostable } from './read-back.ts'

export type Outcome = BoostAnswer['outcome']

/** What people can tell a device to do. Resolves only to what is proved, or to `unconfirmed`. */
export type Commands = {
  /**
   * Charge now, or arm it for the next plug-in. Rejects with `BoostRefused`, `ApiFailure` or a `PartnerError`.
   *
   * @param byMs when the outcome has to be told, as `Time.monotonicMs`
   */
  boost(home: Home, type: BoostType, id: string, byMs: number): Promise<Outcome>
  /** Disarm; for a wallbox also end a boost that runs. Rejects likewise. */
  cancelBoost(home: Home, type: BoostType, id: string, byMs: number): Promise<Outcome>
}

const BOOST_EVERY_MS = 10_000
/** The partner may need a moment until its own reads show what it took. */
const EXPECT_MS = 30_000
/** How long a lost answer may still explain "already charging". */
const DOUBT_MS = 60_000

type Target = { home: Home; type: BoostType; id: string; key: string; byMs: number }
type Running = { kind: 'boost' | 'cancel'; outcome: Promise<Outcome> }
/** The last boost of a device; `outcome` is `null` while it is unknown, and when it failed. */
type LastBoost = { atMs: number; outcome: Outcome | null; wasInDoubt: boolean }

export function createCommands({
  client,
  poller,
  limits,
  inTurn,
  time,
  log,
}: {
  client: PartnerClient
  poller: Poller
  limits: CommandLimits
  inTurn: InTurn
  time: Time
  log: Log
}): Commands {
  const readBack = createReadBack({ readDevice: poller.readDevice, time })
  const running = new Map<string, Running>()
  const lastBoosts = new Map<string, LastBoost>()

  /** One command at a time per device, settings included; the same one again is the same command. */
  async function once(
    { key, byMs }: Target,
    kind: Running['kind'],
    run: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const present = running.get(key)
    if (present && present.kind !== kind) throw tooManyRequests(1_000)
    if (present) return present.outcome
    const outcome = inTurn(key, byMs, run).finally(() => running.delete(key))
    running.set(key, { kind, outcome })
    return outcome
  }

  function targetOf(home: Home, type: BoostType, id: string, byMs: number): Target {
    const target = { home, type, id, key: `${home.key}/${id}`, byMs }
    knownOf(target)
    return target
  }

  async function boost(target: Target): Promise<Outcome> {
    const { home, type, id, key, byMs } = target
    const startMs = time.monotonicMs()
    const before = lastBoosts.get(key)
    if (before && startMs - before.atMs < BOOST_EVERY_MS) {
      // A second tap moments later means the same.
      if (before.outcome) return before.outcome
      throw tooManyRequests(before.atMs + BOOST_EVERY_MS - startMs)
    }
    limits.admit(home.key, key)
    const last: LastBoost = { atMs: startMs, outcome: null, wasInDoubt: false }
    remember(key, last)
    try {
      await client.startBoost(type, home.userId, id, { byMs })
      last.outcome = await taken(target)
    } catch (error) {
      last.outcome = await despite(error, target, last, before)
    }
    log.info({ event: 'boost', home: shortHash(home.key), type, kind: last.outcome })
    poller.follow(home, id, 'boost')
    return last.outcome
  }

  function remember(key: string, last: LastBoost) {
    for (const [old, { atMs }] of lastBoosts) {
      if (last.atMs - atMs < DOUBT_MS) break
      lastBoosts.delete(old)
    }
    lastBoosts.delete(key)
    lastBoosts.set(key, last)
  }

  /** It was taken (204). Whether that started it or armed it, the device itself tells best. */
  async function taken(target: Target): Promise<Outcome> {
    const { home, type, id, byMs } = target
    const before = boostableOf(target)
    fence(knownOf(target), poller.moment().seq)
    const device = (await readBack.once(home, type, id, byMs)) ?? before
    if (device.is_plugged_in === false) return 'armed'
    expectBoost(knownOf(target), poller.moment(), time.monotonicMs() + EXPECT_MS)
    home.publish()
    return 'requested'
  }

  /** The answer was a failure, or none. Never sent again: what became of it is read. */
  async function despite(
    error: unknown,
    target: Target,
    last: LastBoost,
    before: LastBoost | undefined,
  ): Promise<Outcome> {
    const { home, type, id, key, byMs } = target
    if (error instanceof BoostRefused) {
      void readBack.once(home, type, id, byMs)
      const explains = before?.wasInDoubt === true && time.monotonicMs() - before.atMs < DOUBT_MS
      if (explains && error.reason === 'already_charging') return 'requested'
      throw error
    }
    if (!(error instanceof PartnerUnavailable && error.inDoubt)) {
      // Nothing was done, so nothing has to be waited for before the next try.
      lastBoosts.delete(key)
      throw error
    }
    last.wasInDoubt = true
    fence(knownOf(target), poller.moment().seq)
    const outcome = await readBack.until<Outcome>(home, type, id, byMs, (device) => {
      if (isLive(device)) return 'requested'
      return device.boost_for_next_session === true ? 'armed' : null
    })
    return outcome ?? 'unconfirmed'
  }

  async function cancel(target: Target): Promise<Outcome> {
    const { home, type, id, key, byMs } = target
    limits.admit(home.key, key)
    const endsLive = type === 'wallboxes'
    const done: Outcome = endsLive && isLive(boostableOf(target)) ? 'cancelled' : 'disarmed'
    lastBoosts.delete(key)
    let outcome: Outcome = done
    try {
      await client.cancelBoost(type, home.userId, id, { byMs })
      const known = knownOf(target)
      known.boostExpectedUntilMs = -Infinity
      fence(known, poller.moment().seq)
      await readBack.once(home, type, id, byMs)
    } catch (error) {
      if (!(error instanceof PartnerUnavailable && error.inDoubt)) throw error
      fence(knownOf(target), poller.moment().seq)
      const judge = (device: Boostable) =>
        device.boost_for_next_session !== true && !(endsLive && isLive(device)) ? done : null
      outcome = (await readBack.until(home, type, id, byMs, judge)) ?? 'unconfirmed'
    }
    log.info({ event: 'boost_cancelled', home: shortHash(home.key), type, kind: outcome })
    return outcome
  }

  return {
    async boost(home, type, id, byMs) {
      const target = targetOf(home, type, id, byMs)
      return once(target, 'boost', () => boost(target))
    },
    async cancelBoost(home, type, id, byMs) {
      const target = targetOf(home, type, id, byMs)
      return once(target, 'cancel', () => cancel(target))
    },
  }
}

function knownOf({ home, type, id }: Target): KnownDevice {
  const known = home.device(type, id)
  if (!known) throw notFound()
  return known
}

const boostableOf = (target: Target) => knownOf(target).reading as Boostable

const isLive = ({ boost_state }: Boostable) => boost_state === 'requested' || boost_state === 'ongoing'
