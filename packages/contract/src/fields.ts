import * as v from 'valibot'

/**
 * How a field of a partner's answer is read. A value that cannot be believed never rejects the device it
 * belongs to: it becomes unknown (`null`), and `faultsOf` can name it afterwards.
 */

/** A field every device of its kind has. Missing, `null`, wrong type, out of range: unknown (`null`). */
export const known = <S extends v.GenericSchema>(schema: S) => v.fallback(v.nullish(schema, null), null)

/** A field some devices have. Missing: not supported (the key stays absent). `null` or unbelievable: unknown. */
export const offered = <S extends v.GenericSchema>(schema: S) =>
  v.optional(v.fallback(v.nullable(schema), null))

/** A list of words. Words of tomorrow are left out, and take none of today's with them. */
export const knownWords = <const Words extends readonly string[]>(word: v.PicklistSchema<Words, undefined>) =>
  v.pipe(
    v.array(v.unknown()),
    v.transform((list) => list.filter((one) => v.is(word, one))),
    v.array(word),
  )

/** A sensor that may not exist. `null`: no sensor. Missing or unbelievable: unknown (`undefined`). */
export const sensed = <S extends v.GenericSchema>(schema: S) =>
  v.optional(v.fallback(v.optional(v.nullable(schema)), undefined))

const finite = v.pipe(v.number(), v.finite())

/** Watts with a sign. A household connection ends far below a megawatt, so more is a fault and not a reading. */
export const watts = v.pipe(finite, v.minValue(-1_000_000), v.maxValue(1_000_000))

/** Watts, never negative. Inverters report a few watts below zero at night: that is zero. */
export const producedWatts = v.pipe(
  watts,
  v.minValue(-50),
  v.transform((w) => Math.max(0, w)),
)

/** Watts, never negative, for things that only consume. */
export const consumedWatts = producedWatts

/** Degrees Celsius within what water, air and rooms of a house can have. */
export const celsius = v.pipe(finite, v.minValue(-60), v.maxValue(130))

/** A difference of temperatures in kelvin. */
export const kelvin = v.pipe(finite, v.minValue(-50), v.maxValue(50))

/** Percent, 0 to 100. */
export const percent = v.pipe(finite, v.minValue(0), v.maxValue(100))

/** Kilowatt-hours of a battery. */
export const kilowattHours = v.pipe(finite, v.minValue(0), v.maxValue(10_000))

/** Kilometres. */
export const kilometres = v.pipe(finite, v.minValue(0), v.maxValue(5_000))

export const uuid = v.pipe(v.string(), v.uuid())

// Control, zero-width and bidirectional characters: they could hide text or turn what stands beside them around.
// eslint-disable-next-line no-control-regex
const invisible = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** Text from the outside, shortened; invisible characters are taken out. */
export const text = (max: number) =>
  v.pipe(
    v.string(),
    v.transform((s) => s.replace(invisible, '').slice(0, max)),
  )

/** A moment, ISO 8601 with zone. Sentinels such as `0001-01-01T00:00:00Z` and the epoch are not moments. */
export const timestamp = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.check((s) => {
    const ms = Date.parse(s)
    return ms >= FIRST_BELIEVABLE_MS && ms <= LAST_BELIEVABLE_MS
  }),
)

const FIRST_BELIEVABLE_MS = Date.parse('2000-01-01T00:00:00Z')
const LAST_BELIEVABLE_MS = Date.parse('2200-01-01T00:00:00Z')

/** A time of day, `HH:MM`, 24 hours. */
export const timeOfDay = v.pipe(
  v.string(),
  v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Use a time of day from 00:00 to 23:59.'),
)

/** What the documents name as the value of a field that says nothing (Partner API, §9). */
const documentedBlanks: Readonly<Record<string, unknown>> = {
  inverter_forced_mode_since: '0001-01-01T00:00:00Z',
}

/**
 * Names the fields of `input` that said something and were not believed: the value came, and what was read is
 * unknown. For counters and logs; names only, never values. A documented blank says nothing.
 */
export function faultsOf(input: unknown, read: Readonly<Record<string, unknown>>): string[] {
  if (typeof input !== 'object' || input === null) return []
  return Object.entries(input)
    .filter(([key, value]) => value !== null && value !== undefined && value !== documentedBlanks[key])
    .filter(([key]) => key in read && read[key] == null)
    .map(([key]) => key)
}
