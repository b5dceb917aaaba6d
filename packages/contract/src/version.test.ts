import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HomeChange, HomeSnapshot } from './gateway.ts'
import { applyChange, isNewer } from './version.ts'

const version = fc.tuple(fc.nat(5), fc.nat(20)).map(([epoch, seq]) => `${epoch}:${seq}`)

describe('versions', () => {
  test.each([
    ['1:2', '1:1', true],
    ['1:10', '1:9', true],
    ['2:0', '1:99', true],
    ['1:1', '1:1', false],
    ['1:1', '1:2', false],
    ['1:99', '2:0', false],
  ])('%s is newer than %s: %s', (a, b, newer) => {
    expect(isNewer(a, b)).toBe(newer)
  })

  test('of any two that differ exactly one is newer', () => {
    fc.assert(fc.property(version, version, (a, b) => isNewer(a, b) !== isNewer(b, a) || a === b))
  })
})

const nobody = { state: 'loading' as const, asked_at: null, problem: null, devices: [] }
const snapshot: HomeSnapshot = {
  version: '1:5',
  at: '2026-06-21T12:00:00Z',
  time_zone: 'Europe/Berlin',
  groups: { 'heat-pumps': nobody, 'electric-vehicles': nobody, inverters: nobody, wallboxes: nobody },
}
const answered = { ...nobody, state: 'known' as const, asked_at: '2026-06-21T12:00:30Z' }

describe('a change', () => {
  test('replaces the groups it brings and leaves the others', () => {
    const change: HomeChange = { version: '1:6', at: '2026-06-21T12:00:30Z', groups: { inverters: answered } }
    const after = applyChange(snapshot, change)
    expect(after).toEqual({
      ...snapshot,
      version: '1:6',
      at: '2026-06-21T12:00:30Z',
      groups: { ...snapshot.groups, inverters: answered },
    })
    expect(snapshot.groups.inverters).toBe(nobody)
  })

  test.each(['1:5', '1:4', '0:99'])('of version %s is not newer than 1:5 and changes nothing', (older) => {
    expect(applyChange(snapshot, { version: older, at: 'later', groups: { inverters: answered } })).toBe(
      snapshot,
    )
  })

  test('in any order and any number, versions only grow and end at the newest', () => {
    fc.assert(
      fc.property(fc.array(version), (versions) => {
        let home = snapshot
        for (const next of versions) {
          const before = home
          home = applyChange(home, { version: next, at: snapshot.at, groups: {} })
          expect(home === before || isNewer(home.version, before.version)).toBe(true)
        }
        expect(versions.some((seen) => isNewer(seen, home.version))).toBe(false)
      }),
    )
  })
})
