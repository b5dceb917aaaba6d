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
import { seenRate, withReport, type Spell } from './charge-rates.ts'
import { openHouse } from './house.test-support.ts'
import { openStore } from './store.ts'

const wire = (over: Record<string, unknown>) => ({
  ...samples['electric-vehicles'],
  is_charging: true,
  battery_level: 50,
  ...over,
})

/** What is known of a car's charging after these reports, a quarter of an hour apart. */
function seenAfter(...reports: Record<string, unknown>[]) {
  let spells: readonly Spell[] = []
  let before: ElectricVehicleReading | undefined
  for (const [n, report] of reports.entries()) {
    const current_state_last_updated_at = new Date(Date.UTC(2026, 5, 18) + n * 900_000).toISOString()
    const told = wire({ current_state_last_updated_at, ...report })
    spells = withReport(spells, before, v.parse(ElectricVehicle, told))
    before = readDevice(readings['electric-vehicles'], {
      ...told,
      manufacturer: null,
      model: null,
      building: null,
      expected_interval_s: null,
      actions: null,
      boost_state_since: null,
      charge_rate_seen: null,
    })?.device
  }
  return seenRate(spells)
}

/** A car that charges like this, and then stops. */
const spell = (...w: number[]) =>
  [...w, 0].map((charge_rate_w) => ({ charge_rate_w, is_charging: charge_rate_w > 0 }))
/** As a socket has it: the same all the time. */
const steady = (w: number) => spell(w, w)
/** A report by its number: the same number is the same report. */
const again = ({ at, w }: { at: number; w: number }) => ({
  charge_rate_w: w,
  is_charging: w > 0,
  current_state_last_updated_at: new Date(Date.UTC(2026, 5, 18, at)).toISOString(),
})

test.each([
  ['nothing of a car that never charged', [{ is_charging: false, charge_rate_w: 0 }], null],
  ['the most of a spell', spell(3_000, 7_400, 5_000), { least_w: 7_400, most_w: null }],
  ['a ceiling at which three spells stayed', [...spell(7_380, 7_400), ...spell(7_350, 7_340), ...spell(7_390, 7_395)], { least_w: 7_350, most_w: 7_400 }],
  ['no ceiling after two', [...steady(7_400), ...steady(7_400)], { least_w: 7_400, most_w: null }],
  ['no ceiling where clear days are alike', [...spell(4_421, 3_969), ...spell(4_243, 4_438, 4_089), ...spell(4_446, 4_066)], { least_w: 4_421, most_w: null }],
  ['no ceiling where one report was read again', [{ at: 0, w: 7_400 }, { at: 0, w: 7_400 }, { at: 1, w: 0 }, { at: 2, w: 7_400 }, { at: 2, w: 7_400 }, { at: 3, w: 0 }, { at: 4, w: 7_400 }, { at: 4, w: 7_400 }].map(again), { least_w: 7_400, most_w: null }],
  ['no ceiling where the sun left nearly the same', [4_700, 4_600, 4_650].flatMap(steady), { least_w: 4_600, most_w: null }],
  ['no ceiling where the sun left little, and the box gave its least', [...steady(4_170), ...steady(4_170), ...steady(4_170)], { least_w: 4_170, most_w: null }],
  ['the same of a box with one phase', [1_400, 1_400, 1_400].flatMap(steady), { least_w: 1_400, most_w: null }],
  ['no ceiling where the sun decided', [...spell(1_400), ...spell(4_000), ...spell(2_500)], { least_w: 1_400, most_w: null }],
  ['how little only of the last five spells', [1_400, 7_400, 7_400, 7_400, 7_400, 7_400].flatMap(steady), { least_w: 7_400, most_w: 7_400 }],
  ['how much only of the last eight', [...Array<number>(3).fill(7_400), ...Array<number>(8).fill(3_700)].flatMap(steady), { least_w: 3_700, most_w: 3_700 }],
  ['not what a nearly full battery takes', [...spell(7_400), { charge_rate_w: 900, battery_level: 97 }], { least_w: 7_400, most_w: null }],
  ['not a fast charger on the way', [{ charge_rate_w: 120_000 }], null],
  ['not what is not reported', [{ charge_rate_w: null }, { charge_rate_w: 5_000, battery_level: null }], null],
])('remembers %s', (_, reports, seen) => {
  expect(seenAfter(...reports)).toEqual(seen)
}) // prettier-ignore

test('one spell that is come upon again and again is no ceiling', () => {
  const report = v.parse(ElectricVehicle, wire({ charge_rate_w: 3_000 }))
  const known = [{ w: 7_400, isSteady: true }]
  let spells: readonly Spell[] = known
  for (let times = 0; times < 5; times++) spells = withReport(spells, undefined, report)
  // The same array: there is nothing to be kept again.
  expect(spells).toBe(known)
  expect(withReport([], undefined, report)).toEqual([{ w: 3_000, isSteady: false }])
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
