import { HeatPumpKeyword, InverterKeyword, SeriesResolution, VehicleKeyword } from '@homewatt/contract'
import { DAY_MS, MINUTE_MS, QUARTER_MS } from '../calendar.ts'
import { API, deviceOfCall, type Context } from '../context.ts'
import type { Device } from '../devices.ts'
import type { Life } from '../history.ts'
import { at, type Column } from '../homes/ledger.ts'
import { ok, type Answer } from '../http.ts'
import { periodsOf, type Period } from '../periods.ts'
import { createQuery } from '../query.ts'
import type { Call, Route } from '../router.ts'
import { isoTime } from '../wire.ts'
import type { Home } from '../world.ts'

/** Data series of vehicles, inverters and, by inference, heat pumps, §16.2 of the reference. */
export function seriesRoutes(context: Context): Route[] {
  const route = <K extends string>(type: Device['type'], id: string, columns: Columns<K>): Route => ({
    method: 'GET',
    template: `${API}/org/{org_id}/users/{user_id}/${type}/{${id}}/data`,
    bearer: true,
    handler: (call) => {
      const { home, device } = deviceOfCall(context, call, type, id)
      return series(context, call, home, device, columns)
    },
  })
  return [
    route('heat-pumps', 'heat_pump_id', heatPumpColumns),
    route('electric-vehicles', 'electric_vehicle_id', vehicleColumns),
    route('inverters', 'inverter_id', inverterColumns),
  ]
}

/** A step of a series: the quarter-hours in it that are known, and its price, if that is. */
type Step = {
  device: Device
  rows: ArrayLike<number>[]
  /** Sum of a column; `null` when it is not known throughout. */
  sum(column: Column): number | null
  /** A level as at the beginning of the step. */
  first(column: Column): number | null
  eurPerMwh: number | null
}

type Columns<K extends string> = Record<K, (step: Step) => number | boolean | string | null>

const price = ({ eurPerMwh }: Step) => (eurPerMwh === null ? null : cents(eurPerMwh))

const vehicleColumns: Columns<VehicleKeyword> = {
  price,
  battery_level: (step) => whole(step.first('carPercent')),
  is_charging: (step) => isMost(step, 'chargingMin', 0),
  is_plugged_in: (step) => isMost(step, 'pluggedMin', 0.5),
  is_at_optimized_location: (step) => isMost(step, 'atHomeMin', 0.5),
  estimated_consumption: (step) => tenth(step.sum('carWh')),
  unoptimized_consumption: (step) => tenth(step.sum('twinCarWh')),
}

const inverterColumns: Columns<InverterKeyword> = {
  export_power_to_grid_w: (step) => gridW(step),
  battery_charge_level_percent: (step) => whole(step.first('batteryPercent')),
  battery_charge_discharge_power_w: (step) => (step.rows.length === 0 ? null : batteryW(step)),
  household_consumption_w: (step) => householdW(step),
  solar_production_w: (step) => watts(step, 'solarWh'),
}

const heatPumpColumns: Columns<HeatPumpKeyword> = {
  price,
  estimated_consumption: (step) => tenth(step.sum('heatPumpWh')),
  unoptimized_consumption: (step) => tenth(step.sum('twinHeatPumpWh')),
  current_mode: (step) => {
    const mode = step.first('mode')
    return mode === null ? null : (['min', 'low', 'mid', 'max'][mode] ?? null)
  },
  dhw_temperature: (step) => tenth(step.first('tankC')),
  indoor_actual_temperature: (step) => (step.device.spec.indoorSensor ? tenth(step.first('airC')) : null),
  outdoor_temperature: (step) => tenth(step.first('outdoorC')),
}

async function series<K extends string>(
  context: Context,
  { request, nowMs }: Call,
  home: Home,
  device: Device,
  columns: Columns<K>,
): Promise<Answer> {
  const zone = home.spec.place.timeZone
  const query = createQuery(request.query)
  const endMs = query.moment('to_datetime', zone, false) ?? nowMs
  const startMs = query.moment('from_datetime', zone, false) ?? endMs - DAY_MS
  const resolution = query.oneOf('resolution', SeriesResolution.options, '15MIN')
  const names = Object.keys(columns) as K[]
  const keywords = query.someOf('keywords', names, names)
  if (endMs <= startMs) query.complain('to_datetime', 'Should be after from_datetime')
  if (endMs - startMs > MOST_MS) query.complain('to_datetime', 'Should be within two years of from_datetime')
  query.check()

  const span = { startMs: quarterBefore(startMs), endMs }
  // Prices are the market's: for them alone nobody's past has to be lived through.
  const life = keywords.every((name) => name === 'price')
    ? { ...context.history.of(home, device), row: () => null }
    : await context.history.lived(home, device, span)
  const fillMissing = request.header('fill-missing')?.toLowerCase() === 'true'
  const data: Record<string, unknown>[] = []
  for (const period of periodsOf(resolution, zone, span)) {
    const step = stepOf(context, device, home.spec.place.priceZone, life, period, nowMs)
    const row: Record<string, unknown> = { time: isoTime(period.startMs) }
    for (const name of keywords) row[name] = columns[name](step)
    if (fillMissing || keywords.some((name) => row[name] !== null)) data.push(row)
  }
  const nothing = data.every((row) => keywords.every((name) => row[name] === null))
  const empty = () => ({
    time: isoTime(startMs),
    ...Object.fromEntries(keywords.map((name) => [name, null])),
  })
  return ok({
    metadata: {
      requested_at: isoTime(nowMs),
      query: {
        from_datetime: isoTime(startMs),
        to_datetime: isoTime(endMs),
        resolution,
        keywords: keywords.join(','),
      },
      units: { price: 'EUR/MWh', estimated_consumption: 'Wh', unoptimized_consumption: 'Wh' },
    },
    data: fillMissing && nothing ? [empty()] : data,
  })
}

function stepOf(
  { world }: Context,
  device: Device,
  priceZone: string,
  life: Life,
  { startMs, endMs }: Period,
  nowMs: number,
): Step {
  const rows: ArrayLike<number>[] = []
  let eur = 0
  let priced = 0
  const last = Math.ceil(endMs / QUARTER_MS)
  const published = world.market.lastPublished(Math.floor(nowMs / MINUTE_MS))
  for (let quarter = Math.floor(startMs / QUARTER_MS); quarter < last; quarter++) {
    const row = life.row(quarter)
    if (row) rows.push(row)
    if (quarter > published || quarter * QUARTER_MS < life.fromMs) continue
    eur += world.market.eurPerMwh(priceZone, quarter)
    priced++
  }
  const known = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value)
  return {
    device,
    rows,
    sum: (column) =>
      rows.length === 0 ? null : known(rows.reduce((sum, row) => sum + (row[at[column]] ?? Number.NaN), 0)),
    first: (column) => known(rows[0]?.[at[column]]),
    eurPerMwh: priced === 0 ? null : eur / priced,
  }
}

const MOST_MS = 732 * DAY_MS

const quarterBefore = (ms: number) => Math.floor(ms / QUARTER_MS) * QUARTER_MS

/** Whether something held for more than a share of the step. */
function isMost(step: Step, column: Column, share: number): boolean | null {
  const minutes = step.sum(column)
  return minutes === null ? null : minutes > step.rows.length * 15 * share
}

/** Mean power over the step, whole watts. */
function watts(step: Step, column: Column): number | null {
  const wh = step.sum(column)
  return wh === null ? null : Math.round((wh * 4) / step.rows.length) || 0
}

/** A house without a battery has none that charges. */
const batteryW = (step: Step) => watts(step, 'batteryWh') ?? 0

const householdW = (step: Step): number | null => {
  const parts = [step.sum('peopleWh'), step.sum('heatPumpWh') ?? 0, step.sum('carWh') ?? 0]
  const wh = parts.reduce<number | null>(
    (sum, part) => (sum === null || part === null ? null : sum + part),
    0,
  )
  return wh === null ? null : Math.max(0, Math.round((wh * 4) / step.rows.length))
}

/** From the other three, so that whole watts balance as they do in the state. */
function gridW(step: Step): number | null {
  const solarW = watts(step, 'solarWh')
  const loadW = householdW(step)
  return solarW === null || loadW === null ? null : solarW + batteryW(step) - loadW
}

const whole = (x: number | null) => (x === null ? null : Math.round(x))
const tenth = (x: number | null) => (x === null ? null : Math.round(x * 10) / 10)
const cents = (x: number) => Math.round(x * 100) / 100
