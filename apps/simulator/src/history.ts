import { setImmediate as turn } from 'node:timers/promises'
import { DAY_MIN, localTime, MINUTE_MS, minuteOfLocal, QUARTER_MS } from './calendar.ts'
import type { Device } from './devices.ts'
import { at, rowOf, width, type Ledger } from './homes/ledger.ts'
import { stepSite, type Site } from './homes/site.ts'
import type { SunSpan, Visit } from './homes/visits.ts'
import type { Period } from './periods.ts'
import { isSite, type Recording } from './unit.ts'
import type { Home, World } from './world.ts'

/** What a device's building has lived through, from a year before the start to now. */
export type Life = {
  /** Beginning of what is known of the device, ms. */
  fromMs: number
  /** The row of a quarter-hour that is over (see `homes/ledger.ts`); `null` where nothing is known. */
  row(quarter: number): ArrayLike<number> | null
  /** Stays of the car that ended in a span of minutes, in order. */
  visits(fromMin: number, toMin: number): Visit[]
  /** Spans of charging by the sun that ended in a span of minutes, in order. */
  sunSpans(fromMin: number, toMin: number): SunSpan[]
}

export type History = {
  /** What has not been lived through yet is, at once, when it is asked for. */
  of(home: Home, device: Device): Life
  /** The same with a span lived through beforehand, a day at a time, so that whoever asks meanwhile is answered. */
  lived(home: Home, device: Device, span: Period): Promise<Life>
}

/**
 * The past of all homes. What was before the start is lived through when somebody asks for it, in pieces of a
 * month, each after some days of settling in, so that one piece leads on to the next; the latest pieces are kept.
 * It depends on the seed alone: what households changed since the start does not change their past.
 */
export function createHistory(world: World): History {
  const pieces = new Map<string, Piece>()
  const underWay = new Map<string, Promise<Piece>>()

  function pieceOf(home: Home, unit: number, index: number): Piece {
    const key = pieceKey(home, unit, index)
    return keep(key, pieces.get(key) ?? atOnce(live(world, home, unit, index)))
  }

  function prepare(home: Home, unit: number, index: number): Promise<Piece> {
    const key = pieceKey(home, unit, index)
    const known = pieces.get(key)
    if (known) return Promise.resolve(keep(key, known))
    let coming = underWay.get(key)
    if (!coming) {
      coming = inTurns(live(world, home, unit, index))
        .then((piece) => keep(key, piece))
        .finally(() => underWay.delete(key))
      underWay.set(key, coming)
    }
    return coming
  }

  /** The one used last goes to the end: the first is forgotten first. */
  function keep(key: string, piece: Piece): Piece {
    pieces.delete(key)
    pieces.set(key, piece)
    const [oldest] = pieces.keys()
    if (pieces.size > MOST_PIECES && oldest !== undefined) pieces.delete(oldest)
    return piece
  }

  /** Where a device is, and from when on something is known of it. */
  function rootOf(home: Home, device: Device) {
    const unit = home.units.findIndex(({ devices }) => devices.includes(device))
    const source = home.units[unit]?.source
    if (!source) throw new RangeError('The device is not of this home.')
    const fromMs = Math.max(device.createdAtMs, beginningOf(world, home.spec.place.timeZone))
    return { unit, source, fromMs, fromQuarter: Math.ceil(fromMs / QUARTER_MS) }
  }

  /** What of a span of minutes lies before the ledger of a building begins. */
  function pastOf(source: Site, fromQuarter: number, fromMin: number, toMin: number) {
    return {
      firstMin: Math.max(fromMin, fromQuarter * 15),
      endMin: Math.min(toMin, source.ledger.firstQuarter * 15, world.ledgerFromMin),
    }
  }

  const history: History = {
    async lived(home, device, { startMs, endMs }) {
      const { unit, source, fromQuarter } = rootOf(home, device)
      if (isSite(source)) {
        const past = pastOf(source, fromQuarter, startMs / MINUTE_MS, endMs / MINUTE_MS)
        for (let index = pieceAt(past.firstMin); index * PIECE_MIN < past.endMin; index++)
          await prepare(home, unit, index)
      }
      return history.of(home, device)
    },
    of(home, device) {
      const { unit, source, fromMs, fromQuarter } = rootOf(home, device)
      if (!isSite(source))
        return {
          fromMs,
          row: (quarter) => (quarter < fromQuarter ? null : recordedRow(source, quarter)),
          visits: () => [],
          sunSpans: () => [],
        }

      const endedIn = <T>(listOf: (from: Piece) => T[], endOf: (entry: T) => number | null) =>
        function within(fromMin: number, toMin: number): T[] {
          const found: T[] = []
          const take = (from: Piece, earliestMin: number, latestMin: number) => {
            for (const entry of listOf(from)) {
              const endMin = endOf(entry)
              if (endMin !== null && endMin >= earliestMin && endMin < latestMin) found.push(entry)
            }
          }
          const { firstMin, endMin } = pastOf(source, fromQuarter, fromMin, toMin)
          for (let index = pieceAt(firstMin); index * PIECE_MIN < endMin; index++)
            take(pieceOf(home, unit, index), Math.max(firstMin, index * PIECE_MIN), endMin)
          take(source, Math.max(firstMin, source.ledger.firstQuarter * 15), toMin)
          return found
        }
      let piece: { index: number; ledger: Ledger } | null = null
      return {
        fromMs,
        row(quarter) {
          if (quarter < fromQuarter) return null
          if (quarter >= source.ledger.firstQuarter) return rowOf(source.ledger, quarter)
          if (quarter * 15 >= world.ledgerFromMin) return null
          const index = pieceAt(quarter * 15)
          if (piece?.index !== index) piece = { index, ledger: pieceOf(home, unit, index).ledger }
          return rowOf(piece.ledger, quarter)
        },
        visits: endedIn(
          ({ visits }) => visits,
          ({ unplugMin }) => unplugMin,
        ),
        sunSpans: endedIn(
          ({ sunSpans }) => sunSpans,
          ({ endMin }) => endMin,
        ),
      }
    },
  }
  return history
}

type Piece = { ledger: Ledger; visits: Visit[]; sunSpans: SunSpan[] }

const PIECE_MIN = 32 * DAY_MIN
const SETTLING_MIN = 5 * DAY_MIN
/** About a quarter of a megabyte each. */
const MOST_PIECES = 240

const pieceKey = (home: Home, unit: number, index: number) => `${home.name}/${unit}/${index}`
const pieceAt = (minute: number) => Math.floor(minute / PIECE_MIN)

/** A year and a day before the start, at local midnight. */
function beginningOf({ startMs }: World, zone: string): number {
  const { day } = localTime(zone, Math.floor(startMs / MINUTE_MS))
  return minuteOfLocal(zone, day - 366, 0) * MINUTE_MS
}

/** Lives through a piece, and pauses after every day of it. */
function* live(world: World, home: Home, unit: number, index: number): Generator<void, Piece> {
  const fromMin = index * PIECE_MIN
  const untilMin = Math.min(fromMin + PIECE_MIN, world.ledgerFromMin)
  const site = world.ancestor(home, unit, fromMin - SETTLING_MIN, fromMin)
  if (!site)
    return { ledger: { firstQuarter: 0, count: 0, rows: new Float32Array(0) }, visits: [], sunSpans: [] }
  while (site.minute < untilMin) {
    stepSite(site)
    if (site.minute % DAY_MIN === 0) yield
  }
  const { ledger, visits, sunSpans } = site
  return { ledger, visits, sunSpans }
}

function atOnce(life: Generator<void, Piece>): Piece {
  for (;;) {
    const { done, value } = life.next()
    if (done) return value
  }
}

/** Everybody else has a turn between two days. */
async function inTurns(life: Generator<void, Piece>): Promise<Piece> {
  for (;;) {
    const { done, value } = life.next()
    if (done) return value
    await turn()
  }
}

/** A quarter-hour of a recorded home, from what its devices reported in the middle of it; `NaN` is unknown. */
function recordedRow(recording: Recording, quarter: number): ArrayLike<number> | null {
  const atMs = quarter * QUARTER_MS + QUARTER_MS / 2
  const inverter = recording.reading('inverters', atMs)
  const heatPump = recording.reading('heat-pumps', atMs)
  const vehicle = recording.reading('electric-vehicles', atMs)
  if (!inverter && !heatPump && !vehicle) return null
  const row = new Float32Array(width).fill(Number.NaN)
  const number = (value: unknown) => (typeof value === 'number' ? value : Number.NaN)
  const solarW = number(inverter?.['current_solar_production_w'])
  const gridW = number(inverter?.['current_power_to_grid_w'])
  const heatPumpW = number(heatPump?.['current_power_consumption_w'])
  const carW = number(vehicle?.['charge_rate_w'])
  row[at.solarWh] = solarW / 4
  row[at.batteryWh] = number(inverter?.['battery_charge_discharge_power_w']) / 4
  row[at.exportWh] = Math.max(0, gridW) / 4
  row[at.importWh] = Math.max(0, -gridW) / 4
  row[at.batteryPercent] = number(inverter?.['battery_charge_level_percent'])
  row[at.heatPumpWh] = row[at.twinHeatPumpWh] = heatPumpW / 4
  row[at.carWh] = row[at.twinCarWh] = carW / 4
  row[at.chargingMin] = carW > 0 ? 15 : carW === 0 ? 0 : Number.NaN
  // Nobody optimised the house while it was measured.
  row[at.heatPumpSavedEur] = row[at.carSavedEur] = row[at.inverterSavedEur] = 0
  const householdWh = number(inverter?.['household_consumption_w']) / 4
  row[at.peopleWh] = householdWh - (heatPumpW || 0) / 4 - (carW || 0) / 4
  return row
}
