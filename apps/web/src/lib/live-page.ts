import type { HomeSnapshot, Session } from '@homewatt/contract'
import type { Outcome } from '@homewatt/ui'
import type { Language } from '@homewatt/ui/words'
import type { LivePage, Screen } from '../live/screen.ts'

/** The data of a live page, picked from what its routes loaded. */
export function livePage(
  {
    first,
    session,
    language,
    locale,
  }: { first: HomeSnapshot; session: Session; language: Language; locale: string },
  form: { outcome?: Outcome | undefined } | null,
  path: string,
  screen: Screen,
): LivePage {
  return { screen, first, session, language, locale, path, outcome: form?.outcome ?? null }
}
