import { globSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { pageCapabilities } from './page-capabilities.ts'

test('every page of a home was decided on, and nothing else', () => {
  const routes = fileURLToPath(new URL('../../routes', import.meta.url))
  const pages = globSync('(home)/**/+page.svelte', { cwd: routes }).map((file) => `/${dirname(file)}`)
  expect(Object.keys(pageCapabilities).toSorted()).toEqual(pages.toSorted())
})
