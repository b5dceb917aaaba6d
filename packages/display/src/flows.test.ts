import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flowEdges, flowPicture, type FlowPicture } from './flows.ts'
import { inverter } from './made-readings.ts'

/** A reading by its four powers, in the partner's signs: battery + discharges, grid + exports. */
const powers = (solar: number | null, home: number | null, battery: number | null, grid: number | null) =>
  inverter({
    current_solar_production_w: solar,
    household_consumption_w: home,
    battery_charge_discharge_power_w: battery,
    current_power_to_grid_w: grid,
  })

/** A balanced reading: the grid makes up the difference. */
const balanced = (solar: number, home: number, battery: number) =>
  powers(solar, home, battery, solar + battery - home)

const nothing = {
  solarToHome: 0,
  batteryToHome: 0,
  gridToHome: 0,
  solarToBattery: 0,
  gridToBattery: 0,
  solarToGrid: 0,
  batteryToGrid: 0,
}

describe('the split', () => {
  test.each([
    [
      'a sunny noon',
      balanced(6000, 1000, -2000),
      { solarToHome: 1000, solarToBattery: 2000, solarToGrid: 3000 },
    ],
    ['a night on the battery', balanced(0, 800, 800), { batteryToHome: 800 }],
    ['a night on the grid', balanced(0, 800, 0), { gridToHome: 800 }],
    [
      'an evening of all three',
      balanced(300, 2000, 1000),
      { solarToHome: 300, batteryToHome: 1000, gridToHome: 700 },
    ],
    [
      'charging from the grid',
      balanced(500, 1000, -2000),
      { solarToHome: 500, gridToHome: 500, gridToBattery: 2000 },
    ],
    [
      'charging from both',
      balanced(1500, 1000, -2000),
      { solarToHome: 1000, solarToBattery: 500, gridToBattery: 1500 },
    ],
    [
      'selling from the battery',
      balanced(500, 1000, 2000),
      { solarToHome: 500, batteryToHome: 500, batteryToGrid: 1500 },
    ],
    [
      'selling from both',
      balanced(1500, 1000, 2000),
      { solarToHome: 1000, solarToGrid: 500, batteryToGrid: 2000 },
    ],
    ['nothing at all', balanced(0, 0, 0), {}],
  ])('of %s', (_, reading, edges) => {
    const picture = flowPicture(reading)
    expect(picture.edges).toEqual({ ...nothing, ...edges })
    expect(picture.unexplained).toBeNull()
  })
})

test('signs become words', () => {
  expect(flowPicture(balanced(6000, 1000, -2000)).nodes).toEqual({
    solar: { w: 6000 },
    home: { w: 1000 },
    battery: { direction: 'charging', w: 2000, levelPercent: 85 },
    grid: { direction: 'exporting', w: 3000, calculated: false },
  })
  expect(flowPicture(balanced(0, 1500, 500)).nodes).toMatchObject({
    battery: { direction: 'discharging', w: 500 },
    grid: { direction: 'importing', w: 1000 },
  })
  expect(flowPicture(balanced(1000, 1000, 0)).nodes).toMatchObject({
    battery: { direction: 'idle', w: 0 },
    grid: { direction: 'idle', w: 0 },
  })
})

describe('what does not balance', () => {
  test('the documented sample has 2045 W that go nowhere we know of', () => {
    const picture = flowPicture(inverter())
    expect(picture.unexplained).toEqual({ w: 2045, side: 'sink' })
    expect(picture.edges).toEqual({ ...nothing, solarToHome: 950, solarToBattery: 755, solarToGrid: 2500 })
    expect(picture.residual).toEqual({
      from: { solar: 2045, battery: 0, grid: 0 },
      to: { home: 0, battery: 0, grid: 0 },
    })
  })

  test('use that nothing feeds comes from an unknown source', () => {
    expect(flowPicture(powers(500, 2000, 0, 0)).unexplained).toEqual({ w: 1500, side: 'source' })
  })

  test.each([
    ['50 W of a small flow', powers(550, 500, 0, 0), null],
    ['51 W of a small flow', powers(551, 500, 0, 0), { w: 51, side: 'sink' }],
    ['5 % of a large flow', powers(4000, 3800, 0, 0), null],
    ['more than 5 % of a large flow', powers(4000, 3799, 0, 0), { w: 201, side: 'sink' }],
    ['5 % missing', powers(3800, 4000, 0, 0), null],
    ['more than 5 % missing', powers(3799, 4000, 0, 0), { w: 201, side: 'source' }],
  ])('%s', (_, reading, unexplained) => {
    expect(flowPicture(reading).unexplained).toEqual(unexplained)
  })

  test('where there is too much of everything, solar is still the first to be used', () => {
    const charging = flowPicture(powers(3000, 1000, -1000, -1000))
    expect(charging.edges).toMatchObject({ solarToBattery: 1000, gridToBattery: 0 })
    expect(charging.residual.from).toEqual({ solar: 1000, battery: 0, grid: 1000 })
    const exporting = flowPicture(powers(3000, 1000, 1000, 1000))
    expect(exporting.edges).toMatchObject({ solarToGrid: 1000, batteryToGrid: 0 })
  })

  test('too little to show is still accounted for', () => {
    expect(flowPicture(powers(540, 500, 0, 0)).residual.from.solar).toBe(40)
  })
})

describe('what is not reported', () => {
  test('an unknown grid is worked out from the rest, and says so', () => {
    const picture = flowPicture(powers(3000, 1000, -500, null))
    expect(picture.nodes.grid).toEqual({ direction: 'exporting', w: 1500, calculated: true })
    expect(picture.edges).toEqual({ ...nothing, solarToHome: 1000, solarToBattery: 500, solarToGrid: 1500 })
  })

  test.each([
    ['solar', powers(null, 1000, -500, 0)],
    ['home', powers(3000, null, -500, 0)],
    ['the battery', powers(3000, 1000, null, 0)],
    ['the grid and another', powers(3000, null, -500, null)],
    ['everything', powers(null, null, null, null)],
  ])('with %s unknown nothing is split and nothing is invented', (_, reading) => {
    const picture = flowPicture(reading)
    expect(picture.edges).toBeNull()
    expect(picture.unexplained).toBeNull()
  })

  test('two unknowns stay unknown', () => {
    const { nodes } = flowPicture(powers(null, 1000, 0, null))
    expect(nodes.solar.w).toBeNull()
    expect(nodes.grid).toEqual({ direction: 'unknown', w: null, calculated: false })
  })

  test.each([
    ['power', { battery_charge_discharge_power_w: -400, battery_charge_level_percent: null }],
    ['a level', { battery_charge_discharge_power_w: null, battery_charge_level_percent: 40 }],
  ])('a battery that is not said to exist shows itself by %s', (_, wire) => {
    expect(flowPicture(inverter({ is_battery_connected: null, ...wire })).nodes.battery).not.toBeNull()
  })

  test('a battery that is not said to exist and shows no sign of life is not drawn', () => {
    const wire = {
      is_battery_connected: null,
      battery_charge_discharge_power_w: 0,
      battery_charge_level_percent: 0,
    }
    expect(flowPicture(inverter(wire)).nodes.battery).toBeNull()
  })

  test('a home without a battery is split without one', () => {
    const wire = {
      is_battery_connected: false,
      battery_charge_discharge_power_w: null,
      current_power_to_grid_w: 5300,
    }
    expect(flowPicture(inverter(wire)).edges).toEqual({ ...nothing, solarToHome: 950, solarToGrid: 5300 })
  })
})

describe('noise', () => {
  const solarAfter = (...watts: number[]) =>
    watts.reduce<FlowPicture | undefined>(
      (before, w) => flowPicture(powers(w, 500, 0, w - 500), before),
      undefined,
    )?.nodes.solar.w

  test.each([
    [[29], 0],
    [[30], 30],
    [[30, 29], 29],
    [[30, 20], 20],
    [[30, 19], 0],
    [[30, 19, 29], 0],
    [[30, 19, 30], 30],
  ])('solar of %j W in turn shows %i W', (watts, shown) => {
    expect(solarAfter(...watts)).toBe(shown)
  })

  test('a battery at rest does not swing to and fro', () => {
    const discharging = flowPicture(balanced(0, 500, 30))
    expect(discharging.nodes.battery).toMatchObject({ direction: 'discharging', w: 30 })
    expect(flowPicture(balanced(0, 500, -25), discharging).nodes.battery).toMatchObject({
      direction: 'idle',
      w: 0,
    })
    expect(flowPicture(balanced(0, 500, 25), discharging).nodes.battery).toMatchObject({
      direction: 'discharging',
      w: 25,
    })
  })

  test('the grid keeps its direction between the thresholds', () => {
    const importing = flowPicture(powers(0, 500, 0, -500))
    expect(flowPicture(powers(0, 25, 0, -25), importing).nodes.grid).toMatchObject({
      direction: 'importing',
      w: 25,
    })
    expect(flowPicture(powers(525, 500, 0, 25), importing).nodes.grid).toMatchObject({
      direction: 'idle',
      w: 0,
    })
  })
})

describe('the unit of a picture', () => {
  const unitAfter = (...homes: number[]) =>
    homes.reduce<FlowPicture | undefined>((before, w) => flowPicture(balanced(0, w, 0), before), undefined)
      ?.unit

  test.each([
    [[999], 'W'],
    [[1000], 'kW'],
    [[999, 1099], 'W'],
    [[999, 1100], 'kW'],
    [[1000, 900], 'kW'],
    [[1000, 899], 'W'],
    [[1000, 899, 1000], 'W'],
  ])('whose largest node is %j W in turn is %s', (homes, unit) => {
    expect(unitAfter(...homes)).toBe(unit)
  })

  test('of unknown nodes is W', () => {
    expect(flowPicture(powers(null, null, null, null)).unit).toBe('W')
  })
})

describe('any reading', () => {
  const power = fc.oneof(
    fc.integer({ min: -30_000, max: 30_000 }),
    fc.integer({ min: -60, max: 60 }),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constant(null),
  )
  const anyReading = fc.record({
    current_solar_production_w: power,
    household_consumption_w: power,
    battery_charge_discharge_power_w: power,
    current_power_to_grid_w: power,
    battery_charge_level_percent: fc.oneof(fc.double({ min: 0, max: 100, noNaN: true }), fc.constant(null)),
    is_battery_connected: fc.oneof(fc.boolean(), fc.constant(null)),
  })

  test('after any other has parts that are whole, not negative, and add up to the nodes', () => {
    fc.assert(
      fc.property(anyReading, anyReading, (before, after) => {
        const picture = flowPicture(inverter(after), flowPicture(inverter(before)))
        const { nodes, edges, residual, unexplained } = picture
        if (edges === null) return
        for (const edge of flowEdges) expect(Number.isInteger(edges[edge]) && edges[edge] >= 0).toBe(true)

        const charging = nodes.battery?.direction === 'charging' ? nodes.battery.w : 0
        const discharging = nodes.battery?.direction === 'discharging' ? nodes.battery.w : 0
        const importing = nodes.grid.direction === 'importing' ? nodes.grid.w : 0
        const exporting = nodes.grid.direction === 'exporting' ? nodes.grid.w : 0
        expect(edges.solarToHome + edges.solarToBattery + edges.solarToGrid + residual.from.solar).toBe(
          nodes.solar.w,
        )
        expect(edges.batteryToHome + edges.batteryToGrid + residual.from.battery).toBe(discharging)
        expect(edges.gridToHome + edges.gridToBattery + residual.from.grid).toBe(importing)
        expect(edges.solarToHome + edges.batteryToHome + edges.gridToHome + residual.to.home).toBe(
          nodes.home.w,
        )
        expect(edges.solarToBattery + edges.gridToBattery + residual.to.battery).toBe(charging)
        expect(edges.solarToGrid + edges.batteryToGrid + residual.to.grid).toBe(exporting)

        const left = residual.from.solar + residual.from.battery + residual.from.grid
        const missing = residual.to.home + residual.to.battery + residual.to.grid
        expect(Math.min(left, missing)).toBe(0)
        if (unexplained) expect(unexplained.w).toBe(Math.max(left, missing))
      }),
      { numRuns: 1000 },
    )
  })

  test('shows node values within a watt of the wire, or 0 for noise', () => {
    fc.assert(
      fc.property(anyReading, (wire) => {
        const reading = inverter(wire)
        const { solar, home, grid } = flowPicture(reading).nodes
        const near = (shown: number | null, wire: number | null) =>
          wire === null ||
          shown === null ||
          Math.abs(shown - Math.abs(wire)) <= 0.5 ||
          (shown === 0 && Math.abs(wire) < 30)
        expect(near(solar.w, reading.current_solar_production_w)).toBe(true)
        expect(near(home.w, reading.household_consumption_w)).toBe(true)
        expect(near(grid.w, reading.current_power_to_grid_w)).toBe(true)
      }),
    )
  })
})
