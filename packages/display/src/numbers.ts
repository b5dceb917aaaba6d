import { NARROW_NO_BREAK_SPACE, NOTHING, textParts, type Parts } from './parts.ts'

/** @param gap what stands before the unit in running text */
export type FormatNumber = (value: number, least: number, most: number, unit: string, gap?: string) => Parts

/** Numbers of a language, with decimals from `least` to `most`. Makes each `Intl` formatter once. */
export function numbersIn(locale: string) {
  const intl = new Map<string, Intl.NumberFormat>()

  /** Digits with a real minus sign, and none before a zero. */
  function plain(value: number, least: number, most: number): string {
    if (!Number.isFinite(value)) return NOTHING
    const key = `${least} ${most}`
    let made = intl.get(key)
    if (!made) {
      made = new Intl.NumberFormat(locale, { minimumFractionDigits: least, maximumFractionDigits: most })
      intl.set(key, made)
    }
    const digits = made.format(Math.abs(value))
    return value < 0 && /[1-9]/.test(digits) ? MINUS + digits : digits
  }

  const number: FormatNumber = (value, least, most, unit, gap = NARROW_NO_BREAK_SPACE) => {
    const digits = plain(value, least, most)
    if (digits === NOTHING) return textParts(NOTHING)
    return { value: digits, unit, gap, text: digits + gap + unit }
  }
  return { number, plain, money: moneyIn(locale, number) }
}

const MINUS = '−'

function moneyIn(locale: string, number: FormatNumber) {
  const intl = new Map<string, Intl.NumberFormat>()

  return (amount: number, currency: string): Parts => {
    if (!Number.isFinite(amount) || !/^[A-Z]{3}$/.test(currency)) return number(amount, 2, 2, currency)
    let made = intl.get(currency)
    if (!made) {
      made = new Intl.NumberFormat(locale, { style: 'currency', currency, ...twoDecimals })
      intl.set(currency, made)
    }
    const pieces = made.formatToParts(Math.abs(amount))
    const unit = pieces.find(({ type }) => type === 'currency')?.value ?? currency
    const digits = pieces
      .map(({ type, value }) => (type === 'currency' || type === 'literal' ? '' : value))
      .join('')
    const value = amount < 0 && /[1-9]/.test(digits) ? MINUS + digits : digits
    const gap = pieces.some(({ type }) => type === 'literal') ? NARROW_NO_BREAK_SPACE : ''
    if (pieces[0]?.type !== 'currency') return { value, unit, gap, text: value + gap + unit }
    const minus = value.startsWith(MINUS) ? MINUS : ''
    return { value, unit, gap, text: minus + unit + gap + digits }
  }
}

const twoDecimals = { minimumFractionDigits: 2, maximumFractionDigits: 2 }
