import { de } from './de.ts'
import { en } from './en.ts'
import type { DisplayWords, Language } from './words.ts'

/** All languages; import `en` or `de` alone where only one is to be sent. */
export const displayWords: Record<Language, DisplayWords> = { en, de }
