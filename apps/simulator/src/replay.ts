import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { DeviceType } from '@homewatt/contract'
import * as v from 'valibot'
import { DAY_MS } from './calendar.ts'
import { uuidOf } from './hash.ts'
import { personOf, userIdOf, type DeviceSpec, type HomeSpec } from './homes/cast.ts'
import { places } from './places.ts'
import type { Reading } from './readings.ts'
import { readSeries, type Series } from './recorded-series.ts'
import type { Recording } from './unit.ts'
import type { RecordedHome } from './world.ts'

/** A replay that cannot be used, in one sentence that says what to do. */
export class ReplayUnusable extends Error {
  override name = 'ReplayUnusable'
}

const Channel = v.strictObject({
  column: v.string(),
  /** More columns, added to it and taken off it. */
  plus: v.optional(v.array(v.string()), []),
  less: v.optional(v.array(v.string()), []),
  unit: v.picklist(['W', 'kW', 'Wh', 'kWh', 'percent', '°C']),
  /** `cumulative`: a meter reading. `energy`: energy of each row. `level`: the value as it is. */
  kind: v.picklist(['cumulative', 'energy', 'power', 'level']),
  /** -1 where the recording counts the other way than the Partner API. */
  sign: v.optional(v.picklist([1, -1]), 1),
  /** What the values have to be multiplied with, where they are relative to something. */
  factor: v.optional(v.pipe(v.number(), v.finite()), 1),
})
export type Channel = v.InferOutput<typeof Channel>

/** The mapping file that makes a home of a recording. */
export const Mapping = v.strictObject({
  /** Name of the home. */
  home: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/, 'Use small letters, digits and hyphens.')),
  attribution: v.string(),
  /** The recording, relative to the mapping file. */
  file: v.string(),
  /** CSV only. */
  separator: v.optional(v.string(), ','),
  /** JSON only: the path to an array of objects, one per row. Without it, columns are paths to arrays. */
  rows: v.optional(v.string()),
  time: v.union([
    v.strictObject({
      column: v.string(),
      /** IANA zone of stamps that carry none. */
      zone: v.optional(v.string(), 'UTC'),
      /** Ignores the offsets of the stamps: what was measured far away lives by the sun of here. */
      wall_clock: v.optional(v.boolean(), false),
    }),
    v.strictObject({
      /** Time of the first row, where rows have none. */
      start: v.string(),
      zone: v.optional(v.string(), 'UTC'),
      /** Seconds from row to row, or the column that has them. */
      step_s: v.union([v.pipe(v.number(), v.minValue(1)), v.string()]),
    }),
  ]),
  place: v.picklist(Object.keys(places) as (keyof typeof places)[]),
  solar_power_rating_kw: v.optional(v.number()),
  battery_capacity_kwh: v.optional(v.number()),
  /** Lets an inverter report the few watts below zero that it measured at night. */
  as_measured: v.optional(v.boolean(), false),
  /** More than this many watts between two rows is a fault of the meter. */
  most_w: v.optional(v.number(), 50_000),
  channels: v.partial(
    v.strictObject({
      solar: Channel,
      /** From and to the grid, both positive. */
      import: Channel,
      export: Channel,
      /** Positive = export. */
      grid: Channel,
      load: Channel,
      /** Positive = discharging. */
      battery: Channel,
      battery_level: Channel,
      heat_pump: Channel,
      vehicle: Channel,
      vehicle_level: Channel,
      outdoor: Channel,
      indoor: Channel,
    }),
  ),
})
export type Mapping = v.InferOutput<typeof Mapping>

/**
 * Makes a home of a recording. A broken line is reported to `warn` with its number and left out. Throws
 * `ReplayUnusable` when mapping or recording cannot be read.
 */
export async function loadReplay(file: string, options: { warn(line: string): void }): Promise<RecordedHome> {
  const mapping = mappingOf(file, await textOf(file, 'the replay mapping'))
  const recording = resolve(dirname(file), mapping.file)
  const text = await textOf(recording, `the recording of ${file}`)
  const series = seriesOf(text, recording, mapping, options.warn)
  if ('missing' in series)
    throw new ReplayUnusable(
      `${recording} has no column "${series.missing}"; correct the column names in ${file}.`,
    )
  if (series.timesMs.length < 2)
    throw new ReplayUnusable(`${recording} has no two usable rows; choose another recording in ${file}.`)
  return { spec: specOf(mapping), recording: recordingOf(series, mapping.as_measured) }
}

function seriesOf(text: string, recording: string, mapping: Mapping, warn: (line: string) => void) {
  try {
    return readSeries(text, mapping, (line) => warn(`${recording}: ${line}`))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new ReplayUnusable(`${recording} is not JSON; choose another recording.`, { cause: error })
  }
}

async function textOf(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new ReplayUnusable(`Cannot read ${what}, ${file} (${code ?? 'unknown error'}); check the path.`, {
      cause: error,
    })
  }
}

function mappingOf(file: string, text: string): Mapping {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new ReplayUnusable(
      `${file} is not JSON; write it like apps/simulator/replays/opsd-konstanz.json.`,
      { cause: error },
    )
  }
  const result = v.safeParse(Mapping, json)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new ReplayUnusable(`${file} is no replay mapping: ${v.getDotPath(issue) ?? 'file'}: ${issue.message}`)
}

/** Answers with the rows that lie as many weeks back as fit. */
export function recordingOf(series: Series, asMeasured = false): Recording {
  const { timesMs, channels } = series
  const startMs = timesMs[0] ?? 0
  const endMs = timesMs.at(-1) ?? 0

  function rowAt(atMs: number): number {
    const recordedMs = recordedTime(startMs, endMs, atMs)
    let low = 0
    let high = timesMs.length - 1
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((timesMs[middle] ?? Infinity) <= recordedMs) low = middle
      else high = middle
    }
    return low
  }

  const value = (channel: string, row: number): number | null => {
    const read = channels[channel]?.[row]
    return read === undefined || Number.isNaN(read) ? null : read
  }

  const traits = { asMeasured, hasBattery: 'battery' in channels }
  return {
    reading(type, atMs) {
      const row = rowAt(atMs)
      return readers[type]((channel) => value(channel, row), traits)
    },
  }
}

/**
 * The moment of a recording that stands for a simulated one: so many years earlier, rounded to whole weeks, that
 * it lies in the recording. So weekdays agree, and the season to within four days. A recording shorter than a
 * year repeats, by whole weeks or else whole days.
 */
export function recordedTime(startMs: number, endMs: number, atMs: number): number {
  const spanMs = endMs - startMs
  if (spanMs < 53 * WEEK_MS) {
    const stepMs = spanMs >= WEEK_MS ? WEEK_MS : DAY_MS
    const periodMs = Math.max(stepMs, Math.floor(spanMs / stepMs) * stepMs)
    const turns = Math.ceil((atMs - endMs + 1) / periodMs)
    return atMs - turns * periodMs
  }
  let years = Math.floor((atMs - endMs) / YEAR_MS)
  while (atMs - yearsMs(years) >= endMs) years++
  return atMs - yearsMs(years)
}

const WEEK_MS = 7 * DAY_MS
const YEAR_MS = 365.2425 * DAY_MS
const yearsMs = (years: number) => Math.round((years * YEAR_MS) / WEEK_MS) * WEEK_MS

type Read = (channel: string) => number | null
type Traits = { asMeasured: boolean; hasBattery: boolean }

/** What was not recorded is not known: `null`, not invented. Nothing recorded at all: no report. */
const readers: Record<DeviceType, (read: Read, traits: Traits) => Reading | null> = {
  inverters(read, { asMeasured, hasBattery }) {
    const solarW = whole(read('solar'))
    const batteryW = whole(read('battery'))
    const [importW, exportW] = [read('import'), read('export')]
    const loadW = whole(read('load'))
    const measuredGridW = whole(
      read('grid') ?? (importW === null || exportW === null ? null : exportW - importW),
    )
    if (solarW === null && measuredGridW === null && loadW === null) return null
    // With two of the three known and no battery, the third follows.
    const gridW = measuredGridW ?? (solarW === null || loadW === null || hasBattery ? null : solarW - loadW)
    const balanceW = solarW === null || gridW === null ? null : solarW + (batteryW ?? 0) - gridW
    // Two meters that tick apart can make a house of a few watts below nothing.
    const householdW = loadW ?? (balanceW === null ? null : Math.max(0, balanceW))
    return {
      current_solar_production_w: solarW === null || asMeasured ? solarW : Math.max(0, solarW),
      household_consumption_w: householdW,
      battery_charge_discharge_power_w: batteryW ?? 0,
      current_power_to_grid_w: gridW,
      battery_charge_level_percent: whole(read('battery_level')),
      solar_surplus_w: solarW === null || householdW === null ? null : solarW - householdW,
    }
  },
  'heat-pumps'(read) {
    const powerW = whole(read('heat_pump'))
    if (powerW === null) return null
    return {
      current_power_consumption_w: powerW,
      current_mode: null,
      dhw_temperature: null,
      inlet_temperature: null,
      outlet_temperature: null,
      indoor_actual_temperature: read('indoor'),
      indoor_target_temperature: null,
      indoor_target_temperature_offset: null,
      outdoor_temperature: read('outdoor'),
    }
  },
  'electric-vehicles'(read) {
    const powerW = whole(read('vehicle'))
    if (powerW === null) return null
    const charging = powerW >= LEAST_CHARGE_W
    return {
      // A meter sees a car only while it charges.
      is_plugged_in: charging ? true : null,
      is_charging: charging,
      charge_rate_w: powerW,
      battery_level: whole(read('vehicle_level')),
      is_fully_charged: null,
      driving_range: null,
    }
  },
  wallboxes: () => null,
}

/** Below this a charging cable is only awake. */
const LEAST_CHARGE_W = 200

const whole = (x: number | null) => (x === null ? null : Math.round(x) || 0)

function specOf(mapping: Mapping): HomeSpec {
  const { home, channels } = mapping
  const device = (type: DeviceType, manufacturer: string, model: string): DeviceSpec => ({
    id: uuidOf('device', home, type, 0),
    type,
    manufacturer,
    model,
    year: null,
    indoorSensor: false,
    targetPercent: null,
    // Nobody optimised the house while it was measured.
    optimised: false,
    lapsedMs: null,
  })
  const devices = [
    ...(channels.heat_pump ? [device('heat-pumps', 'Recorded', 'Heat pump')] : []),
    ...(channels.vehicle ? [device('electric-vehicles', 'Recorded', 'Electric vehicle')] : []),
    ...(channels.solar || channels.grid || channels.import
      ? [device('inverters', 'Recorded', 'Solar inverter')]
      : []),
  ]
  return {
    name: home,
    userId: userIdOf(home),
    person: personOf(home),
    place: places[mapping.place],
    units: [
      {
        site: null,
        facts: {
          id: uuidOf('building', home, 0),
          name: 'Home',
          propertyType: 'Detached',
          sizeM2: 150,
          age: 2000,
          occupantType: 'Working adults',
          occupants: 3,
          solarKw: mapping.solar_power_rating_kw ?? null,
          ...(mapping.battery_capacity_kwh === undefined ? {} : { batteryKwh: mapping.battery_capacity_kwh }),
        },
        devices,
      },
    ],
  }
}
