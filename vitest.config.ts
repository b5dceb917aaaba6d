import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'
import { chromiumPath } from './e2e/src/chromium.ts'

const exclude = ['**/node_modules/**', '**/build/**', '**/.svelte-kit/**']

// Asked once, before the tests run side by side: two of them unpacking a Chromium at once would start half of it.
const hasBrowser = await chromiumPath().then(
  () => true,
  (error: Error) => {
    console.warn(error.message)
    return false
  },
)

const browserTests = {
  test: {
    name: 'browser',
    include: ['e2e/src/**/*.test.ts'],
    exclude,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
}

export default defineConfig({
  test: {
    maxWorkers: 2,
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
