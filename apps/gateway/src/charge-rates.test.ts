import {
  ElectricVehicle,
  readDevice,
  readings,
  samples,
  type ElectricVehicleReading,
} from '@homewatt/contract'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { seenRate, withRate } from './charge-rates.ts'
import { openHouse } from './house.test-support.ts'
import { openStore } from './store.ts'

const wire = (over: Record<string, unknown>) => ({
  ...samples['electric-vehicles'],
  is_charging: true,
  battery_level: 50,
  ...over,
})

/** What is known of a car's charging after these reports. */
function seenAfter(...reports: Record<string, unknown>[]) {
  let rates: readonly number[] = []
  let before: ElectricVehicleReading | undefined
  for (const report of reports) {
    rates = withRate(rates, before, v.parse(ElectricVehicle, wire(report)))
    before = readDevice(readings['electric-vehicles'], {
      ...wire(report),
      manufacturer: null,
      model: null,
      building: null,
      expected_interval_s: null,
      actions: null,
      boost_state_since: null,
      charge_rate_seen: null,
    })?.device
  }
  return seenRate(rates)
}

const spell = (charge_rate_w: number) => [{ charge_rate_w }, { is_charging: false, charge_rate_w: 0 }]

test.each([
  ['nothing of a car that never charged', [{ is_charging: false, charge_rate_w: 0 }], null],
  ['the most of a spell', [{ charge_rate_w: 3_000 }, { charge_rate_w: 7_400 }, { charge_rate_w: 5_000 }], { least_w: 7_400, most_w: null }],
  ['a ceiling that was met three times', [...spell(7_400), ...spell(7_350), ...spell(7_390)], { least_w: 7_350, most_w: 7_400 }],
  ['no ceiling where the sun left nearly the same', [...spell(4_000), ...spell(3_900), ...spell(3_950)], { least_w: 3_900, most_w: null }],
  ['no ceiling where the sun left the same twice', [...spell(4_000), ...spell(2_500), ...spell(3_990)], { least_w: 2_500, most_w: null }],
  ['no ceiling where the sun decided', [...spell(1_400), ...spell(4_000), ...spell(2_500)], { least_w: 1_400, most_w: null }],
  ['how little only of the last five spells', [1_400, 7_400, 7_400, 7_400, 7_400, 7_400].flatMap(spell), { least_w: 7_400, most_w: 7_400 }],
  ['how much only of the last eight', [...Array<number>(3).fill(7_400), ...Array<number>(8).fill(3_700)].flatMap(spell), { least_w: 3_700, most_w: 3_700 }],
  ['not what a nearly full battery takes', [...spell(7_400), { charge_rate_w: 900, battery_level: 97 }], { least_w: 7_400, most_w: null }],
  ['not a fast charger on the way', [{ charge_rate_w: 120_000 }], null],
  ['not what is not reported', [{ charge_rate_w: null }, { charge_rate_w: 5_000, battery_level: null }], null],
])('remembers %s', (_, reports, seen) => {
  expect(seenAfter(...reports)).toEqual(seen)
}) // prettier-ignore

test('one spell that is come upon again and again is no ceiling', () => {
  const report = v.parse(ElectricVehicle, wire({ charge_rate_w: 3_000 }))
  let rates: readonly number[] = [7_400]
  for (let times = 0; times < 5; times++) rates = withRate(rates, undefined, report)
  expect(rates).toEqual([7_400])
  expect(withRate([], undefined, report)).toEqual([3_000])
})

test('what a car was seen to charge with stands in its reading, also after a restart', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'homewatt-rates-'))
  const house = await openHouse({ storeFile: join(directory, 'store.sqlite') })
  try {
    const person = await house.signIn('car')
    const seen = async () => (await person.home()).groups['electric-vehicles'].devices[0]?.charge_rate_seen
    const put = (state: object) => house.control('POST', '/homes/car/devices/electric-vehicles', state)
    await put({ plugged_in: true, level: 30, charge_plan: 'now' })
    const stream = await person.stream()
    await house.time.advance(20 * 60_000)
    const known = { least_w: expect.any(Number), most_w: null }
    expect(await seen()).toEqual(known)

    await put({ charge_plan: 'wait' })
    await house.time.advance(20 * 60_000)
    stream.close()
    await house.restart()
    expect(await seen()).toEqual(known)
  } finally {
    await house.close()
    rmSync(directory, { recursive: true, force: true })
  }
})

test.each([
  ['a row that is no JSON', '{"cut off'],
  ['a row of another shape', '[1, 2]'],
  ['a row with the values of another program', JSON.stringify({ 'device-of-yesterday': 'fast' })],
])('%s is learned anew, and the home is there as ever', async (_, damaged) => {
  const directory = mkdtempSync(join(tmpdir(), 'homewatt-rates-'))
  const storeFile = join(directory, 'store.sqlite')
  const house = await openHouse({ storeFile })
  try {
    const homes = (await house.control('GET', '/homes')) as { name: string; user_id: string }[]
    const userId = homes.find(({ name }) => name === 'car')?.user_id ?? ''
    const store = await openStore(storeFile)
    for (const name of ['charge_rates', 'charge_plans'] as const)
      await store.settings.put({ tenant: 'default', userId }, name, damaged)
    await store.close()
    await house.control('POST', '/homes/car/devices/electric-vehicles', {
      plugged_in: true,
      level: 30,
      charge_plan: 'now',
    })
    const person = await house.signIn('car')
    await person.stream()
    await house.time.advance(20 * 60_000)
    const { state, devices } = (await person.home()).groups['electric-vehicles']
    expect(state).toBe('known')
    expect(devices[0]?.charge_rate_seen).toEqual({ least_w: expect.any(Number), most_w: null })
  } finally {
    await house.close()
    rmSync(directory, { recursive: true, force: true })
  }
})
