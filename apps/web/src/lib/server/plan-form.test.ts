import { weekdays } from '@homewatt/contract'
import { describe, expect, test } from 'vitest'
import { copied, type PlanRows } from './plan-form.ts'

/** Each day at an hour of its own, Monday at one. */
const rows = Object.fromEntries(
  weekdays.map((day, n) => [day, { on: n % 2 === 0, time: `0${n + 1}:00`, level: String(60 + n) }]),
) as PlanRows

describe('a day of the plan is copied, all of it,', () => {
  test.each([
    ['the weekdays', 'sat', 'weekdays', ['sat', 'sat', 'sat', 'sat', 'sat', 'sat', 'sun']],
    ['the weekdays', 'wed', 'weekdays', ['wed', 'wed', 'wed', 'wed', 'wed', 'sat', 'sun']],
    ['the weekend', 'fri', 'weekend', ['mon', 'tue', 'wed', 'thu', 'fri', 'fri', 'fri']],
    ['all days', 'sun', 'all', ['sun', 'sun', 'sun', 'sun', 'sun', 'sun', 'sun']],
  ] as const)('to %s from %s', (_, from, to, sources) => {
    const after = copied(rows, from, to)
    expect(weekdays.map((day) => after[day])).toEqual(sources.map((source) => rows[source]))
  })

  test.each([
    ['no such day', 'someday', 'all'],
    ['no such target', 'mon', 'holidays'],
    ['a name that every object has', 'mon', 'toString'],
  ])('but not with %s: then nothing changes', (_, from, to) => {
    expect(copied(rows, from, to)).toEqual(rows)
  })

  test('and then each day is its own', () => {
    const { mon, tue } = copied(rows, 'sun', 'all')
    expect(mon).not.toBe(tue)
  })
})
