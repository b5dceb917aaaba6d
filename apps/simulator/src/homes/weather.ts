import { chance, keyOf, noise, spread } from '../hash.ts'
import type { Place } from '../places.ts'

/** Weather and sun over one place at one minute. The object is reused from minute to minute. */
export type Sky = {
  /** Outdoor temperature, °C. */
  outdoorC: number
  /** Cloud cover, 0 clear to 1 overcast. */
  cloud: number
  /** Unit vector to the sun; `up` is the sine of its height, negative at night. */
  sun: { east: number; north: number; up: number }
  /** Beam on a surface facing the sun, W/m². */
  beamWm2: number
  /** Scattered light on a level surface, W/m². */
  diffuseWm2: number
  /** All light on a level surface, W/m². */
  globalWm2: number
}

/** Weather of a place: the same for every home there, and for every way of getting to a minute. */
export type Weather = { at(minute: number): Sky }

/**
 * Seasons, fronts of several days, warm afternoons, and clouds that pass within minutes. Clear-sky light after
 * the air-mass model of Meinel; overcast after Kasten and Czeplak.
 */
export function createWeather(seed: number, place: Place): Weather {
  const key = keyOf(seed, 'weather', place.town)
  const latitude = (place.latitude * Math.PI) / 180
  const sinLatitude = Math.sin(latitude)
  const cosLatitude = Math.cos(latitude)
  const sky: Sky = {
    outdoorC: 0,
    cloud: 0,
    sun: { east: 0, north: 0, up: 0 },
    beamWm2: 0,
    diffuseWm2: 0,
    globalWm2: 0,
  }
  let hour = Number.NaN
  let from: Hour = { outdoorC: 0, cloud: 0 }
  let to: Hour = { outdoorC: 0, cloud: 0 }
  let day = Number.NaN
  let sinDeclination = 0
  let cosDeclination = 1
  let equationMin = 0

  return {
    at(minute) {
      const nextHour = Math.floor(minute / 60)
      if (nextHour !== hour) {
        from = nextHour === hour + 1 ? to : hourly(key, place, nextHour)
        to = hourly(key, place, nextHour + 1)
        hour = nextHour
      }
      const nextDay = Math.floor(minute / 1440)
      if (nextDay !== day) {
        day = nextDay
        const angle = yearAngle(day)
        const declination = declinationAt(angle)
        sinDeclination = Math.sin(declination)
        cosDeclination = Math.cos(declination)
        equationMin = equationOfTimeMin(angle)
      }
      const share = minute / 60 - hour
      sky.outdoorC = from.outdoorC + (to.outdoorC - from.outdoorC) * share
      sky.cloud = from.cloud + (to.cloud - from.cloud) * share

      const solarMin = minute - day * 1440 + place.longitude * 4 + equationMin
      const hourAngle = ((solarMin - 720) * Math.PI) / 720
      const cosHour = Math.cos(hourAngle)
      const { sun } = sky
      sun.up = sinLatitude * sinDeclination + cosLatitude * cosDeclination * cosHour
      sun.east = -cosDeclination * Math.sin(hourAngle)
      sun.north = cosLatitude * sinDeclination - sinLatitude * cosDeclination * cosHour
      if (sun.up <= 0) {
        sky.beamWm2 = sky.diffuseWm2 = sky.globalWm2 = 0
        return sky
      }
      const airMass = 1 / (sun.up + 0.05)
      const clearBeam = 1353 * 0.7 ** (airMass ** 0.678)
      // A broken sky is light and shade, not half light: whole clouds drift by over a few minutes.
      const gap = noise(key ^ 0x5eed, minute / 4.3) * 0.7 + noise(key ^ 0xc10d, minute / 13) * 0.5
      const open = clamp01((gap + 1.15 - sky.cloud * 2.3) * 2.5)
      const hidden = sky.cloud ** 3.4
      sky.beamWm2 = clearBeam * open * (1 - 0.9 * hidden)
      const clearDiffuse = 0.3 * (1 - 0.7 ** (airMass ** 0.678)) * 1353 * sun.up
      sky.diffuseWm2 = clearDiffuse * (1 - 0.55 * hidden) + (clearBeam - sky.beamWm2) * sun.up * 0.22
      sky.globalWm2 = sky.beamWm2 * sun.up + sky.diffuseWm2
      return sky
    },
  }
}

type Hour = { outdoorC: number; cloud: number }

function hourly(key: number, place: Place, hour: number): Hour {
  const day = hour / 24
  const season = -Math.cos(((dayOfYear(day) - 20) / 365.25) * 2 * Math.PI)
  const front = noise(key ^ 0xf407, day / 3.1) + 0.5 * noise(key ^ 0xf108, day / 1.3)
  // Winters are grey here, summers open; a front brings its clouds with it.
  const cloud = clamp01(
    0.55 - 0.17 * season + 0.42 * front + 0.2 * noise(key ^ 0xc1, hour / 5) + 0.04 * spread(key, hour),
  )
  const solarHour = hour + place.longitude / 15
  const afternoon = Math.cos(((solarHour - 15) / 24) * 2 * Math.PI)
  const dayRangeK = (3 + 2.2 * (season + 1)) * (1.25 - cloud * 0.9)
  // Clouds warm a winter and cool a summer.
  const outdoorC =
    place.meanC +
    place.swingK * season +
    6.6 * noise(key ^ 0x7e37, day / 4.7) +
    2.4 * noise(key ^ 0x7e38, day / 1.7) -
    season * (cloud - 0.5) * 2.5 +
    dayRangeK * 0.5 * afternoon +
    0.3 * (chance(key ^ 0x11, hour) - 0.5)
  return { outdoorC, cloud }
}

const dayOfYear = (day: number) => day - Math.floor(day / 365.2425) * 365.2425
const yearAngle = (day: number) => (dayOfYear(day) / 365.2425) * 2 * Math.PI

/** Spencer (1971), radians. */
const declinationAt = (a: number) =>
  0.006918 -
  0.399912 * Math.cos(a) +
  0.070257 * Math.sin(a) -
  0.006758 * Math.cos(2 * a) +
  0.000907 * Math.sin(2 * a)

/** Spencer (1971), minutes that the sundial is ahead of the clock. */
const equationOfTimeMin = (a: number) =>
  229.18 *
  (0.000075 +
    0.001868 * Math.cos(a) -
    0.032077 * Math.sin(a) -
    0.014615 * Math.cos(2 * a) -
    0.040849 * Math.sin(2 * a))

const clamp01 = (x: number) => (x < 0 ? 0 : x > 1 ? 1 : x)
