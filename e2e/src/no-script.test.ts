import { describe, expect, test } from 'vitest'
import { plain, says } from './screen.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

const stack = useStack({ simulatorArgs: ['--speed', '0'] })
const browser = useBrowser()

test('the HTML of the page holds the numbers, states and ages of the home', async () => {
  const home = (type: string) => `homes/many/devices/${type}`
  await stack.control('POST', home('inverters'), {
    set: {
      current_solar_production_w: 4321,
      household_consumption_w: 1111,
      battery_charge_discharge_power_w: -1210,
      current_power_to_grid_w: 2000,
      battery_charge_level_percent: 64,
    },
    reported_ago_s: 190,
  })
  await stack.control('POST', home('heat-pumps'), {
    set: { current_mode: 'low', is_smart_optimization_active: true, dhw_temperature: 51.5 },
    reported_ago_s: 310,
  })
  await stack.control('POST', home('electric-vehicles'), {
    plugged_in: true,
    charge_plan: 'wait',
    level: 47,
    set: { battery_level: 47 },
    reported_ago_s: 250,
  })
  const answer = await fetch(stack.url, { headers: { cookie: await stack.signIn('many') } })
  const text = plain(
    (await answer.text())
      .replace(/<(style|script)\b[\s\S]*?<\/\1>/g, '')
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/<[^>]*>/g, ' '),
  )
  for (const shown of ['4.3 kW', '1.1 kW', '2.0 kW', '64%', '51.5 °C', 'ECO', 'Plugged in', '47 %'])
    expect(text).toContain(shown)
  for (const age of ['Updated 3 min ago', 'Updated 5 min ago', 'Updated 4 min ago'])
    expect(text).toContain(age)
})

describe('without script', () => {
  const noScript = { javaScriptEnabled: false }

  test('the page is whole and says nothing about being live', async () => {
    const page = await visit(browser, stack, { home: 'full', ...noScript })
    await page.getByRole('heading', { level: 1 }).waitFor()
    const devices = page.getByRole('region', { name: 'Devices' })
    expect(await devices.getByRole('article').count()).toBe(4)
    expect(await page.getByText(/^Live/).count()).toBe(0)
  })

  test('Charge Now starts a boost', async () => {
    await stack.control('POST', 'homes/car/devices/electric-vehicles', {
      plugged_in: true,
      level: 40,
      charge_plan: 'wait',
    })
    const page = await visit(browser, stack, { home: 'car', ...noScript })
    await page.getByRole('button', { name: 'Charge Now', exact: true }).click()
    await page.getByRole('button', { name: 'Starting…', disabled: true }).waitFor()
  })

  test('a refusal is said on the page that comes back', async () => {
    const path = 'homes/home-12/devices/electric-vehicles'
    await stack.control('POST', path, { plugged_in: true, level: 40, charge_plan: 'wait' })
    await stack.control('POST', 'faults', {
      kind: 'boost_refuse',
      reason: 'fully_charged',
      match: { home: 'home-12' },
    })
    const page = await visit(browser, stack, { home: 'home-12', ...noScript })
    await page.getByRole('button', { name: 'Charge Now', exact: true }).click()
    await says(page.getByRole('status'), 'The vehicle is full.').waitFor()
  })

  test('the next plug-in is armed and disarmed', async () => {
    const { id } = (await stack.control('POST', 'homes/full/devices/electric-vehicles', {
      plugged_in: false,
    })) as { id: string }
    const page = await visit(browser, stack, { home: 'full', path: `/electric-vehicles/${id}`, ...noScript })
    await page.getByRole('button', { name: 'Charge at next plug-in' }).click()
    await says(page, 'Charges as soon as you plug in').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Charge at next plug-in' }).waitFor()
  })

  test('a refresh shows what is new', async () => {
    const page = await visit(browser, stack, { home: 'heat', ...noScript })
    await stack.control('POST', 'homes/heat/devices/heat-pumps', { set: { dhw_temperature: 61.5 } })
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: 'Refresh' }).click()
          return plain(await page.getByRole('article').innerText())
        },
        { timeout: 15_000 },
      )
      .toContain('61.5 °C')
    await page.getByText('Checked just now').waitFor()
  })

  test('another demo home can be chosen', async () => {
    const page = await visit(browser, stack, { home: 'full', ...noScript })
    await page.getByRole('link', { name: 'Choose another' }).click()
    await page.getByRole('button', { name: 'Open: empty' }).click()
    await page.getByRole('heading', { name: 'No devices yet' }).waitFor()
  })

  test('the language can be chosen, and the page stays the same page', async () => {
    const page = await visit(browser, stack, { home: 'solar', path: '/demo', ...noScript })
    await page.getByRole('button', { name: 'Deutsch' }).click()
    await page.getByRole('heading', { name: 'Demo-Häuser' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
    expect(new URL(page.url()).pathname).toBe('/demo')
  })

  test('a lapsed link leads on to the manufacturer', async () => {
    const page = await visit(browser, stack, { home: 'reconnect', ...noScript })
    await page.getByRole('button', { name: 'Reconnect', exact: true }).click()
    await page.getByText(`On to ${new URL(stack.simulatorUrl).host}…`).waitFor()
    await page.getByRole('link', { name: 'Continue at the manufacturer' }).click()
    await page.waitForURL((url) => url.origin === new URL(stack.simulatorUrl).origin)
  })
})
