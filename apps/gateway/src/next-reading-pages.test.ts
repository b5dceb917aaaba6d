import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { pageOf, webBuild, type Language } from './page.test-support.ts'

let house: House
let person: Person
beforeEach(async () => {
  house = await openHouse({ webBuild })
  person = await house.signIn('heat')
  await person.stream()
})
afterEach(() => house.close())

const expected = async (language: Language) =>
  /(?:Next expected around|Das nächste Mal etwa) (\d\d:\d\d)/.exec(
    (await pageOf(house, person, `/heat-pumps/${await person.deviceId('heat-pumps')}`, language)).text,
  )?.[1]

test('the page of a device says when it reports next, once its rhythm is known, and not of one that is silent', async () => {
  expect(await expected('en')).toBeUndefined()
  await house.time.advance(3 * 3_600_000)
  // Until the next report is heard of.
  while ((await expected('en')) === undefined) await house.time.advance(30_000)
  const [pump] = (await person.home()).groups['heat-pumps'].devices
  const nextMs =
    Date.parse(pump?.current_state_last_updated_at ?? '') + (pump?.expected_interval_s ?? 0) * 1000
  const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Europe/Berlin' }).format(
    nextMs,
  )
  expect(await expected('en')).toBe(clock)
  expect(await expected('de')).toBe(clock)
  await house.control('POST', '/homes/heat/devices/heat-pumps', { freeze: true })
  await house.time.advance(45 * 60_000)
  expect(await expected('en')).toBeUndefined()
})
