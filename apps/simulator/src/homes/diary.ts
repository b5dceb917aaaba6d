import { minuteOfLocal, type LocalTime } from '../calendar.ts'
import { tripOf, tripWh, type CarSpec } from './car.ts'
import { noPlan } from './charging.ts'
import type { Site, SiteSpec } from './site.ts'

/** Lets the car leave and come home as its people planned the day. */
export function followDiary(site: Site, spec: CarSpec): void {
  const { car, trip } = site
  const away = trip !== null && site.local.minute >= trip.leaveMin && site.local.minute < trip.returnMin
  if (away && car.atHome) {
    car.atHome = car.pluggedIn = false
    site.charging = noPlan()
  } else if (!away && !car.atHome) {
    car.atHome = true
    // Whoever comes home nearly empty does not forget the cable.
    car.pluggedIn = (trip?.plugsIn ?? true) || car.storedWh < spec.capacityWh * 0.5
    site.charging = noPlan()
  }
}

/** Takes from car and twin what this minute of the way there or back needs. */
export function drive({ car, twin, trip, local, sky }: Site, spec: CarSpec): void {
  if (!trip) return
  const wayMin = Math.max(5, Math.min((trip.returnMin - trip.leaveMin) / 2, trip.km / 2 / 0.8))
  if (local.minute >= trip.leaveMin + wayMin && local.minute < trip.returnMin - wayMin) return
  const leastWh = spec.capacityWh * 0.07
  const usedWh = tripWh(spec, trip.km, sky.outdoorC) / (2 * wayMin)
  // Below that it charges on the way, which is nobody's business here.
  const after = (storedWh: number) => Math.max(Math.min(storedWh, leastWh), storedWh - usedWh)
  car.storedWh = after(car.storedWh)
  twin.carWh = after(twin.carWh)
}

/** When the car last came home before `minute`, and whether its cable was thought of; `null`: not for days. */
export function lastHomecoming(
  { key, place }: SiteSpec,
  spec: CarSpec,
  local: LocalTime,
  minute: number,
): { minute: number; plugsIn: boolean } | null {
  for (let back = 0; back < 7; back++) {
    const day = local.day - back
    const trip = tripOf(key, spec, day, (((local.weekday - back) % 7) + 7) % 7)
    const homeMin = trip && minuteOfLocal(place.timeZone, day, trip.returnMin)
    if (trip && homeMin !== null && homeMin <= minute) return { minute: homeMin, plugsIn: trip.plugsIn }
  }
  return null
}
