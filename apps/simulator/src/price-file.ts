import { readFile } from 'node:fs/promises'
import { QUARTER_MS } from './calendar.ts'
import type { PriceSource } from './prices.ts'
import { recordedTime } from './replay.ts'

/** The price file cannot be used; says in one sentence why. */
export class PricesUnusable extends Error {
  override name = 'PricesUnusable'
}

/**
 * Reads recorded day-ahead prices: a CSV with a column `time` and either `price_eur_mwh` in EUR/MWh or `price` in
 * ct/kWh. Times have an offset, or stand beside a column `zone_start` that says `CET` or `CEST`; a price holds until
 * the next, for an hour at most. All price zones get them. In other years the file is played again by whole weeks.
 * Throws `PricesUnusable`.
 */
export async function loadPrices(file: string): Promise<PriceSource> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    throw new PricesUnusable(`The price file ${file} cannot be read.`)
  }
  const [header = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const columns = header.split(',').map((name) => name.trim())
  const timeAt = columns.indexOf('time')
  const zoneAt = columns.indexOf('zone_start')
  const eurAt = columns.indexOf('price_eur_mwh')
  const centAt = columns.indexOf('price')
  if (timeAt < 0 || (eurAt < 0 && centAt < 0))
    throw new PricesUnusable(
      `The price file ${file} has no columns time and price (ct/kWh) or price_eur_mwh in its first line.`,
    )

  const prices = new Map<number, number>()
  let lastQuarter = Number.NaN
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const cells = line.split(',')
    const told = eurAt < 0 ? Number(cells[centAt] || Number.NaN) * 10 : Number(cells[eurAt] || Number.NaN)
    const ms = timeOf(cells[timeAt] ?? '', zoneAt < 0 ? null : (cells[zoneAt] ?? ''))
    if (Number.isNaN(ms) || !Number.isFinite(told))
      throw new PricesUnusable(`Line ${index + 2} of the price file ${file} has no time and price.`)
    const quarter = Math.floor(ms / QUARTER_MS)
    if (quarter <= lastQuarter)
      throw new PricesUnusable(
        `Line ${index + 2} of the price file ${file} is not later than the one before.`,
      )
    for (let ahead = 0; ahead < QUARTERS_PER_HOUR; ahead++) prices.set(quarter + ahead, told)
    lastQuarter = quarter
  }
  const [firstQuarter] = prices.keys()
  if (firstQuarter === undefined) throw new PricesUnusable(`The price file ${file} has no prices.`)
  const startMs = firstQuarter * QUARTER_MS
  const endMs = (lastQuarter + QUARTERS_PER_HOUR) * QUARTER_MS
  return (_zone, quarter) => {
    const there =
      quarter >= firstQuarter && quarter * QUARTER_MS < endMs
        ? quarter
        : recordedTime(startMs, endMs, quarter * QUARTER_MS) / QUARTER_MS
    return prices.get(there) ?? null
  }
}

const QUARTERS_PER_HOUR = 4

/** ms; `NaN` when it cannot be read. */
function timeOf(text: string, zone: string | null): number {
  if (zone === null) return /(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN
  const offset = { CET: '+01:00', CEST: '+02:00' }[zone]
  return offset ? Date.parse(`${text.replace(' ', 'T')}${offset}`) : Number.NaN
}
