import { QUARTERS_PER_DAY } from '../calendar.ts'
/**
 * What a building has lived through, by quarter-hour: the one source of data series, savings and statistics, so
 * that they agree with each other and add up.
 */
export type Ledger = {
  /** Quarter-hour since the epoch of the first row. */
  firstQuarter: number
  /** How many rows there are, without a hole. */
  count: number
  /** `width` numbers a row. */
  rows: Float32Array
}

/** Columns of a row. Energies in Wh, money in EUR, levels and temperatures as at the start of the quarter-hour. */
export const columns = [
  'solarWh',
  'peopleWh',
  'heatPumpWh',
  'carWh',
  /** Positive = discharged. */
  'batteryWh',
  'importWh',
  'exportWh',
  'twinHeatPumpWh',
  'twinCarWh',
  'heatPumpSavedEur',
  'carSavedEur',
  'inverterSavedEur',
  'batteryPercent',
  'carPercent',
  'pluggedMin',
  'chargingMin',
  'atHomeMin',
  'peakCarW',
  /** What the sun put into the car. */
  'carSolarWh',
  'heatWh',
  'airC',
  'tankC',
  'outdoorC',
  /** Mode of the heat pump, 0 = min … 3 = max. */
  'mode',
] as const
export type Column = (typeof columns)[number]

/** One quarter-hour, by column. */
export type Row = Record<Column, number>

export const width = columns.length
export const at = Object.fromEntries(columns.map((name, i) => [name, i])) as Record<Column, number>

export const createLedger = (firstQuarter: number): Ledger => ({
  firstQuarter,
  count: 0,
  rows: new Float32Array(0),
})

/** Adds the row of the next quarter-hour. Rows before the first quarter-hour are nobody's business. */
export function write(ledger: Ledger, quarter: number, row: ArrayLike<number>): void {
  const index = quarter - ledger.firstQuarter
  if (index < 0) return
  if ((index + 1) * width > ledger.rows.length) {
    const grown = new Float32Array(ledger.rows.length + QUARTERS_PER_DAY * width)
    grown.set(ledger.rows)
    ledger.rows = grown
  }
  ledger.rows.set(row, index * width)
  ledger.count = index + 1
}

/** The row of a quarter-hour; `null` where there is none. */
export function rowOf({ firstQuarter, count, rows }: Ledger, quarter: number): Float32Array | null {
  const index = quarter - firstQuarter
  return index < 0 || index >= count ? null : rows.subarray(index * width, (index + 1) * width)
}

/** The place of a quarter-hour in its UTC day, from 0. */
export const quarterOfDay = (quarter: number) =>
  ((quarter % QUARTERS_PER_DAY) + QUARTERS_PER_DAY) % QUARTERS_PER_DAY
