import type { DeviceType, HomeSnapshot, Problem, ProblemKind } from '@homewatt/contract'
import type { Connection } from './connection.ts'
import { vehicleView, type VehicleView } from './electric-vehicle.ts'
import { heatPumpView, type HeatPumpView } from './heat-pump.ts'
import { inverterView, type InverterView } from './inverter.ts'
import { isWithdrawn, staleness, withoutValues, type Staleness } from './staleness.ts'
import { wallboxView, type WallboxView } from './wallbox.ts'

export type DeviceView = InverterView | VehicleView | HeatPumpView | WallboxView

export type HomeView = {
  inverters: InverterView[]
  vehicles: VehicleView[]
  heatPumps: HeatPumpView[]
  wallboxes: WallboxView[]
  /** Devices that wait for the user. */
  attention: { type: DeviceType; id: string; name: string | null; connection: Connection }[]
  /** The one thing to say about why values are not being renewed. */
  problem: Problem | null
  /** How long that has been so, once it is worth saying. */
  staleness: Staleness | null
  /** Types that were never answered: skeletons, not empty lists. */
  loading: DeviceType[]
  /** Everything answered, and there is no device. */
  empty: boolean
  /** When the Partner API last answered anything. */
  updatedAt: string | null
}

/** @param previous the view shown before, so that pictures near a threshold do not flicker */
export function homeView(snapshot: HomeSnapshot, now: Date, previous?: HomeView): HomeView {
  const heatPumps = shownGroup(snapshot.groups['heat-pumps'], now)
  const vehicles = shownGroup(snapshot.groups['electric-vehicles'], now)
  const inverters = shownGroup(snapshot.groups.inverters, now)
  const wallboxes = shownGroup(snapshot.groups.wallboxes, now)
  const views = {
    inverters: inverters.devices.map((device) =>
      inverterView(
        device,
        inverters.problem,
        now,
        previous?.inverters.find(({ id }) => id === device.id)?.flow,
      ),
    ),
    vehicles: vehicles.devices.map((device) =>
      vehicleView(device, vehicles.problem, now, snapshot.time_zone),
    ),
    heatPumps: heatPumps.devices.map((device) => heatPumpView(device, heatPumps.problem, now)),
    wallboxes: wallboxes.devices.map((device) => wallboxView(device, wallboxes.problem, now)),
  }
  const all: DeviceView[] = [...views.inverters, ...views.vehicles, ...views.heatPumps, ...views.wallboxes]
  const groups = Object.values(snapshot.groups)
  const loading = typesOnScreen.filter((type) => snapshot.groups[type].state === 'loading')
  return {
    ...views,
    attention: all
      .filter(({ connection }) => connection.kind === 'reconnect' || connection.kind === 'attention')
      .map(({ type, id, name, connection }) => ({ type, id, name, connection })),
    problem: gravest(groups.flatMap(({ problem }) => problem ?? [])),
    staleness: staleness(groups, now),
    loading,
    empty: loading.length === 0 && all.length === 0,
    updatedAt: newest(groups.flatMap(({ asked_at }) => asked_at ?? [])),
  }
}

/** The group with what of it may still be shown. */
function shownGroup<G extends HomeSnapshot['groups'][DeviceType]>(group: G, now: Date): G {
  return isWithdrawn(group.asked_at, now) ? { ...group, devices: group.devices.map(withoutValues) } : group
}

const typesOnScreen: readonly DeviceType[] = ['inverters', 'electric-vehicles', 'heat-pumps', 'wallboxes']

/** Gravest first: what lasts and concerns the whole account, then what passes by itself. */
const gravity: readonly ProblemKind[] = [
  'credentials_rejected',
  'forbidden',
  'not_linked',
  'unreachable',
  'invalid_answer',
  'rate_limited',
]

function gravest(problems: Problem[]): Problem | null {
  const rank = ({ kind }: Problem) => (gravity.includes(kind) ? gravity.indexOf(kind) : gravity.length)
  const [first] = problems.toSorted((a, b) => rank(a) - rank(b) || Date.parse(a.since) - Date.parse(b.since))
  return first ?? null
}

function newest(times: string[]): string | null {
  const [first] = times.toSorted((a, b) => Date.parse(b) - Date.parse(a))
  return first ?? null
}
