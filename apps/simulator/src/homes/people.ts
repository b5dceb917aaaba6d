import { between, chance, keyOf, noise } from '../hash.ts'

/** Who lives in a building and what they use electricity and hot water for. */
export type PeopleSpec = {
  occupants: number
  /** Always on: router, fridge electronics, pumps; W. */
  standbyW: number
  /** The fridge and freezer while they cool, W. */
  coolingW: number
  /** Share of appliances a household may or may not have. */
  hasDryer: boolean
}

/** One use of an appliance or a tap within a local day. */
type Use = { fromMin: number; toMin: number; w: number; heaterMin: number; heaterW: number }

/** What the people of a building do on one local day. */
export type DayPlan = { day: number; appliances: Use[]; draws: Use[] }

/** Plans a local day: appliances that run, showers taken. Depends on the home and the day only. */
export function planDay(key: number, spec: PeopleSpec, day: number, weekday: number): DayPlan {
  const k = keyOf(key, 'day', day)
  const weekend = weekday >= 5
  const appliances: Use[] = []
  const draws: Use[] = []
  const use = (fromMin: number, minutes: number, w: number, heaterMin = 0, heaterW = 0) =>
    appliances.push({
      fromMin: Math.round(fromMin),
      toMin: Math.round(fromMin + minutes),
      w,
      heaterMin,
      heaterW,
    })
  const draw = (fromMin: number, minutes: number, w: number) =>
    draws.push({
      fromMin: Math.round(fromMin),
      toMin: Math.round(fromMin + minutes),
      w,
      heaterMin: 0,
      heaterW: 0,
    })

  const wakeMin = (weekend ? 500 : 385) + between(-30, 35, k, 1)
  const sleepMin = 1350 + between(-45, 60, k, 2)
  // Breakfast, lunch on free days, dinner.
  use(wakeMin + 20, between(4, 8, k, 3), between(900, 1900, k, 4))
  if (weekend || chance(k, 5) < 0.3)
    use(725 + between(-30, 40, k, 6), between(25, 50, k, 7), between(700, 1500, k, 8))
  use(1095 + between(-40, 60, k, 9), between(25, 60, k, 10), between(900, 2300, k, 11))
  use(1180 + between(-60, 90, k, 12), 3, 2000)
  if (chance(k, 13) < 0.25 + 0.15 * spec.occupants) use(1220 + between(-90, 60, k, 14), 95, 60, 22, 1950)
  if (chance(k, 15) < 0.16 * spec.occupants + (weekend ? 0.2 : 0)) {
    const start = weekend ? between(560, 960, k, 16) : between(960, 1160, k, 16)
    use(start, 110, 170, 24, 1850)
    if (spec.hasDryer && chance(k, 17) < 0.6) use(start + 120, 85, 640)
  }
  // Screens and lights while somebody is up.
  use(wakeMin, weekend ? 240 : 75, 60 * Math.sqrt(spec.occupants))
  use(1000 + between(-60, 60, k, 18), sleepMin - 1030, 95 * Math.sqrt(spec.occupants))

  for (let person = 0; person < spec.occupants; person++) {
    const morning = chance(k, 40 + person) < 0.65
    const showerMin = morning
      ? wakeMin + 10 + person * 14
      : 1230 + person * 16 + between(-25, 25, k, 50 + person)
    draw(showerMin, between(5, 9, k, 60 + person), 11_000)
    draw(between(660, 1260, k, 70 + person), 4, 5_000)
  }
  draw(1170 + between(-30, 60, k, 80), 5, 7_000)
  return { day, appliances, draws }
}

/** Electrical load of the people, without heat pump and car, whole watts. `minute` is UTC, `localMinute` of the day. */
export function peopleW(
  key: number,
  spec: PeopleSpec,
  plan: DayPlan,
  minute: number,
  localMinute: number,
): number {
  let w = spec.standbyW * (1 + 0.12 * noise(key, minute / 17))
  const cycle = (minute + Math.floor(chance(key, 1) * 53)) % 53
  if (cycle < 19) w += spec.coolingW
  for (const use of plan.appliances) {
    if (localMinute < use.fromMin || localMinute >= use.toMin) continue
    const sinceMin = localMinute - use.fromMin
    // Washing machines and dishwashers heat early and late, and only turn in between.
    w += sinceMin < use.heaterMin ? use.heaterW : use.w * (0.92 + 0.16 * chance(key ^ use.fromMin, minute))
  }
  return Math.max(0, Math.round(w))
}

/** Heat taken from the hot-water tank, W thermal. */
export function hotWaterW(plan: DayPlan, localMinute: number): number {
  let w = 0
  for (const use of plan.draws) if (localMinute >= use.fromMin && localMinute < use.toMin) w += use.w
  return w
}
