import { expect, test } from 'vitest'
import { manyHomes } from './unused-homes.ts'
import { useBrowser, useStack, useUnusedHomes } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: manyHomes })
const browser = useBrowser()
const homes = useUnusedHomes(stack)

test.each([
  '</script><img src=x onerror=alert(1)>',
  '<!--<script>alert(1)//',
  '"><svg onload=alert(1)>',
  '{@html 1}${alert(1)}',
])('a device called %s is a device with an odd name and nothing more', async (name) => {
  const { home, path } = await homes.prepare('heat-pumps', {
    set: { device_model: { manufacturer: name, model: null } },
  })
  const page = await visit(browser, stack, { home, path, fresh: true })
  let ran = false
  page.on('dialog', (dialog) => {
    ran = true
    void dialog.dismiss()
  })
  // Live means that the data behind the name arrived whole.
  await page.reload()
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor()
  expect(await page.locator('img, [onload], [onerror]').count()).toBe(0)
  expect(ran).toBe(false)
})
