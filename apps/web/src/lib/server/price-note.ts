import type { DayPrices, Reading } from '@homewatt/contract'
import { centsPerKwh, formatter, hourPrice } from '@homewatt/display'
import type { PricesApi } from '@homewatt/queries'
import type { Language } from '@homewatt/ui/words'
import type { PriceNote } from '../../live/screen.ts'
import { priceWords } from '../price-words.ts'
import { told } from './told.ts'

/** A page comes without the price rather than late; it is known when the page is opened again. */
const PATIENCE_MS = 1_500

type Place = { language: Language; locale: string; timeZone: string; now: Date }

/**
 * The price of the hour for a device that smart optimization steers; `null` where it steers nothing, or the price is not
 * known: nothing is guessed.
 */
export async function priceNote(
  device: Reading | undefined,
  api: PricesApi,
  place: Place,
): Promise<PriceNote | null> {
  if (device?.is_smart_optimization_active !== true) return null
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const asked = api.prices({ signal }).catch((error: unknown) => {
    if (signal.aborted) return { prices: null }
    throw error
  })
  const { value } = await told(asked)
  return value?.prices ? noteOf(value.prices, place) : null
}

/** The same of prices that are known. */
export function noteOf(prices: DayPrices, { language, locale, timeZone, now }: Place): PriceNote | null {
  const hour = hourPrice(prices, now)
  if (!hour) return null
  const format = formatter(locale, timeZone)
  const words = priceWords[language]
  const said = words.standing[hour.standing](format.clock(hour.until, now))
  const cents = (price: number) => centsPerKwh(price, prices.unit)
  const price = cents(hour.price)
  const lowest = cents(hour.lowest)
  const highest = cents(hour.highest)
  if (price === null || lowest === null || highest === null) return { text: `${said}.`, until: hour.until }
  const values =
    hour.standing === 'same'
      ? format.price(price).text
      : words.values(format.price(price).text, format.price(lowest).value, format.price(highest).value)
  return { text: `${said}: ${values}. ${words.note}`, until: hour.until }
}
