import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ReturnTo } from '@homewatt/contract'
import { expect, test } from 'vitest'
import { pathOfReturn } from './return-to.ts'

const pages = new URL('../../web/src/routes/(home)/', import.meta.url)

test.each(ReturnTo.options)('who signs in for "%s" is led to a page that there is', (returnTo) => {
  const page = new URL(`.${pathOfReturn(returnTo)}/+page.svelte`.replace('//', '/'), pages)
  expect(existsSync(fileURLToPath(page)), page.pathname).toBe(true)
})
