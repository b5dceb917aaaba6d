import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Device } from './devices.ts'
import { uuidOf } from './hash.ts'
import { endOfNextDayMs } from './onboarding.ts'
import { reconnect } from './unit.ts'
import type { Home } from './world.ts'

/** A user on the way to a manufacturer, and where to go from there. */
export type Flow = {
  readonly id: string
  readonly home: Home
  readonly device: Device
  /** The action that this resolves; `null` when the partner asked for it of its own accord. */
  readonly cueId: string | null
  readonly successUrl: string | null
  readonly cancelUrl: string | null
  readonly language: string
  readonly expiresMs: number
  /** The user has come to an end here. */
  over: boolean
}

type Wishes = Pick<Flow, 'successUrl' | 'cancelUrl' | 'language'>

/** Actions on their way to being resolved. Links are signed, bound to one user, and good for an hour. */
export type Cues = {
  /** A fresh secret for an action of a home's device; good for an hour unless told otherwise. */
  secretFor(home: Home, device: Device, cueId: string, nowMs: number, lifeS?: number): string
  /** Whether a secret opens an action; `unknown` when there is no such action. */
  check(cueId: string, secret: string | null, nowMs: number): 'open' | 'refused' | 'unknown'
  /** Starts an action: from now on its outcome may be reported. It may be started again while in progress. */
  start(cueId: string, wishes: Wishes, nowMs: number): Flow
  /** Starts a sign-in that no action asked for, §8.5 of the reference. */
  authorise(home: Home, device: Device, wishes: Wishes, nowMs: number): Flow
  /** A flow that can still be walked; `null` when unknown, over, too old or needless. */
  flow(id: string, nowMs: number): Flow | null
  /** Ends a flow, and reports the outcome of its action. */
  end(flow: Flow, state: 'success' | 'fail', nowMs: number): void
  /** Reports how a started action ended; `false` when it is not active. */
  finish(cueId: string, state: 'success' | 'fail', nowMs: number): boolean
}

export function createCues(seed: number): Cues {
  const known = new Map<string, { home: Home; device: Device }>()
  const active = new Set<string>()
  const flows = new Map<string, Flow>()

  const sign = (cueId: string, userId: string, expiresS: string) =>
    createHmac('sha256', `simulator-${seed}`).update(`${cueId}.${userId}.${expiresS}`).digest('base64url')

  function pending(cueId: string) {
    const found = known.get(cueId)
    return found?.device.cues.some((cue) => cue.id === cueId) ? found : null
  }

  function begin(home: Home, device: Device, cueId: string | null, wishes: Wishes, nowMs: number): Flow {
    const id = uuidOf('flow', cueId ?? device.id, flows.size)
    const flow = { id, home, device, cueId, ...wishes, expiresMs: endOfNextDayMs(nowMs), over: false }
    flows.set(id, flow)
    return flow
  }

  function finish(cueId: string, state: 'success' | 'fail', nowMs: number): boolean {
    if (!active.delete(cueId)) return false
    const found = pending(cueId)
    if (!found || state === 'fail') return true
    const { device } = found
    const cue = device.cues.find(({ id }) => id === cueId)
    device.cues = device.cues.filter(({ id }) => id !== cueId)
    device.updatedAtMs = nowMs
    if (cue?.code === 'reauthenticate') reconnect(device, nowMs)
    return true
  }

  return {
    secretFor(home, device, cueId, nowMs, lifeS = LIFE_S) {
      known.set(cueId, { home, device })
      const expiresS = String(Math.floor(nowMs / 1000) + lifeS)
      return `${expiresS}.${sign(cueId, home.userId, expiresS)}`
    },
    check(cueId, secret, nowMs) {
      const found = pending(cueId)
      if (!found) return 'unknown'
      const [expiresS = '', signature = ''] = (secret ?? '').split('.')
      const expected = Buffer.from(sign(cueId, found.home.userId, expiresS))
      const given = Buffer.from(signature)
      const genuine = given.length === expected.length && timingSafeEqual(given, expected)
      return genuine && Number(expiresS) * 1000 > nowMs ? 'open' : 'refused'
    },
    start(cueId, wishes, nowMs) {
      const found = pending(cueId)
      if (!found) throw new RangeError('There is no such action.')
      active.add(cueId)
      return begin(found.home, found.device, cueId, wishes, nowMs)
    },
    authorise: (home, device, wishes, nowMs) => begin(home, device, null, wishes, nowMs),
    flow(id, nowMs) {
      const flow = flows.get(id)
      if (!flow || flow.over || flow.expiresMs <= nowMs || flow.device.deletedAtMs !== null) return null
      return flow.cueId === null || active.has(flow.cueId) ? flow : null
    },
    end(flow, state, nowMs) {
      flow.over = true
      if (state === 'success') delete flow.device.facts['authorization_url']
      if (flow.cueId !== null) finish(flow.cueId, state, nowMs)
      else if (state === 'success') reconnect(flow.device, nowMs)
    },
    finish,
  }
}

const LIFE_S = 3600
