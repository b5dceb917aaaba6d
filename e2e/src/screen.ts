import type { Locator, Page } from 'playwright-core'

/** A paragraph of exactly these words, for eyes and screen readers alike. */
export function says(within: Page | Locator, words: string): Locator {
  return within.getByRole('paragraph').filter({ hasText: exactly(words) })
}

/**
 * Labels and values in the part of the page with this heading. What is there twice, for the eye and for the ear,
 * is told in this order: "– not reported".
 */
export async function valuesIn(page: Page, heading: string): Promise<Record<string, string>> {
  const part = page.getByRole('main').getByRole('region', { name: heading, exact: true })
  const terms = part.getByRole('term')
  await terms.first().waitFor()
  const pairs = await terms.evaluateAll((elements) =>
    elements.map((term) => [
      (term as HTMLElement).innerText,
      (term.nextElementSibling as HTMLElement | null)?.innerText ?? '',
    ]),
  )
  return Object.fromEntries(pairs.map(([label = '', value = '']) => [plain(label), plain(value)]))
}

/** Text with ordinary spaces only. */
export const plain = (text: string) => text.replace(/\s+/g, ' ').trim()

/** Presses Refresh until the page shows what is expected; the gateway asks anew every three seconds at most. */
export async function refreshUntil(page: Page, shown: Locator, language: 'en' | 'de' = 'en'): Promise<void> {
  const refresh = page.getByRole('button', {
    name: language === 'en' ? 'Refresh' : 'Aktualisieren',
    exact: true,
  })

  const deadlineMs = performance.now() + 15_000
  while (performance.now() < deadlineMs) {
    await refresh.click()
    const seen = await shown
      .first()
      .waitFor({ timeout: 1_000 })
      .then(
        () => true,
        () => false,
      )
    if (seen) return
  }
  await shown.first().waitFor({ timeout: 1_000 })
}

export const exactly = (words: string) => new RegExp(`^\\s*${escaped(words)}\\s*$`)

const escaped = (words: string) => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s')
