import { deviceTypes, samples, type DeviceType, type Reading } from '@homewatt/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { flowChildren } from './flow-children.ts'
import { formatter } from './format.ts'
import { homeView } from './home.ts'
import { home, inverter, noon, reading } from './made-readings.ts'
import { freshnessSentence } from './sentences.ts'
import { displayWords } from './words/index.ts'

/** What a partner could send in any field one day: other types, other numbers, other words. */
const garbage = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    true,
    false,
    0,
    -0,
    Infinity,
    -Infinity,
    NaN,
    -300,
    140,
    1e21,
    '',
    'NaN',
    'constructor',
    '0001-01-01T00:00:00Z',
  ),
  fc.constantFrom(
    'min',
    'low',
    'max',
    'requested',
    'ongoing',
    'unavailable',
    'Max',
    'CHARGING',
    'offline',
    '07:00',
    '2026-06-21T11:58:00Z',
  ),
  fc.double(),
  fc.string(),
  fc.jsonValue(),
)

const anyReading = (type: DeviceType) => {
  // `building` is what the gateway made of it, so no longer anybody's wire.
  const fields = Object.keys(samples[type]).filter((field) => field !== 'id' && field !== 'building')
  return fc.dictionary(fc.constantFrom(...fields), garbage).map((wire) => reading(type, wire))
}

const anyHome = fc
  .record(Object.fromEntries(deviceTypes.map((type) => [type, fc.array(anyReading(type), { maxLength: 2 })])))
  .map((devices) => home(devices as Record<DeviceType, never[]>))

test('whatever comes over the wire, the whole home is shown, in both languages, without a broken number', () => {
  fc.assert(
    fc.property(anyHome, anyHome, (before, after) => {
      const view = homeView(after, noon, homeView(before, noon))
      expectSoundNumbers(view)
      for (const { id } of after.groups.inverters.devices) expectSoundNumbers(flowChildren(after, id, noon))

      for (const language of ['en', 'de'] as const) {
        const words = displayWords[language]
        const format = formatter(language, after.time_zone)
        const said = [...view.inverters, ...view.vehicles, ...view.heatPumps, ...view.wallboxes].flatMap(
          (device) => [
            freshnessSentence(device.freshness, noon, words, format),
            words.connection[device.connection.kind],
            words.device[device.type],
            ...device.tiles.flatMap((tile) => [
              words.field[tile.field],
              format.tile(tile)?.text ?? words.notReported,
            ]),
          ],
        )
        said.push(
          ...view.vehicles.flatMap(({ status, boost }) => [words.charge[status], words.boost[boost.kind]]),
          ...view.wallboxes.flatMap(({ status, online }) => [words.wallbox[status], words.online[online]]),
          ...view.heatPumps.map(({ status }) => words.heatPump[status]),
        )
        for (const text of said) {
          expect(typeof text).toBe('string')
          expect(text).not.toMatch(/NaN|Infinity|undefined|null|−0(?![.,]\d*[1-9])/)
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('readings that no schema has seen do not break a view either', () => {
  const wire = {
    ...inverter(),
    current_solar_production_w: NaN,
    household_consumption_w: -0,
    current_power_to_grid_w: Infinity,
  }
  const view = homeView(home({ inverters: [wire] }), noon)
  expectSoundNumbers(view)
  expect(view.inverters[0]?.flow.edges).toBeNull()
})

test('an unknown state from a newer gateway is unknown, not an error', () => {
  const newer = (type: DeviceType, over: object) => ({ ...reading(type), ...over }) as Reading as never
  const view = homeView(
    home({
      'electric-vehicles': [newer('electric-vehicles', { boost_state: 'cooling' })],
      'heat-pumps': [newer('heat-pumps', { current_mode: 'toString' })],
      wallboxes: [newer('wallboxes', { mode: '__proto__', connection: 'valueOf', is_plugged_in: 'maybe' })],
    }),
    noon,
  )
  expect(view.vehicles[0]?.boost.kind).toBe('unknown')
  expect(view.heatPumps[0]?.status).toBe('optimizing')
  expect(view.wallboxes[0]).toMatchObject({ status: 'unknown', online: 'unknown' })
})

function expectSoundNumbers(value: unknown): void {
  if (typeof value === 'number')
    expect(Number.isFinite(value) && !Object.is(value, -0), `number ${value}`).toBe(true)
  else if (typeof value === 'object' && value !== null) Object.values(value).forEach(expectSoundNumbers)
}
