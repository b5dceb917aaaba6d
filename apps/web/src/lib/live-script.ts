import type { Language } from '@homewatt/ui/words'
import type { Screen } from '../live/screen.ts'

/** Put here by the build, see vite.live.ts: paths of the live script, of each language's words and of what else is shown. */
declare const __LIVE_SCRIPT__: {
  entry: string
  words: Record<Language, string>
  screens: { device: string; return: string }
  forms: string
}

export const scriptUrl = __LIVE_SCRIPT__.entry

/** The script of pages with settings. */
export const formsUrl = __LIVE_SCRIPT__.forms

/** The words a page needs, for the browser to fetch them beside the script and not after it. */
export const wordsUrl = (language: Language) => __LIVE_SCRIPT__.words[language]

/** Likewise the screen of a page that is not the overview. */
export const screenUrl = ({ name }: Screen) => (name === 'overview' ? '' : __LIVE_SCRIPT__.screens[name])
