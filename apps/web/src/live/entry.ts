import { formatter, homeView } from '@homewatt/display'
import { hydrate } from 'svelte'
import { wordsOf } from '#lib/words.ts'
import Live from './Live.svelte'
import type { LivePage } from './screen.ts'
import { otherScreen } from './screens.ts'

void bringToLife()

/**
 * Brings the page that the server rendered to life, from the same data it was rendered from. Not by awaiting while the
 * module loads: what is fetched here is made of parts of this module, so each would wait for the other.
 */
async function bringToLife() {
  const target = document.getElementById('live')
  const data = document.getElementById('live-page')?.textContent
  if (!target || !data) return
  const page = JSON.parse(data) as LivePage
  const arriving = Promise.all([wordsOf(page.language), otherScreen(page.screen)])
  await nextTask()
  formatOnce(page)
  const [words, Other] = await arriving
  await nextTask()
  hydrate(Live, { target, props: { page, words, Other } })
}

/** Whoever taps or scrolls meanwhile goes first. */
function nextTask() {
  return new Promise((resolve) => setTimeout(resolve))
}

/** `Intl` takes its time with the first of everything; while the words are on their way that keeps nobody waiting. */
function formatOnce({ first, locale }: LivePage) {
  const format = formatter(locale, first.time_zone)
  const now = new Date(first.at)
  const { inverters, vehicles, heatPumps, wallboxes } = homeView(first, now)
  for (const { tiles, freshness } of [...inverters, ...vehicles, ...heatPumps, ...wallboxes]) {
    for (const tile of tiles) format.tile(tile)
    format.age(freshness.ageMs ?? 0)
    format.clock(freshness.updatedAt, now)
  }
}
