import type { DeviceGroup } from '@homewatt/contract'

/**
 * How plainly it is said that nothing new comes: first the age, then since when, and after a day the values are
 * withdrawn, because by then they mislead more than they help.
 */
export type Staleness = {
  stage: 'aged' | 'since' | 'withdrawn'
  /** When the Partner API last answered. */
  updatedAt: string
  ageMs: number
}

const AGED_MS = 90_000
const SINCE_MS = 15 * 60_000
const WITHDRAWN_MS = 24 * 60 * 60_000

/** Of the groups that are not being renewed, the one that has waited longest; `null` while none has for 90 s. */
export function staleness(
  groups: readonly Pick<DeviceGroup, 'asked_at' | 'problem'>[],
  now: Date,
): Staleness | null {
  const [oldest] = groups
    .flatMap(({ problem, asked_at }) => (problem && asked_at !== null ? [asked_at] : []))
    .toSorted((a, b) => Date.parse(a) - Date.parse(b))
  if (oldest === undefined) return null
  const ageMs = now.getTime() - Date.parse(oldest)
  if (ageMs <= AGED_MS) return null
  return {
    stage: ageMs <= SINCE_MS ? 'aged' : isWithdrawn(oldest, now) ? 'withdrawn' : 'since',
    updatedAt: oldest,
    ageMs,
  }
}

/** Whether values that were last asked for at that time are too old to be shown. */
export function isWithdrawn(askedAt: string | null, now: Date): boolean {
  return askedAt !== null && now.getTime() - Date.parse(askedAt) > WITHDRAWN_MS
}

/** What a device is, without what it once reported; it keeps its name, its place and its age. */
const LASTING: ReadonlySet<string> = new Set([
  'id',
  'manufacturer',
  'model',
  'building',
  'current_state_last_updated_at',
  'expected_interval_s',
  'actions',
  'presence',
])

/** The device with every value unknown. */
export function withoutValues<T extends object>(reading: T): T {
  const entries = Object.entries(reading).map(([key, value]) => [
    key,
    LASTING.has(key) ? (value as unknown) : null,
  ])
  return Object.fromEntries(entries) as T
}
