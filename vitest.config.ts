import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { chromiumPath } from './e2e/src/chromium.ts'

const exclude = ['**/node_modules/**', '**/build/**', '**/.svelte-kit/**']

// Gateways and simulators in processes of their own are stripped of their types and compiled once, not at every start.
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url))

// Asked once, before the tests run side by side: two of them unpacking a Chromium at once would start half of it.
const hasBrowser = await chromiumPath().then(
  () => true,
  (error: Error) => {
    console.warn(error.message)
    return false
  },
)

/** Files that take a minute and more, which nobody should have to wait for at the end. */
const longest = ['connect', 'model', 'isolation-storm', 'upstream-load', 'fuzz']

/** One project after the other, for workers go on within a project only; in each the longest first, then the largest. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const isLong = ({ moduleId }: TestSpecification) =>
      longest.some((name) => moduleId.endsWith(`/${name}.test.ts`))
    const rankOf = (file: TestSpecification) =>
      (file.project.name === 'browser' ? 0 : 2) + (isLong(file) ? 0 : 1)
    return (await super.sort(files)).sort((a, b) => rankOf(a) - rankOf(b))
  }
}

const browserTests = {
  test: {
    name: 'browser',
    include: ['e2e/src/**/*.test.ts'],
    exclude,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // As patient as with what a page is to show.
    expect: { poll: { timeout: 15_000 } },
  },
}

export default defineConfig({
  test: {
    maxWorkers: 4,
    // What lives in modules and may be changed is a cache, so one file may use what another has loaded.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        plugins: [svelte()],
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'tools/*.test.ts'],
          exclude,
          testTimeout: 60_000,
          // The web app as it was built is no source: the compiler would take its `page.svelte.js` for one.
          server: { deps: { external: [/\/apps\/web\/build\//] } },
        },
      },
      ...(hasBrowser ? [browserTests] : []),
    ],
  },
})
