import { describe, expect, test } from 'vitest'
import { flowChildren } from './flow-children.ts'
import { heatPump, home, inverter, minutesBefore, noon, vehicle, wallbox } from './made-readings.ts'

const building = '94964bf8-4ec9-4f3f-b10e-0fe21980279e'
const elsewhere = '11111111-1111-4111-8111-111111111111'
const roof = inverter({ building })
const otherRoof = inverter({ id: '22222222-2222-4222-8222-222222222222', building: elsewhere })

test('heat pump, vehicle and wallbox stand under the home with their own power and age', () => {
  const snapshot = home({
    inverters: [roof],
    'heat-pumps': [
      heatPump({ current_power_consumption_w: 1800, current_state_last_updated_at: minutesBefore(9) }),
    ],
    'electric-vehicles': [vehicle({ charge_rate_w: 7400, current_state_last_updated_at: minutesBefore(30) })],
    wallboxes: [wallbox({ charge_rate_w: undefined })],
  })
  expect(flowChildren(snapshot, roof.id, noon)).toMatchObject([
    { type: 'heat-pumps', name: 'Nibe S-Series', w: 1800, freshness: { level: 'fresh', ageMs: 9 * 60_000 } },
    { type: 'electric-vehicles', name: 'Tesla Model 3', w: 7400, freshness: { level: 'ageing' } },
    { type: 'wallboxes', name: 'Example Wallbox 11', w: null },
  ])
})

describe('a consumer', () => {
  const ids = (car: Record<string, unknown>, inverters = [roof]) =>
    flowChildren(home({ inverters, 'electric-vehicles': [vehicle(car)] }), roof.id, noon).length

  test('of the same building belongs to it', () => {
    expect(ids({ building }, [roof, otherRoof])).toBe(1)
  })

  test('of another building does not, even if there is only one inverter', () => {
    expect(ids({ building: elsewhere })).toBe(0)
  })

  test('of an unknown building belongs to the only inverter', () => {
    expect(ids({ building: null })).toBe(1)
  })

  test('of an unknown building belongs to none of several', () => {
    expect(ids({ building: null }, [roof, otherRoof])).toBe(0)
  })
})

test('an inverter that is not there has nothing under it', () => {
  expect(flowChildren(home({}), roof.id, noon)).toEqual([])
})
