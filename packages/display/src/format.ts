import type { Quantity, Tile } from './shown.ts'
import { numbersIn } from './numbers.ts'
import { NARROW_NO_BREAK_SPACE, NOTHING, textParts, type Parts } from './parts.ts'
import { ageText, isTimeOfDay, timesIn } from './times.ts'
import { timeOfMinute } from './wall-clock.ts'

export type Formatter = ReturnType<typeof formatter>

/**
 * Numbers and times for people, through `Intl`, the same in Node and in every browser. No output ever contains
 * NaN, Infinity or −0: what is no number becomes "–".
 *
 * @param locale BCP 47; plain `en` is read as `en-GB`, as homes are in Europe
 * @param timeZone IANA zone of the home, not of the viewer
 */
export function formatter(locale: string, timeZone: string) {
  const key = `${locale} ${timeZone}`
  let made = formatters.get(key)
  if (!made) {
    // Locales can come from request headers, so the cache must not grow with them.
    if (formatters.size >= 64) formatters.clear()
    made = makeFormatter(locale, timeZone)
    formatters.set(key, made)
  }
  return made
}

const formatters = new Map<string, ReturnType<typeof makeFormatter>>()

function makeFormatter(requested: string, requestedZone: string) {
  const locale = supportedLocale(requested)
  const timeZone = supportedZone(requestedZone)
  const language = locale.startsWith('de') ? 'de' : 'en'
  const { number, plain, money } = numbersIn(locale)
  const { timeOfDay, clock } = timesIn(locale, timeZone, language)

  const format = {
    /** W below 1,000 W, else kW with one decimal. `unit` forces one unit, so that a picture has only one. */
    power(w: number, unit?: 'W' | 'kW'): Parts {
      if ((unit ?? (Math.abs(Math.round(w)) < 1000 ? 'W' : 'kW')) === 'W') return number(w, 0, 0, 'W')
      // Nothing at all reads "0", so that it differs from a little that rounds to "0.0".
      return w === 0 ? number(0, 0, 0, 'kW') : number(w / 1000, 1, 1, 'kW')
    },
    /** From kWh: 2 decimals below 10, 1 below 100, none above; MWh from 10,000 kWh. */
    energy(kwh: number): Parts {
      if (Math.abs(Math.round(kwh)) < 10_000) return threeDigits(kwh, 'kWh')
      return threeDigits(kwh / 1000, 'MWh')
    },
    /** From °C, as reported, at most 1 decimal. */
    temperature(c: number): Parts {
      return number(c, 0, 1, '°C')
    },
    /** From K, with its sign, as it is added to something. */
    temperatureDifference(k: number): Parts {
      const parts = number(k, 0, 1, 'K')
      if (!(k > 0) || !/[1-9]/.test(parts.value)) return parts
      return { ...parts, value: `+${parts.value}`, text: `+${parts.text}` }
    },
    /** From percent (not a share): whole, and 100 only when it is. */
    percent(p: number): Parts {
      return number(p < 100 && p > 99 ? 99 : p, 0, 0, '%', language === 'en' ? '' : NARROW_NO_BREAK_SPACE)
    },
    /** From km, whole. */
    range(km: number): Parts {
      return number(km, 0, 0, 'km')
    },
    /** 2 decimals, symbol where the language puts it. `currency`: ISO 4217. */
    money(amount: number, currency: string): Parts {
      return money(amount, currency)
    },
    /** From ct/kWh, 1 decimal. */
    price(ctPerKwh: number): Parts {
      return number(ctPerKwh, 1, 1, 'ct/kWh')
    },
    /** How long ago: "just now" below a minute, then minutes, hours, days. */
    age(ms: number): string {
      return ageText(ms, language, (n) => plain(n, 0, 0))
    },
    /**
     * A moment (ISO 8601) as time of day in the home's zone, with its date when it is not today; or a bare time
     * of day (`HH:MM`) as it is. "–" for anything else.
     */
    clock(at: string | null, now: Date): string {
      if (at !== null && isTimeOfDay(at)) return timeOfDay(at)
      return at === null || Number.isNaN(Date.parse(at)) ? NOTHING : clock(new Date(at), now)
    },
    /** How long something lasts so far, m:ss. */
    elapsed(ms: number): string {
      const s = Number.isFinite(ms) ? Math.max(0, Math.floor(ms / 1000)) : 0
      return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`
    },
    /** A tile's value; `null` when it is not reported. */
    tile(tile: Tile): Parts | null {
      const { shown, quantity } = tile
      if (shown.kind === 'not_reported') return null
      if (shown.kind === 'value') return byQuantity[quantity](shown.value)
      return textParts(
        quantity === 'time_of_day' && isTimeOfDay(shown.text) ? timeOfDay(shown.text) : shown.text,
      )
    },
  }

  const byQuantity: Record<Quantity, (value: number) => Parts> = {
    power: format.power,
    energy: format.energy,
    temperature: format.temperature,
    temperature_difference: format.temperatureDifference,
    percent: format.percent,
    range: format.range,
    // Minutes after midnight.
    time_of_day: (minutes) => textParts(timeOfDay(timeOfMinute(minutes))),
  }

  /** The decimals follow the rounded value, so that 9.996 is "10.0" and not "10.00". */
  function threeDigits(value: number, unit: string): Parts {
    const size = Math.abs(value)
    const decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0
    return number(value, decimals, decimals, unit)
  }

  return format
}

function supportedLocale(requested: string): string {
  if (requested === 'en') return 'en-GB'
  try {
    return Intl.NumberFormat.supportedLocalesOf(requested)[0] ?? 'en-GB'
  } catch {
    // Not a language tag at all.
    return 'en-GB'
  }
}

function supportedZone(requested: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: requested })
    return requested
  } catch {
    // A zone newer than this browser; a time in UTC is less wrong than no page.
    return 'UTC'
  }
}
