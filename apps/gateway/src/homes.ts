import { deviceTypes, type DeviceType, type HomeSnapshot } from '@homewatt/contract'
import { contentsJson, createGroup, groupJson, type Group, type KnownDevice } from './group.ts'
import { homeKey, type HomeOwner } from './home-key.ts'
import type { Time } from '@homewatt/client'
import type { Recalled } from './learned.ts'
import { tellDeadlines, type VehiclePlan } from './next-deadlines.ts'
import type { UpstreamClock } from './upstream-clock.ts'

/** The last known state of one home, and who wants to hear of changes. */
export type Home = HomeOwner & {
  readonly key: string
  readonly groups: Readonly<Record<DeviceType, Group>>
  readonly learned: Recalled
  /** Weekly plans by vehicle; only what one asks for next leaves the gateway, with the reading. */
  readonly plans: Map<string, VehiclePlan>
  version(): string
  /** `GET /api/home`, already as JSON: thousands may ask for the same. */
  snapshotJson(): string
  /**
   * The same as it goes over the wire, a letter for each byte, to be written as `latin1`: Node sends text in one piece
   * with the head of the answer, which it does not with bytes, and needs no time for letters that are bytes already.
   */
  snapshotWire(): string
  /** The data of a `beat`. */
  beatJson(): string
  device(type: DeviceType, id: string): KnownDevice | undefined
  /** Compares the groups with what was last published; when they differ, the version grows and listeners hear it. */
  publish(): void
  /** Hears the data of each `change` event; the result stops it. */
  subscribe(listener: (changeJson: string) => void): () => void
}

/** All homes that anybody asked for lately. */
export type Homes = {
  /** The home of this owner, made when it is asked for the first time. */
  of(owner: HomeOwner): Home
  /** The home of this owner if anybody asked for it lately. */
  known(owner: HomeOwner): Home | undefined
  all(): Iterable<Home>
  forget(home: Home): void
  /** Numbers that order requests and writes by when they began. */
  nextSeq(): number
  /** Between the numbers of what began here before a moment of the last seconds and those of what began after it. */
  seqAt(atMs: number): number
}

/** How exactly it is remembered which request began when, and for how long. */
const SPELL_MS = 250
const SPELLS_KEPT = 120

/**
 * @param epoch grows with every start of the process, so that versions never go back
 * @param onChange hears which types of a home have something new
 */
export function createHomes({
  epoch,
  clock,
  time,
  timeZone,
  learnedOf,
  onChange,
}: {
  epoch: number
  clock: UpstreamClock
  time: Pick<Time, 'monotonicMs'>
  timeZone: string
  learnedOf: (owner: HomeOwner) => Recalled
  onChange: (home: Home, types: readonly DeviceType[]) => void
}): Homes {
  const homes = new Map<string, Home>()
  let requests = 0
  /** The last one of each spell, oldest first. */
  const spells: { fromMs: number; last: number }[] = []
  // One count for all homes: a home that was forgotten and is made again goes on above its old versions.
  let versions = 0
  const nextVersion = () => `${epoch}:${++versions}`

  return {
    of(owner) {
      const key = homeKey(owner)
      let home = homes.get(key)
      if (!home)
        homes.set(
          key,
          (home = createHome({
            ...owner,
            key,
            clock,
            timeZone,
            nextVersion,
            learned: learnedOf(owner),
            onChange,
          })),
        )
      return home
    },
    known: (owner) => homes.get(homeKey(owner)),
    all: () => homes.values(),
    forget: (home) => void homes.delete(home.key),
    nextSeq() {
      const nowMs = time.monotonicMs()
      const spell = spells.at(-1)
      requests++
      if (spell && nowMs - spell.fromMs < SPELL_MS) spell.last = requests
      else if (spells.push({ fromMs: nowMs, last: requests }) > SPELLS_KEPT) spells.shift()
      return requests
    },
    seqAt(atMs) {
      const before = spells.findLast(({ fromMs }) => fromMs + SPELL_MS <= atMs)
      return (before?.last ?? (spells[0] ? 0 : requests)) + 0.5
    },
  }
}

function createHome({
  tenant,
  userId,
  key,
  clock,
  timeZone,
  nextVersion,
  learned,
  onChange,
}: HomeOwner & {
  key: string
  clock: UpstreamClock
  timeZone: string
  nextVersion: () => string
  learned: Recalled
  onChange: (home: Home, types: readonly DeviceType[]) => void
}): Home {
  const groups = Object.fromEntries(deviceTypes.map((type) => [type, createGroup(type, timeZone)])) as Record<
    DeviceType,
    Group
  >
  const listeners = new Set<(changeJson: string) => void>()
  let version = nextVersion()
  /** What was last published, by type, without `asked_at`: being asked again is no change. */
  let published = contents(groups)
  /** The groups as they go over the wire, until something of them changes. */
  let last: { version: string; askedAt: (string | null)[]; wire: string } | null = null

  function groupsWire(): string {
    const askedAt = deviceTypes.map((type) => groups[type].askedAt)
    if (last?.version !== version || askedAt.some((one, n) => one !== last?.askedAt[n]))
      last = { version, askedAt, wire: wireOf(groupsJson(groups, deviceTypes)) }
    return last.wire
  }

  const home: Home = {
    tenant,
    userId,
    key,
    groups,
    learned,
    plans: new Map(),
    version: () => version,
    snapshotJson: () => withGroups({ version, at: clock.now(), time_zone: timeZone }, groups, deviceTypes),
    snapshotWire: () => wireOf(headJson({ version, at: clock.now(), time_zone: timeZone })) + groupsWire(),
    beatJson: () =>
      JSON.stringify({
        at: clock.now(),
        asked_at: Object.fromEntries(deviceTypes.map((type) => [type, groups[type].askedAt])),
      }),
    device: (type, id) => groups[type].devices.get(id),
    publish() {
      tellDeadlines(home, timeZone)
      const present = contents(groups)
      const changed = deviceTypes.filter((type) => present[type] !== published[type])
      if (changed.length === 0) return
      published = present
      version = nextVersion()
      onChange(home, changed)
      if (listeners.size === 0) return
      const change = withGroups({ version, at: clock.now() }, groups, changed)
      for (const listener of listeners) listener(change)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  return home
}

function contents(groups: Readonly<Record<DeviceType, Group>>): Record<DeviceType, string> {
  return Object.fromEntries(deviceTypes.map((type) => [type, contentsJson(groups[type])])) as Record<
    DeviceType,
    string
  >
}

/** As JSON: the head with these groups in it. */
const withGroups = (
  head: Head,
  groups: Readonly<Record<DeviceType, Group>>,
  types: readonly DeviceType[],
): string => headJson(head) + groupsJson(groups, types)

type Head = Pick<HomeSnapshot, 'version' | 'at'> & { time_zone?: string }

/** The beginning of it, up to the groups. */
const headJson = (head: Head) => JSON.stringify(head).slice(0, -1)

/** The rest of it. */
function groupsJson(groups: Readonly<Record<DeviceType, Group>>, types: readonly DeviceType[]): string {
  const parts = types.map((type) => `"${type}":${groupJson(groups[type])}`)
  return `,"groups":{${parts.join(',')}}}`
}

const wireOf = (text: string) => Buffer.from(text).toString('latin1')
