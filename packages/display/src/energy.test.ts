import { describe, expect, test } from 'vitest'
import { energyOf, selfConsumption, selfSufficiency, type PowerSample } from './energy.ts'

const quarter = 15 * 60_000
const samples = (...watts: (number | null)[]): PowerSample[] =>
  watts.map((w, i) => ({ at: new Date(Date.parse('2026-06-21T10:00:00Z') + i * quarter).toISOString(), w }))

describe('energy', () => {
  test('of a steady kilowatt over an hour is a kilowatt-hour', () => {
    expect(energyOf(samples(1000, 1000, 1000, 1000, 1000), quarter)).toEqual({
      wh: 1000,
      knownMs: 4 * quarter,
    })
  })

  test('of a ramp is its mean', () => {
    expect(energyOf(samples(0, 1000), quarter)).toEqual({ wh: 125, knownMs: quarter })
  })

  test('an unknown value leaves a gap on both sides of it', () => {
    expect(energyOf(samples(1000, null, 1000, 1000), quarter)).toEqual({ wh: 250, knownMs: quarter })
  })

  test('a gap too long is unknown, not bridged', () => {
    const farApart = samples(1000, 1000, 1000, 1000).filter((_, i) => i === 0 || i === 3)
    expect(energyOf(farApart, 2.5 * quarter)).toEqual({ wh: 0, knownMs: 0 })
  })

  test('repeated, backward and unreadable times add nothing', () => {
    const twoOnly = samples(1000, 1000)
    const muddle = twoOnly.flatMap((sample) => [sample, sample]).concat(twoOnly, { at: 'soon', w: 1000 })
    expect(energyOf(muddle.slice(0, 5).concat(muddle.slice(-1)), quarter)).toEqual({
      wh: 250,
      knownMs: quarter,
    })
  })
})

test.each([
  [2000, 8000, 0.75],
  [0, 8000, 1],
  [8000, 8000, 0],
  [8100, 8000, 0],
  [-100, 8000, 1],
  [0, 9, null],
  [0, 0, null],
  [NaN, 8000, null],
  [100, NaN, null],
])('%s Wh from the grid of %s Wh used is a self-sufficiency of %s', (importWh, consumptionWh, share) => {
  expect(selfSufficiency(importWh, consumptionWh)).toBe(share)
})

test('half of the production exported is half consumed at home', () => {
  expect(selfConsumption(3000, 6000)).toBe(0.5)
  expect(selfConsumption(0, 0)).toBeNull()
})
