import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadReplay, recordedTime, ReplayUnusable } from './replay.ts'
import { openDoor } from './testing.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'))
})
afterAll(() => rm(folder, { recursive: true }))

const meters = { unit: 'kWh', kind: 'cumulative' }

/** Writes a small recording of meters and its mapping, and gives the mapping's path. */
async function recording(csv: string, mapping: Record<string, unknown> = {}): Promise<string> {
  await writeFile(join(folder, 'meters.csv'), csv)
  const file = join(folder, 'mapping.json')
  const channels = {
    solar: { column: 'pv', ...meters },
    import: { column: 'in', ...meters },
    export: { column: 'out', ...meters },
  }
  const whole = {
    home: 'old-house',
    attribution: 'made up',
    file: 'meters.csv',
    time: { column: 'time' },
    place: 'kassel',
    channels,
  }
  await writeFile(file, JSON.stringify({ ...whole, ...mapping }))
  return file
}

const hours = (...rows: string[]) => ['time,pv,in,out', ...rows].join('\n')
const load = async (file: string) => {
  const warnings: string[] = []
  const { recording: played } = await loadReplay(file, { warn: (line) => warnings.push(line) })
  return { warnings, at: (time: string) => played.reading('inverters', Date.parse(time)) }
}

test('meter readings become mean power, and the house balances', async () => {
  const file = await recording(
    hours('2020-06-01T10:00:00Z,5,1,2', '2020-06-01T11:00:00Z,8,1.5,4', '2020-06-01T12:00:00Z,9,1.5,4.25'),
  )
  const { at } = await load(file)
  expect(at('2020-06-01T10:30:00Z')).toMatchObject({
    current_solar_production_w: 3000,
    current_power_to_grid_w: 1500,
    household_consumption_w: 1500,
    battery_charge_level_percent: null,
  })
  expect(at('2020-06-01T11:30:00Z')).toMatchObject({
    current_solar_production_w: 1000,
    current_power_to_grid_w: 250,
  })
})

describe('a hole', () => {
  test('of one meter makes its values unknown, and its catch-up no power', async () => {
    const rows = [
      '2020-06-01T10:00:00Z,5,1,2',
      '2020-06-01T11:00:00Z,,1,2',
      '2020-06-01T12:00:00Z,90,1,2',
      '2020-06-01T13:00:00Z,91,1,2',
    ]
    const { at } = await load(await recording(hours(...rows)))
    for (const time of ['2020-06-01T10:30:00Z', '2020-06-01T11:30:00Z'])
      expect(at(time)).toMatchObject({
        current_solar_production_w: null,
        household_consumption_w: null,
        current_power_to_grid_w: 0,
      })
    expect(at('2020-06-01T12:30:00Z')).toMatchObject({ current_solar_production_w: 1000 })
  })

  test('of missing rows is no report at all', async () => {
    const rows = ['2020-06-01T08:00:00Z,1,1,2', '2020-06-01T09:00:00Z,1,1,2', '2020-06-01T10:00:00Z,5,1,2', '2020-06-01T15:00:00Z,90,1,2', '2020-06-01T16:00:00Z,91,1,2'] // prettier-ignore
    const { at } = await load(await recording(hours(...rows)))
    expect(at('2020-06-01T12:30:00Z')).toBeNull()
    expect(at('2020-06-01T15:30:00Z')).toMatchObject({ current_solar_production_w: 1000 })
  })
})

test('a broken line is named and left out, the rest replays', async () => {
  const rows = ['2020-06-01T10:00:00Z,5,1,2', 'garbage', '2020-06-01T11:00:00Z,x,1,2', '2020-06-01T11:00:00Z,6,1,2', '2020-06-01T12:00:00Z,8,1,2'] // prettier-ignore
  const { warnings, at } = await load(await recording(hours(...rows)))
  expect(warnings).toHaveLength(2)
  expect(warnings[0]).toContain('line 3: 1 cells instead of 4')
  expect(warnings[1]).toContain('line 4: "x" is no number')
  expect(at('2020-06-01T11:30:00Z')).toMatchObject({ current_solar_production_w: 2000 })
})

test('stamps without a zone are read on the wall clock of the mapping', async () => {
  const csv = hours('2020-06-01 10:00,5,1,2', '2020-06-01 11:00,8,1,2', '2020-06-01 12:00,9,1,2')
  const { at } = await load(await recording(csv, { time: { column: 'time', zone: 'Europe/Berlin' } }))
  expect(at('2020-06-01T08:30:00Z')).toMatchObject({ current_solar_production_w: 3000 })
})

test.each([
  ['a missing mapping', async () => join(folder, 'nowhere.json'), 'Cannot read the replay mapping'],
  ['a missing recording', () => recording('', { file: 'nowhere.csv' }), 'Cannot read the recording'],
  ['an empty recording', () => recording('time,pv,in,out\n'), 'no two usable rows'],
  ['a missing column', () => recording('time,pv\n'), 'no column "in"'],
  ['an unknown place', () => recording('', { place: 'atlantis' }), 'place'],
])('%s is said in one sentence', async (_, file, words) => {
  const refused = loadReplay(await file(), { warn: () => undefined })
  await expect(refused).rejects.toThrow(ReplayUnusable)
  await expect(refused).rejects.toThrow(words)
})

test('a recording is laid on the same weekday and season', () => {
  const start = Date.parse('2015-10-11T19:00:00Z')
  const end = Date.parse('2017-02-09T11:00:00Z')
  for (const time of [
    '2026-11-23T07:00:00Z',
    '2031-01-01T00:00:00Z',
    '2016-05-05T05:05:00Z',
    '2014-07-01T00:00:00Z',
  ]) {
    const at = Date.parse(time)
    const recorded = recordedTime(start, end, at)
    expect(recorded).toBeGreaterThanOrEqual(start)
    expect(recorded).toBeLessThan(end)
    expect(Number.isInteger((at - recorded) / (7 * 86_400_000))).toBe(true)
    const years = (at - recorded) / (365.2425 * 86_400_000)
    expect(Math.abs(years - Math.round(years)) * 365).toBeLessThan(4)
  }
})

describe('a recording of another kind', () => {
  test('counts its own steps from a start, and may be relative to something', async () => {
    const file = await recording(['pv,use', '0.5,1.2', '1,0.6', '0,0.6'].join('\n'), {
      time: { start: '2020-06-01 10:00', zone: 'Europe/Berlin', step_s: 1800 },
      channels: {
        solar: { column: 'pv', unit: 'kW', kind: 'power', factor: 4 },
        load: { column: 'use', unit: 'kWh', kind: 'energy' },
      },
    })
    const { at } = await load(file)
    // Without a battery the grid follows from the other two.
    expect(at('2020-06-01T08:10:00Z')).toMatchObject({
      current_solar_production_w: 2000,
      household_consumption_w: 2400,
      current_power_to_grid_w: -400,
    })
    expect(at('2020-06-01T08:40:00Z')).toMatchObject({ current_solar_production_w: 4000 })
  })

  test('adds columns up and takes others off, with the sign of the Partner API', async () => {
    const rows = ['time,a,b,c,g', '2020-06-01T10:00:00Z,500,700,200,-900', '2020-06-01T11:00:00Z,0,0,0,0', '2020-06-01T12:00:00Z,0,0,0,0'] // prettier-ignore
    const { at } = await load(
      await recording(rows.join('\n'), {
        channels: {
          solar: { column: 'a', plus: ['b'], less: ['c'], unit: 'W', kind: 'power' },
          grid: { column: 'g', unit: 'W', kind: 'power', sign: -1 },
        },
      }),
    )
    expect(at('2020-06-01T10:30:00Z')).toMatchObject({
      current_solar_production_w: 1000,
      current_power_to_grid_w: 900,
    })
  })

  test('from far away lives by the sun of here when it is told to', async () => {
    const rows = hours('2020-06-01 12:00:00-07:00,5,1,2', '2020-06-01 13:00:00-07:00,8,1,2', '2020-06-01 14:00:00-07:00,9,1,2') // prettier-ignore
    const time = { column: 'time', zone: 'Europe/Berlin', wall_clock: true }
    const { at } = await load(await recording(rows, { time }))
    expect(at('2020-06-01T10:30:00Z')).toMatchObject({ current_solar_production_w: 3000 })
  })

  test('is JSON: arrays by their paths, or objects in a row', async () => {
    const channels = { solar: { column: 'pv', unit: 'W', kind: 'power' } }
    const time = { column: 'at' }
    const at = ['2020-06-01T10:00:00Z', '2020-06-01T11:00:00Z', '2020-06-01T12:00:00Z']
    await writeFile(
      join(folder, 'rows.json'),
      JSON.stringify({ days: [at.map((t, i) => ({ at: t, pv: i * 7 }))] }),
    )
    const objects = await load(await recording('', { file: 'rows.json', rows: 'days.0', time, channels }))
    expect(objects.at('2020-06-01T11:30:00Z')).toMatchObject({ current_solar_production_w: 7 })
    await writeFile(join(folder, 'columns.json'), JSON.stringify({ at, pv: [1, 2, null] }))
    const arrays = await load(await recording('', { file: 'columns.json', time, channels }))
    expect(arrays.at('2020-06-01T11:30:00Z')).toMatchObject({ current_solar_production_w: 2 })
  })

  test.each([
    ['no JSON', '{"at":[', 'is not JSON'],
    ['no such array', '{"at":[1]}', 'no column "pv"'],
    ['nothing usable', '{"at":[1,2],"pv":[1,2]}', 'no two usable rows'],
  ])('that is %s is said in one sentence', async (_, text, words) => {
    await writeFile(join(folder, 'bad.json'), text)
    const channels = { solar: { column: 'pv', unit: 'W', kind: 'power' } }
    const file = await recording('', { file: 'bad.json', time: { column: 'at' }, channels })
    await expect(loadReplay(file, { warn: () => undefined })).rejects.toThrow(words)
  })
})

/** The sets beside this repository, what of each has to come through, and how much sun a year of it has, kWh. */
const sets = [
  { name: 'opsd-konstanz', solarKwh: [9_000, 12_000], balances: true },
  { name: 'emhass', solarKwh: [8_000, 13_000], balances: true },
  { name: 'emhass-june', solarKwh: [5_000, 9_000], balances: true },
  { name: 'citylearn', solarKwh: [6_000, 8_000], balances: true },
  { name: 'serf-east', solarKwh: [9_000, 12_000], balances: false },
  { name: 'serf-east-1min', solarKwh: [9_000, 15_000], balances: false },
  { name: 'frozen-inverter', solarKwh: [2_000, 6_000], balances: false },
  { name: 'evcc', solarKwh: [12_000, 22_000], balances: true },
] as const

describe.each(sets)('the recording $name', ({ name, solarKwh: [least, most], balances }) => {
  const file = fileURLToPath(new URL(`../replays/${name}.json`, import.meta.url))
  const there = existsSync(dirname(resolve(dirname(file), JSON.parse(readFileSync(file, 'utf8')).file)))

  test.skipIf(!there)('replays for a year (skipped where ../shared/data is not there)', async () => {
    const warnings: string[] = []
    const { recording: played } = await loadReplay(file, { warn: (line) => warnings.push(line) })
    expect(warnings).toEqual([])
    let solarWh = 0
    let balanced = 0
    let known = 0
    for (let quarter = 0; quarter < 35_040; quarter++) {
      const reading = played.reading('inverters', Date.parse('2026-01-01T00:00:00Z') + quarter * 900_000)
      if (!reading) continue
      const [solarW, loadW, batteryW, gridW] = ['current_solar_production_w', 'household_consumption_w', 'battery_charge_discharge_power_w', 'current_power_to_grid_w'].map((field) => reading[field] as number | null) // prettier-ignore
      solarWh += (solarW ?? 0) / 4
      if (loadW == null || gridW == null || solarW == null) continue
      known++
      if (Math.abs(solarW + (batteryW ?? 0) - loadW - gridW) <= 2) balanced++
    }
    expect(solarWh / 1000).toBeGreaterThan(least)
    expect(solarWh / 1000).toBeLessThan(most)
    // Meters that tick apart make a few hours of a house below nothing.
    if (balances) expect(balanced / known).toBeGreaterThan(0.99)
    else expect(known).toBe(0)
  })

  test.skipIf(!there)('is a home like any other on the wire', async () => {
    const recorded = await loadReplay(file, { warn: () => undefined })
    const door = await openDoor({ recorded: [recorded] })
    const list = await door.devices(recorded.spec.name, 'inverters')
    // As long as a token lives.
    for (let hour = 0; hour < 9; hour++) {
      door.clock.advance(3600)
      const { body } = await door.api('GET', list)
      expect(body).toHaveLength(1)
      expect(body[0].is_battery_connected).toBe(name === 'evcc')
    }
    await door.close()
  })
})

const konstanz = resolve(dirname(fileURLToPath(import.meta.url)), '../replays/opsd-konstanz.json')
const measurements = resolve(
  dirname(konstanz),
  '../../../../shared/data/opsd-household/household_data_60min_singleindex.csv',
)

// The measurements lie beside the repository, not in it.
describe.skipIf(!existsSync(measurements))('the house in Konstanz', () => {
  test('lives through a week of April with its gap, like any other home', async () => {
    const warnings: string[] = []
    const recorded = [await loadReplay(konstanz, { warn: (line) => warnings.push(line) })]
    expect(warnings).toEqual([])
    // The week of 21 to 28 April 2016, when the meters were silent for more than two days, ten years on.
    const door = await openDoor({ recorded, start: new Date('2026-04-23T00:00:00Z') })
    let longestSilenceMin = 0
    let mostSolarW = 0
    for (let step = 0; step < 7 * 96; step++) {
      door.clock.advance(900)
      const { body: inverter } = await door.control('GET', '/homes/konstanz/devices/inverters')
      expect(inverter.is_battery_connected).toBe(false)
      longestSilenceMin = Math.max(
        longestSilenceMin,
        (door.clock.nowMs() - Date.parse(inverter.current_state_last_updated_at)) / 60_000,
      )
      mostSolarW = Math.max(mostSolarW, inverter.current_solar_production_w ?? 0)
      if (inverter.household_consumption_w > 0)
        expect(inverter.current_solar_production_w).toBe(
          inverter.household_consumption_w + inverter.current_power_to_grid_w,
        )
    }
    expect(longestSilenceMin).toBeGreaterThan(2 * 1440)
    expect(mostSolarW).toBeGreaterThan(3000)
    expect(mostSolarW).toBeLessThan(12_000)
    await door.close()
  })

  test('has measurements where others have sensors, and nobody to steer it', async () => {
    const door = await openDoor({ recorded: [await loadReplay(konstanz, { warn: () => undefined })] })
    expect((await door.device('konstanz', 'heat-pumps')).indoor_actual_temperature).toBeNull()
    const vehicle = await door.path('konstanz', 'electric-vehicles')
    expect(await door.api('POST', `${vehicle}/boost`)).toMatchObject({
      status: 409,
      body: { reason: 'no_active_session' },
    })
    await door.close()
  })
})
