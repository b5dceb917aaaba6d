import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { refreshUntil, says, valuesIn } from './screen.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const mapping = resolve(root, 'apps/simulator/replays/opsd-konstanz.json')
const { file } = JSON.parse(readFileSync(mapping, 'utf8')) as { file: string }
const recording = resolve(dirname(mapping), file)
const isThere = existsSync(recording)

/** 54 hours of the recording of this week are missing, from Friday the 24th on. */
const monday = '2026-04-20T17:00:00Z'
/** A moment at which the recording knows the sun, but not the grid. */
const withoutGrid = '2026-12-23T15:30:00Z'

describe.skipIf(!isThere)(
  isThere
    ? 'the recorded house in Konstanz'
    : `the recorded house in Konstanz (no recording at ${recording})`,
  () => {
    const stack = useStack({ simulatorArgs: ['--replay', mapping, '--start', monday, '--speed', '0'] })
    const browser = useBrowser()

    type Wire = { current_state_last_updated_at: string }
    const wire = async (type: string) =>
      (await stack.control('GET', `homes/konstanz/devices/${type}`)) as Wire

    test('a plug that nobody recorded is unknown, never Unplugged', async () => {
      const vehicle = (await wire('electric-vehicles')) as Wire & { id: string; is_plugged_in: unknown }
      expect(vehicle.is_plugged_in).toBeNull()
      const page = await visit(browser, stack, { home: 'konstanz', path: `/electric-vehicles/${vehicle.id}` })
      await says(page, 'Status unknown').waitFor()
      expect(await page.getByText('Unplugged').count()).toBe(0)
    })

    test('lives a week on the overview like any other home, and its hole is a silence', async () => {
      const page = await visit(browser, stack, { home: 'konstanz' })
      const seen: string[] = []
      for (let day = 0; day < 8; day++) {
        const { current_state_last_updated_at: reported } = await wire('inverters')
        await refreshUntil(page, page.locator(`time[datetime="${reported}"]`))
        const { now } = (await stack.control('GET', 'clock')) as { now: string }
        // Seen once a day, the house is taken for one that reports every few hours: on Friday it is only ageing.
        if (/-(25|26)T/.test(now))
          await refreshUntil(page, page.getByText(/^No new data from the manufacturer since/))
        const devices = page.getByRole('region', { name: 'Devices' })
        expect(await devices.getByRole('article').count()).toBe(3)
        const text = await page.getByRole('main').innerText()
        expect(text).not.toMatch(/NaN|Infinity|undefined|null/)
        // The meters catch up after a hole in one step, which is no power that ever flowed.
        for (const [, kW = ''] of text.matchAll(/([\d,.]+)\skW/g))
          expect(Number(kW.replace(',', ''))).toBeLessThan(20)
        seen.push(reported)
        await stack.control('POST', 'advance', { seconds: 86_400 })
      }
      // The same report from the hole's beginning to its end, another one on every other day.
      expect(new Set(seen).size).toBe(6)
    })

    test('what one meter did not measure is not reported, and the rest is shown', async () => {
      const { now } = (await stack.control('GET', 'clock')) as { now: string }
      await stack.control('POST', 'advance', { seconds: (Date.parse(withoutGrid) - Date.parse(now)) / 1000 })
      const inverter = (await wire('inverters')) as Wire & { id: string }
      const page = await visit(browser, stack, { home: 'konstanz', path: `/inverters/${inverter.id}` })
      await refreshUntil(page, page.locator(`time[datetime="${inverter.current_state_last_updated_at}"]`))
      expect(await valuesIn(page, 'Power flow')).toEqual({
        Solar: expect.stringMatching(/ k?W$/) as string,
        Grid: '– not reported',
        Home: '– not reported',
      })
    })
  },
)
