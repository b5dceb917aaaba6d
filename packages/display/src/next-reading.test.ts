import { expect, test } from 'vitest'
import { nextReadingAt } from './next-reading.ts'

const now = new Date('2026-06-21T12:00:00Z')
const device = {
  current_state_last_updated_at: '2026-06-21T11:55:00.000Z',
  expected_interval_s: 600,
  is_authenticated: true,
}

test('the next report is expected an interval after the last', () => {
  expect(nextReadingAt(device, now)).toBe('2026-06-21T12:05:00.000Z')
})

test.each([
  ['overdue', { current_state_last_updated_at: '2026-06-21T11:49:00.000Z' }],
  ['not learned yet', { expected_interval_s: null }],
  ['never reported', { current_state_last_updated_at: null }],
  ['of a lapsed link', { is_authenticated: false }],
  ['of a device that is not there', { presence: 'gone' as const }],
])('nothing is promised of what is %s', (_, change) => {
  expect(nextReadingAt({ ...device, ...change }, now)).toBeNull()
})
