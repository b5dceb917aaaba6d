const DAY_MS = 86_400_000

/**
 * This many days from now, as a field for date and time wants it; homes are in Berlin, and so are the browsers of these
 * tests. Asked twice it may answer twice: keep what you typed.
 */
export function inDays(days: number): string {
  const text = new Date(Date.now() + days * DAY_MS).toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' })
  return text.slice(0, 16).replace(' ', 'T')
}
