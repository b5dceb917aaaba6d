import type { IncomingMessage } from 'node:http'

/** What is given up when there is too much to do, cheapest first. */
export const shedClasses = ['background', 'read', 'stream'] as const
export type ShedClass = (typeof shedClasses)[number]

/** Turns requests away before any work is done for them, so that what goes on is answered in time. */
export type Shedding = {
  /** How long to stay away, ms; `null`: come in. */
  refuses(what: ShedClass): number | null
}

/** How long a request waits for its turn, ms. */
export type Pressure = () => number

export const noPressure: Pressure = () => 0

/** How often the pressure is looked at. */
const LOOK_MS = 50
/** Above the one more is refused, below the other less; between them everything stays as it is. Nobody notices either. */
const PRESSURE_MS = { high: 100, low: 50 }
/**
 * What one look can change. While the wait grows: by as much as it is too long, everything within half a second at the
 * worst. While it is long and does not grow, the share is almost right. And nothing is refused 4 s after the load is gone.
 */
const STEP = { up: 0.1, upMost: 0.3, upSlowly: 0.02, down: 0.04 }
/** Below nothing: a stall, or a start on a slow machine, is over before it turns anybody away. */
const CALM = -1
/** Spread, so that those who were refused do not come back together. */
const AWAY_MS = { least: 3_000, most: 8_000 }

/**
 * One dial for all classes. At 0 nobody is refused; on its way to 1 a growing share of the first class, to 2 all of that
 * and a share of the second, and so on. It moves by small steps from below 0, so one stall refuses nobody, and not at all
 * while the pressure is neither high nor low, so a load that lasts finds its share and keeps it.
 */
export function createShedding({
  pressure,
  nowMs,
  random,
}: {
  pressure: Pressure
  nowMs: () => number
  random: () => number
}): Shedding {
  let dial = CALM
  let lookedMs = nowMs()
  let beforeMs = 0

  function look() {
    const sinceMs = nowMs() - lookedMs
    if (sinceMs < LOOK_MS) return
    lookedMs = nowMs()
    const waitMs = pressure()
    if (waitMs > PRESSURE_MS.high)
      dial += waitMs > beforeMs ? Math.min(STEP.upMost, STEP.up * (waitMs / PRESSURE_MS.high)) : STEP.upSlowly
    // For a while in which nobody came, by as many steps as there would have been.
    else if (waitMs < PRESSURE_MS.low) dial -= STEP.down * Math.floor(sinceMs / LOOK_MS)
    beforeMs = waitMs
    dial = Math.min(shedClasses.length, Math.max(CALM, dial))
  }

  return {
    refuses(what) {
      look()
      const share = dial - shedClasses.indexOf(what)
      if (share <= 0 || (share < 1 && random() >= share)) return null
      return AWAY_MS.least + random() * (AWAY_MS.most - AWAY_MS.least)
    },
  }
}

/**
 * What a request is when something has to be given up; `null` for what is always answered: whether we are alive, signing
 * in and out, everything that people want done, and the files of a page that was let in.
 */
export function shedClassOf({ method, headers }: IncomingMessage, path: string): ShedClass | null {
  if (path === '/api/stream') return 'stream'
  if (path === '/api/refresh') return 'read'
  const isAsking = method === 'GET' || method === 'HEAD'
  if (!isAsking || kept.some((begin) => path.startsWith(begin))) return null
  if (background.some((begin) => path.startsWith(begin))) return 'background'
  // Without any cookie nobody is signed in, and a page can only greet.
  const isGreeting = !path.startsWith('/api/') && headers.cookie === undefined
  return isGreeting ? 'background' : 'read'
}

const kept = ['/api/health', '/api/sign-in', '/_app/']
const background = [
  '/api/history',
  '/api/audit',
  '/api/openapi.json',
  '/settings/activity',
  '/settings/history',
]
