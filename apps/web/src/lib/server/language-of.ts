import { languageNames, type Language } from '@homewatt/ui/words'

/**
 * The language to speak: the one chosen here before, else the browser's first that we know, else English. The
 * locale keeps the browser's region, for `en-US` and `en-GB` write times differently.
 */
export function languageOf(
  chosen: string | undefined,
  acceptLanguage: string | null,
): { language: Language; locale: string } {
  const wanted = acceptedTags(acceptLanguage ?? '')
  const language = isLanguage(chosen) ? chosen : (wanted.map(baseOf).find(isLanguage) ?? 'en')
  const locale =
    wanted.find((tag) => baseOf(tag) === language && /^[a-z]{2}-[a-z]{2}$/i.test(tag)) ?? language
  return { language, locale }
}

export function isLanguage(text: string | undefined | null): text is Language {
  return typeof text === 'string' && Object.hasOwn(languageNames, text)
}

const baseOf = (tag: string) => tag.split('-', 1)[0]?.toLowerCase() ?? ''

/** Tags of an `Accept-Language` header, most wanted first. */
function acceptedTags(header: string): string[] {
  return header
    .split(',')
    .slice(0, 20)
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';')
      const q = parameters.map((text) => /^\s*q=([\d.]+)/.exec(text)?.[1]).find(Boolean)
      return { tag: tag.trim(), q: q === undefined ? 1 : Number(q) }
    })
    .filter(({ tag, q }) => tag !== '' && q > 0)
    .toSorted((a, b) => b.q - a.q)
    .map(({ tag }) => tag)
}
