import type { HomeSnapshot, Reading } from '@homewatt/contract'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Stack } from './stack.ts'

/**
 * Has the gateway ask anew until what it knows of a device of the person's home is as wanted. What it asked for within
 * the last 3 s it does not ask for again, so asking once may be too soon.
 */
export async function gatewayKnows(
  page: Page,
  stack: Stack,
  isWanted: (device: Reading) => boolean,
): Promise<void> {
  await expect
    .poll(
      async () => {
        const answer = await page.request.post(`${stack.url}/api/refresh`, {
          headers: { 'x-homewatt': '1' },
        })
        const { groups } = (await answer.json()) as HomeSnapshot
        return Object.values(groups).some(({ devices }) => devices.some(isWanted))
      },
      { interval: 500 },
    )
    .toBe(true)
}
