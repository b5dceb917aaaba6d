import { describe, expect, test } from 'vitest'
import { centsPerKwh, hourPrice } from './hour-price.ts'

const DAY_START = Date.parse('2026-06-20T22:00:00Z')
const at = (hour: number, minute = 0) => new Date(DAY_START + (hour * 60 + minute) * 60_000)

/** A day of 24 hours from midnight in Berlin, of which the first hours are known. */
const dayOf = (prices: readonly number[], hours = 24) => ({
  from: at(0).toISOString(),
  until: at(hours).toISOString(),
  unit: 'EUR/MWh',
  hours: prices.map((price, hour) => ({ at: at(hour).toISOString(), price })),
})
/** 1 to 24, in order. */
const rising = dayOf(Array.from({ length: 24 }, (_, hour) => hour + 1))

describe('the price of the hour', () => {
  test.each([
    [0, 'low'],
    [5, 'low'],
    [6, 'usual'],
    [17, 'usual'],
    [18, 'high'],
    [23, 'high'],
  ])('is held against the day: hour %i is %s', (hour, standing) => {
    expect(hourPrice(rising, at(hour, 59))).toEqual({
      from: at(hour).toISOString(),
      until: at(hour + 1).toISOString(),
      price: hour + 1,
      lowest: 1,
      highest: 24,
      standing,
    })
  })

  test('is the same as all where all are the same', () => {
    expect(hourPrice(dayOf(Array.from({ length: 24 }, () => 30)), at(12))).toMatchObject({ standing: 'same' })
  })

  test('may be below zero', () => {
    const day = dayOf(Array.from({ length: 24 }, (_, hour) => (hour === 13 ? -13.5 : 80)))
    expect(hourPrice(day, at(13))).toMatchObject({ price: -13.5, lowest: -13.5, standing: 'low' })
  })

  test('is not told where few hours of the day are known', () => {
    const known = (hours: number) => hourPrice(dayOf(rising.hours.slice(0, hours).map((h) => h.price)), at(3))
    expect(known(19)).toBeNull()
    expect(known(20)).toMatchObject({ price: 4 })
  })

  test('is not told where the hour itself is not known', () => {
    expect(hourPrice({ ...rising, hours: rising.hours.slice(0, 22) }, at(22))).toBeNull()
    expect(hourPrice(rising, at(-1))).toBeNull()
    expect(hourPrice(rising, at(24))).toBeNull()
    expect(hourPrice({ ...rising, hours: [] }, at(3))).toBeNull()
  })

  test.each([23, 25])('is told on days of %i hours', (hours) => {
    const day = dayOf(
      Array.from({ length: hours }, (_, hour) => hour),
      hours,
    )
    expect(hourPrice(day, at(hours - 1))).toMatchObject({ standing: 'high', highest: hours - 1 })
  })
})

test.each([
  [82, 'EUR/MWh', 8.2],
  [0.082, 'EUR/kWh', 8.2],
  [8.2, 'ct/kWh', 8.2],
  [8.2, 'CHF/MWh', null],
  [8.2, null, null],
])('%f in %s is %s ct/kWh', (price, unit, cents) => {
  const said = centsPerKwh(price, unit)
  if (cents === null) expect(said).toBeNull()
  else expect(said).toBeCloseTo(cents)
})
