import { createHmac, timingSafeEqual } from 'node:crypto'
import { uuidOf } from './hash.ts'
import type { Device } from './devices.ts'
import { reconnect, type Home } from './world.ts'

/** Where the user was sent to resolve an action, and where to go from there. */
export type Flow = {
  id: string
  cueId: string
  successUrl: string | null
  cancelUrl: string | null
  language: string
}

/** Actions on their way to being resolved. Links are signed, bound to one user, and good for an hour. */
export type Cues = {
  /** A fresh secret for an action of a home's device. */
  secretFor(home: Home, device: Device, cueId: string, nowMs: number): string
  /** Whether a secret opens an action; `unknown` when there is no such action. */
  check(cueId: string, secret: string | null, nowMs: number): 'open' | 'refused' | 'unknown'
  /** Starts an action: from now on its outcome may be reported. */
  start(cueId: string, urls: Omit<Flow, 'id' | 'cueId'>): Flow
  flow(id: string): Flow | null
  /** The device that an action is about; `null` once it is done. */
  deviceOf(cueId: string): { home: Home; device: Device } | null
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

  return {
    secretFor(home, device, cueId, nowMs) {
      known.set(cueId, { home, device })
      const expiresS = String(Math.floor(nowMs / 1000) + LIFE_S)
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
    start(cueId, urls) {
      const flow = { id: uuidOf('flow', cueId, flows.size), cueId, ...urls }
      flows.set(flow.id, flow)
      active.add(cueId)
      return flow
    },
    flow: (id) => flows.get(id) ?? null,
    deviceOf: pending,
    finish(cueId, state, nowMs) {
      if (!active.delete(cueId)) return false
      const found = pending(cueId)
      if (state === 'success' && found) {
        found.device.cues = found.device.cues.filter((cue) => cue.id !== cueId)
        if (found.device.cues.length === 0) reconnect(found.device, nowMs)
      }
      return true
    },
  }
}

const LIFE_S = 3600
