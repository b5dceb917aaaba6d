import type { Language, Words } from '@homewatt/ui/words'

/** The words of one language. Each is a file of its own, so that a browser gets only the one it speaks. */
export async function wordsOf(language: Language): Promise<Words> {
  const { words } = await (language === 'de'
    ? import('@homewatt/ui/words/de')
    : import('@homewatt/ui/words/en'))
  return words
}
