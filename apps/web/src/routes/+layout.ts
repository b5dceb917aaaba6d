import { wordsOf } from '#lib/words.ts'
import type { LayoutLoad } from './$types'

// Pages are whole without script; what lives on them is brought to life by a script of its own (vite.live.ts).
export const csr = false

export const load: LayoutLoad = async ({ data }) => ({ ...data, words: await wordsOf(data.language) })
