import { RateLimited, type PartnerClient, type Time } from '@homewatt/client'
import { DayPrices } from '@homewatt/contract'
import { momentOf, wallTime } from '@homewatt/display'
import * as v from 'valibot'
import type { Home } from './homes.ts'
import { shortHash, type Log } from './log.ts'
import { problemOf } from './problem-of.ts'
import type { UpstreamClock } from './upstream-clock.ts'

/** What power costs a home today, from the time series of one of its vehicles: no other answer holds prices, §21.20. */
export type Prices = {
  /** `null`: the home has no vehicle, or the partner does not tell. Never rejects. */
  of(home: Home): Promise<DayPrices | null>
}

type Kept = { day: number; untilMs: number; prices: Promise<DayPrices | null> }

/** A price is published once; later questions are for hours that were not published yet. */
const KEPT_MS = 60 * 60_000
const AGAIN_MS = 5 * 60_000
/** Whatever else is asked for goes first, and whoever waits for it hears of it in time. */
const QUIETLY = { priority: 'plan', attempts: 1 } as const
const ANSWER_MS = 8_000

export function createPrices({
  client,
  clock,
  timeZone,
  time,
  log,
}: {
  client: Pick<PartnerClient, 'vehicleSeries'>
  clock: Pick<UpstreamClock, 'nowMs'>
  timeZone: string
  time: Time
  log: Log
}): Prices {
  const kept = new WeakMap<Home, Kept>()

  function vehicleOf(home: Home): string | null {
    const { devices } = home.groups['electric-vehicles']
    const present = [...devices].find(([, { reading }]) => reading.presence === undefined)
    return present?.[0] ?? null
  }

  async function read(home: Home, vehicleId: string, day: number): Promise<DayPrices> {
    const fromMs = momentOf(timeZone, { day, minute: 0 })
    const toMs = momentOf(timeZone, { day: day + 1, minute: 0 })
    const query = { fromMs, toMs, resolution: '1HOUR', keywords: ['price'] } as const
    const byMs = time.monotonicMs() + ANSWER_MS
    const { value } = await client.vehicleSeries(home.userId, vehicleId, query, { ...QUIETLY, byMs })
    const hours = value.data.flatMap(({ time: at, price }) => {
      const isToday = Date.parse(at) >= fromMs && Date.parse(at) < toMs
      return isToday && typeof price === 'number' ? [{ at, price }] : []
    })
    const units = value.metadata['units']
    return v.parse(DayPrices, {
      from: new Date(fromMs).toISOString(),
      until: new Date(toMs).toISOString(),
      unit: isRecord(units) ? units['price'] : null,
      hours: hours.sort((one, other) => Date.parse(one.at) - Date.parse(other.at)),
    })
  }

  return {
    of(home) {
      const vehicleId = vehicleOf(home)
      if (vehicleId === null) return Promise.resolve(null)
      const { day } = wallTime(timeZone, clock.nowMs())
      const last = kept.get(home)
      if (last && last.day === day && time.monotonicMs() < last.untilMs) return last.prices
      const entry: Kept = {
        day,
        untilMs: time.monotonicMs() + KEPT_MS,
        prices: read(home, vehicleId, day).catch((error: unknown) => {
          const askedMs = error instanceof RateLimited ? error.retryAfterMs : 0
          entry.untilMs = time.monotonicMs() + Math.max(AGAIN_MS, askedMs)
          log.warn({ event: 'prices_unread', home: shortHash(home.key), kind: problemOf(error) })
          return null
        }),
      }
      kept.set(home, entry)
      return entry.prices
    },
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
