import type { HomeChange, HomeSnapshot } from './gateway.ts'

/** Whether snapshot version `a` (`epoch:seq`) is newer than `b`. No schema is needed for it, so browsers can use it. */
export function isNewer(a: string, b: string): boolean {
  const [epochA = 0, seqA = 0] = a.split(':').map(Number)
  const [epochB = 0, seqB = 0] = b.split(':').map(Number)
  return epochA !== epochB ? epochA > epochB : seqA > seqB
}

/** What a snapshot becomes with a change applied; the snapshot itself when the change is not newer. */
export function applyChange(snapshot: HomeSnapshot, change: HomeChange): HomeSnapshot {
  if (!isNewer(change.version, snapshot.version)) return snapshot
  const changed = Object.fromEntries(Object.entries(change.groups).filter(([, group]) => group))
  return {
    ...snapshot,
    version: change.version,
    at: change.at,
    groups: { ...snapshot.groups, ...changed },
  }
}
