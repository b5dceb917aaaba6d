import { goTo, inWords, onePhone, type Language, type Said } from './refusal.ts'
import type { StackOptions } from './stack.ts'
import { manyHomes } from './unused-homes.ts'
import { duringTests, useBrowser, useStack, useUnusedHomes } from './use-stack.ts'

/**
 * What every file needs that shows how something is asked for and refused, by the partner, by the browser or by
 * ourselves: what the person reads and where, that what was typed or chosen is still there, and that nothing was done.
 */
export function useRefusals(options: StackOptions | (() => StackOptions) = {}) {
  const stack = useStack(() => ({
    simulatorArgs: manyHomes,
    ...(typeof options === 'function' ? options() : options),
  }))
  const browser = useBrowser()
  const homes = useUnusedHomes(stack)

  return {
    stack,
    browser,
    homes,
    /** Strikes the next `count` requests to the partner that match. */
    fault: (kind: object, match: object, count = 1) =>
      stack.control('POST', 'faults', { count, ...kind, match }),
    heal: () => stack.control('DELETE', 'faults'),

    /** For the tests of one language: its phone, its words, and where they lead. */
    inLanguage(language: Language) {
      const page = duringTests(() => onePhone(browser))
      const say = (said: Said) => inWords(said, language)
      return {
        page,
        say,
        open: (to: { home: string; path?: string; live?: boolean }) => goTo(page, stack, language, to),
        /** What the gateway says of `/api/{path}` to whoever is signed in on that phone. */
        readApi: async (path: string) =>
          (await (await page.request.get(`${stack.url}/api/${path}`)).json()) as unknown,
        tryLater: say([
          'That did not work. Please try again in a moment.',
          'Das hat nicht geklappt. Bitte gleich noch einmal versuchen.',
        ]),
      }
    },
  }
}
