import { HttpError, unprocessable, type Complaint } from './http.ts'
import { offsetMin } from './calendar.ts'

/** Reads parameters of a query one by one and collects what is wrong with them. */
export type Query = {
  /** A moment, ms: ISO 8601; without a zone it is meant in `zone`. `null` when it is missing and may be. */
  moment(name: string, zone: string, required: boolean): number | null
  /** A calendar day, ms at its beginning in UTC. */
  day(name: string): number
  whole(name: string, least: number, most: number, otherwise: number): number
  oneOf<T extends string>(name: string, options: readonly T[], otherwise: T): T
  /** A list, separated by commas, of some of the options. */
  someOf<T extends string>(name: string, options: readonly T[], otherwise: readonly T[]): T[]
  complain(name: string, msg: string): void
  /** Throws 422 with everything that was wrong; reads that failed have given something harmless. */
  check(): void
}

export function createQuery(query: URLSearchParams): Query {
  const complaints: Complaint[] = []
  const complain = (name: string, msg: string, type = 'value_error') =>
    complaints.push({ type, loc: ['query', name], msg })

  return {
    complain,
    moment(name, zone, required) {
      const text = query.get(name)
      if (text === null || text === '') {
        if (required) complain(name, 'Field required', 'missing')
        return null
      }
      const ms = momentOf(text, zone)
      if (ms === null) complain(name, 'Input should be a valid datetime', 'datetime_parsing')
      return ms
    },
    day(name) {
      const text = query.get(name)
      const ms =
        text !== null && /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
      if (text === null || text === '') complain(name, 'Field required', 'missing')
      else if (!within(ms)) complain(name, 'Input should be a valid date', 'date_parsing')
      return within(ms) ? ms : 0
    },
    whole(name, least, most, otherwise) {
      const text = query.get(name)
      if (text === null) return otherwise
      const value = Number(text)
      if (/^-?\d{1,12}$/.test(text) && value >= least && value <= most) return value
      complain(name, `Input should be a whole number from ${least} to ${most}`, 'int_parsing')
      return otherwise
    },
    oneOf(name, options, otherwise) {
      const text = query.get(name)
      if (text === null || text === '') return otherwise
      const found = options.find((option) => option === text)
      if (!found) complain(name, `Input should be one of ${options.join(', ')}`, 'enum')
      return found ?? otherwise
    },
    someOf(name, options, otherwise) {
      const text = query.get(name)
      if (text === null || text.trim() === '') return [...otherwise]
      const words = text.split(',').map((word) => word.trim())
      if (words.some((word) => !options.some((option) => option === word)))
        complain(name, `Input should be some of ${options.join(', ')}`, 'enum')
      return options.filter((option) => words.includes(option))
    },
    check() {
      if (complaints.length > 0) throw new HttpError(unprocessable(complaints))
    },
  }
}

/** Between 1970 and 2200: beyond that no calendar is kept. */
const within = (ms: number) => ms >= 0 && ms < 7_258_118_400_000

function momentOf(text: string, zone: string): number | null {
  // A plus in a query that was not encoded arrives as a blank.
  const form = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+ -]\d\d:?\d\d)?)?$/i.exec(
    text,
  )
  if (!form) return null
  const [, date = '', time = '00:00', offset] = form
  const known = offset?.replace(/^ /, '+')
  const ms = Date.parse(`${date}T${time}${known ?? 'Z'}`)
  if (!within(ms)) return null
  if (known) return ms
  const minute = Math.floor(ms / 60_000)
  return ms - offsetMin(zone, minute - offsetMin(zone, minute)) * 60_000
}
