import { deviceTypes, type DeviceType, type HomeSnapshot } from '@homewatt/contract'
import { contentsJson, createGroup, groupJson, type Group, type KnownDevice } from './group.ts'
import { homeKey, type HomeOwner } from './home-key.ts'
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
  /** The same as it goes over the wire. */
  snapshotBytes(): Buffer
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
}

/**
 * @param epoch grows with every start of the process, so that versions never go back
 * @param onChange hears which types of a home have something new
 */
export function createHomes({
  epoch,
  clock,
  timeZone,
  learnedOf,
  onChange,
}: {
  epoch: number
  clock: UpstreamClock
  timeZone: string
  learnedOf: (owner: HomeOwner) => Recalled
  onChange: (home: Home, types: readonly DeviceType[]) => void
}): Homes {
  const homes = new Map<string, Home>()
  let requests = 0
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
    nextSeq: () => ++requests,
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
  const groups = Object.fromEntries(deviceTypes.map((type) => [type, createGroup(type)])) as Record<
    DeviceType,
    Group
  >
  const listeners = new Set<(changeJson: string) => void>()
  let version = nextVersion()
  /** What was last published, by type, without `asked_at`: being asked again is no change. */
  let published = contents(groups)
  /** The groups as they go over the wire, until something of them changes. */
  let last: { version: string; askedAt: (string | null)[]; groups: Buffer } | null = null

  const home: Home = {
    tenant,
    userId,
    key,
    groups,
    learned,
    plans: new Map(),
    version: () => version,
    snapshotJson: () => withGroups({ version, at: clock.now(), time_zone: timeZone }, groups, deviceTypes),
    snapshotBytes() {
      const askedAt = deviceTypes.map((type) => groups[type].askedAt)
      if (last?.version !== version || askedAt.some((one, n) => one !== last?.askedAt[n]))
        last = { version, askedAt, groups: Buffer.from(groupsJson(groups, deviceTypes)) }
      return Buffer.concat([
        Buffer.from(headJson({ version, at: clock.now(), time_zone: timeZone })),
        last.groups,
      ])
    },
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
