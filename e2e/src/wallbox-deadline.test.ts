import { expect, test } from 'vitest'
import { gatewayKnows } from './gateway-knows.ts'
import { useBrowser, useHome, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: ['--speed', '0'] })
const browser = useBrowser()
const full = useHome(stack, 'full')

/** The other of the two forms that the Partner API's documents have (§20 C4). */
test('a wallbox that tells its deadline as a moment shows a time of day, and saves what is changed', async () => {
  const id = full.devices.find(({ type }) => type === 'wallboxes')?.id
  await stack.control('POST', `homes/full/devices/${id}`, {
    settings: { is_charge_policy_enabled: true, charge_deadline_at: '06:45', minimum_charge_limit: 60 },
  })
  await stack.control('POST', 'homes/full', { wallbox_deadline: 'date_time' })
  const page = await visit(browser, stack, { home: 'full', path: `/wallboxes/${id}/settings`, live: false })
  // What the gateway knows may be from before.
  await gatewayKnows(
    page,
    stack,
    (device) => 'charge_deadline_at' in device && device.charge_deadline_at === '06:45',
  )
  await page.reload()
  const time = page.getByLabel('Time', { exact: true })
  expect(await time.inputValue()).toBe('06:45')
  await page.getByLabel('Level (%)').fill('70')
  await page.getByRole('button', { name: 'Save: Be ready by' }).click()
  await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor()
  expect(await stack.control('GET', `homes/full/devices/${id}`)).toMatchObject({
    is_charge_policy_enabled: true,
    charge_deadline_at: '06:45',
    minimum_charge_limit: 70,
  })
  expect(await time.inputValue()).toBe('06:45')
})
