import { expect, test } from 'vitest'
import { noon, wallbox } from './made-readings.ts'
import { wallboxView } from './wallbox.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'

const view = (wire: Record<string, unknown>) => wallboxView(wallbox(wire), null, noon)

test.each([
  ['READY', 'Ready', 'Bereit'],
  ['PLUGGED_IN', 'Plugged in', 'Angesteckt'],
  ['CHARGING', 'Charging', 'Lädt'],
  ['UNAVAILABLE', 'Unavailable', 'Nicht verfügbar'],
  ['UNKNOWN', 'Status unknown', 'Status unbekannt'],
])('mode %s reads "%s"', (mode, english, german) => {
  const { status } = view({ mode })
  expect(en.wallbox[status]).toBe(english)
  expect(de.wallbox[status]).toBe(german)
})

test.each([
  ['lapsed', { is_authenticated: false }, 'unavailable'],
  ['free', { is_plugged_in: false }, 'ready'],
  ['in use', { is_plugged_in: true, is_charging: true }, 'charging'],
  ['plugged in', { is_plugged_in: true, is_charging: false }, 'plugged_in'],
  ['plugged in, maybe charging', { is_plugged_in: true, is_charging: null }, 'plugged_in'],
  ['silent about its plug', { is_plugged_in: null }, 'unknown'],
])('without a mode, a wallbox that is %s is read from its fields', (_, wire, status) => {
  expect(view({ mode: 'SLEEPING', ...wire }).status).toBe(status)
  expect(view({ mode: undefined, ...wire }).status).toBe(status)
})

test.each([
  ['online', 'Online', 'Online'],
  ['offline', 'Offline', 'Offline'],
  ['never_connected', 'Never connected', 'Noch nie verbunden'],
  ['lost', 'Connection unknown', 'Verbindung unbekannt'],
  [null, 'Connection unknown', 'Verbindung unbekannt'],
])('connection %s reads "%s"', (wire, english, german) => {
  const { online } = view({ connection: wire })
  expect(en.online[online]).toBe(english)
  expect(de.online[online]).toBe(german)
})

test('a running boost can be stopped', () => {
  expect(view({ boost_state: 'ongoing' })).toMatchObject({
    canStopBoost: true,
    boost: { kind: 'charging', enabled: false },
  })
})

test('a free wallbox offers to charge at the next plug-in', () => {
  expect(view({}).arming).toEqual({ kind: 'offer' })
  expect(view({}).boost).toMatchObject({ kind: 'unavailable', reason: 'not_connected' })
})

test('tiles show what the box offers and nothing else', () => {
  expect(view({}).tiles.map(({ field }) => field)).toEqual([
    'charge_rate_w',
    'charge_power_max_w',
    'charge_target_max',
  ])
  const bare = { charge_rate_w: undefined, charge_power_max_w: undefined, charge_target_max: undefined }
  expect(view(bare).tiles).toEqual([])
})
