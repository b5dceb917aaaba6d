import { between, chance, keyOf } from '../hash.ts'

/** A car, and how its household uses it. */
export type CarSpec = {
  capacityWh: number
  /** Most it charges with at home, W: the least of car, cable and box. */
  limitW: number
  /** Share of what comes from the plug that reaches the battery. */
  efficiency: number
  /** Consumption in summer, Wh/km. */
  whPerKm: number
  /** A working day's way and back, km. */
  commuteKm: number
  /** Works away from home on these days, 0 = Monday. */
  workdays: readonly number[]
}

export type CarState = {
  storedWh: number
  atHome: boolean
  pluggedIn: boolean
}

/** The one trip of a local day; `null` when the car stays at home. */
export type Trip = { leaveMin: number; returnMin: number; km: number; plugsIn: boolean }

/** Plans a local day's trip. Depends on the home and the day only. */
export function tripOf(key: number, spec: CarSpec, day: number, weekday: number): Trip | null {
  const k = keyOf(key, 'trip', day)
  const plugsIn = chance(k, 1) < 0.88
  if (spec.workdays.includes(weekday)) {
    if (chance(k, 2) < 0.07) return null
    return {
      leaveMin: Math.round(450 + between(-22, 28, k, 3)),
      returnMin: Math.round(1050 + between(-45, 70, k, 4)),
      km: spec.commuteKm * between(0.95, 1.25, k, 5),
      plugsIn,
    }
  }
  if (chance(k, 6) < 0.4) return null
  const leaveMin = Math.round(between(560, 840, k, 7))
  return {
    leaveMin,
    returnMin: Math.round(leaveMin + between(70, 380, k, 8)),
    km: 8 + 110 * chance(k, 9) ** 2.2,
    plugsIn,
  }
}

/** Energy of a trip, Wh. Cold air and heating take up to 45 % more. */
export function tripWh(spec: CarSpec, km: number, outdoorC: number): number {
  return km * spec.whPerKm * (1 + 0.018 * Math.min(25, Math.max(0, 20 - outdoorC)))
}

/** Charging power at a level, whole watts at the plug; 0 at the limit. Above 94 % the battery takes less. */
export function chargeW(spec: CarSpec, storedWh: number, targetPercent: number): number {
  const percent = (storedWh / spec.capacityWh) * 100
  if (percent >= targetPercent - 0.05) return 0
  const taper = percent < 94 ? 1 : Math.max(0.2, (100 - percent) / 6)
  const roomW = ((((targetPercent - percent) / 100) * spec.capacityWh) / spec.efficiency) * 60
  return Math.floor(Math.min(spec.limitW * taper, roomW))
}

/** Minutes at full power from a level to another, the slow end included; 0 when it is there already. */
export function chargeMin(spec: CarSpec, storedWh: number, goalPercent: number): number {
  const perMinWh = (spec.limitW * spec.efficiency) / 60
  const percentWh = spec.capacityWh / 100
  const reach = (percent: number) => Math.min(goalPercent, percent) * percentWh
  let fromWh = storedWh
  let minutes = 0
  if (fromWh < reach(94)) {
    minutes += (reach(94) - fromWh) / perMinWh
    fromWh = reach(94)
  }
  if (fromWh < reach(98.8)) {
    const leftWh = (wh: number) => spec.capacityWh - wh
    minutes += ((6 * percentWh) / perMinWh) * Math.log(leftWh(fromWh) / leftWh(reach(98.8)))
    fromWh = reach(98.8)
  }
  return minutes + Math.max(0, reach(100) - fromWh) / (perMinWh * 0.2)
}

/** How far it gets, whole km. */
export const rangeKm = (spec: CarSpec, storedWh: number, outdoorC: number) =>
  Math.round(storedWh / tripWh(spec, 1, outdoorC))
