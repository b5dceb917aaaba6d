import { hydrate } from 'svelte'
import { wordsOf } from '#lib/words.ts'
import Live from './Live.svelte'
import type { LivePage } from './screen.ts'

/** Brings the page that the server rendered to life, from the same data it was rendered from. */
const target = document.getElementById('live')
const data = document.getElementById('live-page')?.textContent
if (target && data) {
  const page = JSON.parse(data) as LivePage
  const words = await wordsOf(page.language)
  hydrate(Live, { target, props: { page, words } })
}
