import type { Language } from '@homewatt/ui/words'

/** Put here by the build, see vite.live.ts: paths of the live script and of each language's words. */
declare const __LIVE_SCRIPT__: { entry: string; words: Record<Language, string> }

export const scriptUrl = __LIVE_SCRIPT__.entry

/** The words a page needs, for the browser to fetch them beside the script and not after it. */
export const wordsUrl = (language: Language) => __LIVE_SCRIPT__.words[language]
