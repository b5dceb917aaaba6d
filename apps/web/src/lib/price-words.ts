import type { HourPrice } from '@homewatt/display'
import type { Language } from '@homewatt/ui/words'

/** What the present hour costs. Rendered on the server only, so no script carries it. */
export type PriceWords = {
  standing: Record<HourPrice['standing'], (until: string) => string>
  /** The price, and the span of the day. */
  values(price: string, lowest: string, highest: string): string
  /** Whose price it is not. */
  note: string
}

const en: PriceWords = {
  standing: {
    low: (until) => `Power is cheap until ${until}`,
    usual: (until) => `Power is neither cheap nor dear until ${until}`,
    high: (until) => `Power is dear until ${until}`,
    same: () => 'Power costs the same all day today',
  },
  values: (price, lowest, highest) => `${price}, today ${lowest} to ${highest}`,
  note: 'Your contract may differ.',
}

const de: PriceWords = {
  standing: {
    low: (until) => `Strom ist bis ${until} günstig`,
    usual: (until) => `Strom ist bis ${until} weder günstig noch teuer`,
    high: (until) => `Strom ist bis ${until} teuer`,
    same: () => 'Strom kostet heute den ganzen Tag gleich viel',
  },
  values: (price, lowest, highest) => `${price}, heute ${lowest} bis ${highest}`,
  note: 'Dein Vertrag kann abweichen.',
}

export const priceWords: Record<Language, PriceWords> = { en, de }
