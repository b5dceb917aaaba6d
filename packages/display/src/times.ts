import { NARROW_NO_BREAK_SPACE, NOTHING } from './parts.ts'
import { ages } from './words/ages.ts'

/** Moments and times of day (`HH:MM`) of a language in one zone. */
export function timesIn(locale: string, timeZone: string, language: 'en' | 'de') {
  const hoursAndMinutes: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' }
  const inZone = new Intl.DateTimeFormat(locale, { ...hoursAndMinutes, timeZone })
  const bare = new Intl.DateTimeFormat(locale, { ...hoursAndMinutes, timeZone: 'UTC' })
  // Month names in full: their short forms change from one Unicode release to the next, and with them what a
  // server and a browser print.
  const dayAndMonth = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone })
  const dayMonthYear = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone,
  })
  const calendar = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    timeZone,
  })
  const words = ages[language]

  /** Unicode releases disagree about the space before "PM". */
  const tidy = (text: string) => words.timeOfDay(text.replace(/\s/g, NARROW_NO_BREAK_SPACE))
  const dayOf = (date: Date) => {
    const parts = calendar.formatToParts(date).map(({ type, value }) => [type, Number(value)])
    const { year = 0, month = 1, day = 1 } = Object.fromEntries(parts) as Record<string, number>
    return { year, number: Date.UTC(year, month - 1, day) / 86_400_000 }
  }

  return {
    timeOfDay: (hhmm: string) => tidy(bare.format(new Date(`1970-01-01T${hhmm}:00Z`))),
    clock(at: Date, now: Date): string {
      const time = tidy(inZone.format(at))
      const today = dayOf(now)
      const day = dayOf(at)
      const daysAgo = today.number - day.number
      if (daysAgo === 0) return time
      if (daysAgo === 1) return `${words.yesterday}, ${time}`
      if (daysAgo === -1) return `${words.tomorrow}, ${time}`
      return `${(day.year === today.year ? dayAndMonth : dayMonthYear).format(at)}, ${time}`
    },
  }
}

/** How long ago, in words. `whole` writes whole numbers. */
export function ageText(ms: number, language: 'en' | 'de', whole: (n: number) => string): string {
  const words = ages[language]
  if (!Number.isFinite(ms)) return NOTHING
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return words.justNow
  if (minutes < 60) return words.minutesAgo(whole(minutes))
  const hours = Math.floor(minutes / 60)
  return hours < 24
    ? words.hoursAgo(whole(hours))
    : words.daysAgo(Math.floor(hours / 24), whole(Math.floor(hours / 24)))
}

/** `HH:MM`, 24 hours. */
export const isTimeOfDay = (text: string) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text)
