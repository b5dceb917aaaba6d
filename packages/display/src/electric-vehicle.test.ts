import { describe, expect, test } from 'vitest'
import { vehicleView } from './electric-vehicle.ts'
import { msBefore, noon, vehicle } from './made-readings.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'

const view = (wire: Record<string, unknown>) => vehicleView(vehicle(wire), null, noon, 'Europe/Berlin')
const missing = undefined

describe('the status words of a vehicle', () => {
  test.each([
    [false, false, 'Unplugged', 'Nicht angesteckt'],
    [false, true, 'Unplugged', 'Nicht angesteckt'],
    [false, null, 'Unplugged', 'Nicht angesteckt'],
    [true, false, 'Plugged in', 'Angesteckt'],
    [true, true, 'Charging', 'Lädt'],
    [true, null, 'Plugged in', 'Angesteckt'],
    [null, true, 'Status unknown', 'Status unbekannt'],
    [missing, false, 'Status unknown', 'Status unbekannt'],
    ['yes', false, 'Status unknown', 'Status unbekannt'],
  ])('plugged in %s and charging %s read "%s"', (is_plugged_in, is_charging, english, german) => {
    const { status } = view({ is_plugged_in, is_charging })
    expect(en.charge[status]).toBe(english)
    expect(de.charge[status]).toBe(german)
  })

  const idle = { is_plugged_in: true, is_charging: false }

  test('an idle vehicle waits for the best window while optimization is active', () => {
    const { status } = view({ ...idle, is_smart_optimization_active: true })
    expect(en.charge[status]).toBe('Plugged in')
    expect(en.chargeExplained[status]).toBe('Waiting for the best charging window')
    expect(de.chargeExplained[status]).toBe('Wartet auf das beste Ladefenster')
  })

  test.each([
    ['optimization is off', { is_smart_optimization_active: false }],
    ['optimization is unknown', { is_smart_optimization_active: null }],
    ['charging is paused', { is_pause_power_active: true }],
    ['a boost is starting', { boost_state: 'requested' }],
    ['whether it charges is unknown', { is_charging: null }],
  ])('it is plainly plugged in when %s', (_, wire) => {
    const { status } = view({ ...idle, ...wire })
    expect(en.charge[status]).toBe('Plugged in')
    expect(en.chargeExplained[status]).toBeUndefined()
  })

  test.each([
    ['it says so', { is_fully_charged: true }],
    ['its limit is reached', { battery_level: 80, charge_target_max: 80 }],
    ['it is at 100 % and has no limit', { battery_level: 100, charge_target_max: null }],
  ])('an idle vehicle is full when %s', (_, wire) => {
    const { status } = view({ ...idle, ...wire })
    expect(en.charge[status]).toBe('Full')
    expect(de.charge[status]).toBe('Voll')
  })

  test('an unknown level is not taken for full', () => {
    expect(view({ ...idle, battery_level: 140, is_fully_charged: null }).status).toBe('waiting')
  })
})

describe('the charge-now button', () => {
  test.each([
    ['available', 'Charge Now', 'Jetzt laden', true],
    ['requested', 'Starting…', 'Startet …', false],
    ['ongoing', 'Charging', 'Lädt', false],
    ['unavailable', 'Charge Now', 'Jetzt laden', false],
    ['queued', 'Charge Now', 'Jetzt laden', false],
    [null, 'Charge Now', 'Jetzt laden', false],
    [missing, 'Charge Now', 'Jetzt laden', false],
  ])('in state %s reads "%s"', (boost_state, english, german, enabled) => {
    const { boost } = view({ boost_state })
    expect(en.boost[boost.kind]).toBe(english)
    expect(de.boost[boost.kind]).toBe(german)
    expect(boost.enabled).toBe(enabled)
  })

  test.each([
    ['it is charging', { is_charging: true }, 'Already charging', 'Lädt bereits'],
    [
      'it is full',
      { is_charging: false, is_fully_charged: true },
      'The vehicle is full',
      'Das Auto ist voll',
    ],
    [
      'it is at its limit',
      { is_charging: false, battery_level: 80 },
      'The vehicle is full',
      'Das Auto ist voll',
    ],
    ['it is unplugged', { is_plugged_in: false, is_charging: false }, 'Not connected', 'Nicht angesteckt'],
    ['nothing explains it', { is_charging: false }, 'Not available at the moment', 'Im Moment nicht möglich'],
    [
      'nothing is known',
      { is_charging: null, is_plugged_in: null, battery_level: null },
      'Not available at the moment',
      'Im Moment nicht möglich',
    ],
  ])('says why it is unavailable when %s', (_, wire, english, german) => {
    const { reason } = view({ boost_state: 'unavailable', ...wire }).boost
    expect(reason && en.boostReason[reason]).toBe(english)
    expect(reason && de.boostReason[reason]).toBe(german)
  })

  test('gives no reason for a state it does not know', () => {
    expect(view({ boost_state: null }).boost).toEqual({
      kind: 'unknown',
      enabled: false,
      reason: null,
      sinceMs: null,
      phase: null,
    })
  })

  test.each([
    [0, 'normal'],
    [29_999, 'normal'],
    [30_000, 'slow'],
    [120_000, 'slow'],
    [120_001, 'late'],
    [300_000, 'late'],
    [300_001, 'silent'],
  ])('%i ms after the request the start is %s', (ms, phase) => {
    const { boost } = view({ boost_state: 'requested', boost_state_since: msBefore(ms) })
    expect(boost).toMatchObject({ sinceMs: ms, phase })
  })

  test('a start that the gateway has not timed is a usual one', () => {
    expect(view({ boost_state: 'requested' }).boost).toMatchObject({ sinceMs: null, phase: 'normal' })
  })

  test('a start from the future has only just begun', () => {
    const { boost } = view({ boost_state: 'requested', boost_state_since: msBefore(-5_000) })
    expect(boost).toMatchObject({ sinceMs: 0, phase: 'normal' })
  })

  test('an ongoing boost counts its time, an available one does not', () => {
    const boost_state_since = msBefore(90_000)
    expect(view({ boost_state: 'ongoing', boost_state_since }).boost).toMatchObject({
      sinceMs: 90_000,
      phase: null,
    })
    expect(view({ boost_state: 'available', boost_state_since }).boost.sinceMs).toBeNull()
  })

  test('a vehicle says before the tap that its boost cannot be stopped', () => {
    expect(view({}).canStopBoost).toBe(false)
    expect(en.boostCannotStop).toBe('A boost cannot be stopped here. Unplug the car to end it.')
  })
})

describe('arming the next plug-in', () => {
  const unplugged = { is_plugged_in: false, is_charging: false, boost_state: 'unavailable' }

  test.each([
    ['is offered while unplugged', unplugged, { kind: 'offer' }],
    [
      'is offered when the flag is unknown',
      { ...unplugged, boost_for_next_session: null },
      { kind: 'offer' },
    ],
    ['shows that it is armed', { ...unplugged, boost_for_next_session: true }, { kind: 'armed' }],
    ['can still be undone just after plugging in', { boost_for_next_session: true }, { kind: 'armed' }],
    ['is not offered while plugged in', {}, null],
    ['is not offered when the plug is unknown', { ...unplugged, is_plugged_in: null }, null],
    [
      'is not offered by a device without the flag',
      { ...unplugged, boost_for_next_session: undefined },
      null,
    ],
    [
      'is not offered where the same request would start a boost',
      { ...unplugged, boost_state: 'available' },
      null,
    ],
  ])('%s', (_, wire, arming) => {
    expect(view(wire).arming).toEqual(arming)
  })
})

describe('the charge deadline', () => {
  test('is time and level while the policy is on', () => {
    const { deadline, deadlineActive } = view({})
    expect(deadline).toEqual({ at: '07:00', percent: 75 })
    expect(deadlineActive).toBe(true)
  })

  test('is what the weekly plan asks for next, where that is something else', () => {
    const next_deadline = { at: '2026-06-22T03:30:00.000Z', percent: 60 }
    expect(view({ next_deadline })).toMatchObject({ deadline: next_deadline, verdict: { percent: 60 } })
    // While nobody knows what it asks for, the usual one stands there without a promise.
    const unread = view({ next_deadline: null, battery_level: 100 })
    expect(unread).toMatchObject({ deadline: { at: '07:00', percent: 75 }, verdict: { verdict: 'unknown' } })
    expect(view({ next_deadline, is_charge_policy_enabled: false }).deadline).toBeNull()
  })

  test('is not there while the policy is off', () => {
    expect(view({ is_charge_policy_enabled: false })).toMatchObject({ deadline: null, deadlineActive: false })
  })

  test('is not guessed while nobody says whether the policy is on', () => {
    expect(view({ is_charge_policy_enabled: undefined })).toMatchObject({
      deadline: null,
      deadlineActive: null,
    })
  })

  test('with a time that cannot be read is there, and its time is not reported', () => {
    expect(view({ charge_deadline_at: '25:00' }).deadline).toEqual({ at: null, percent: 75 })
  })
})

describe('the tiles of a vehicle', () => {
  const fields = (wire: Record<string, unknown>) => view(wire).tiles.map(({ field }) => field)

  test('stand in the order of interest', () => {
    expect(fields({})).toEqual([
      'battery_level',
      'charge_rate_w',
      'driving_range',
      'battery_capacity_kwh',
      'charge_target_max',
    ])
  })

  test('leave out what the vehicle does not offer, and a limit that does not exist', () => {
    const wire = { driving_range: undefined, battery_capacity_kwh: undefined, charge_target_max: null }
    expect(fields(wire)).toEqual(['battery_level', 'charge_rate_w'])
  })

  test('a range that comes as null is not reported', () => {
    expect(view({ driving_range: null }).tiles[2]).toEqual({
      field: 'driving_range',
      quantity: 'range',
      shown: { kind: 'not_reported' },
    })
  })
})
