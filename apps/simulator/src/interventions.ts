import type { DeviceType } from '@homewatt/contract'
import * as v from 'valibot'
import type { Context } from './context.ts'
import type { Device } from './devices.ts'
import { uuidOf } from './hash.ts'
import { HttpError, type Answer } from './http.ts'
import { changeSettings } from './settings-change.ts'
import { lapse, reconnect } from './unit.ts'
import type { Home } from './world.ts'

const level = v.pipe(v.number(), v.minValue(0), v.maxValue(100))

/** What may be done to a device by hand: to its body, to its connection, and to what the wire says of it. */
export const Intervention = v.partial(
  v.strictObject({
    /** Vehicles and wallboxes: brings the car home and connects or disconnects the cable. Holds for 3 hours. */
    plugged_in: v.boolean(),
    /** Level of the car or of the home battery, percent. */
    level,
    /** Vehicles and wallboxes: makes the car wait or charge now, until `auto` gives it back to the optimiser. */
    charge_plan: v.picklist(['wait', 'now', 'auto']),
    /** Vehicles and wallboxes: somebody stops the charging at the car or in its maker's app. */
    stopped_at_car: v.literal(true),
    /** The boost machine, whatever the situation. */
    boost: v.picklist(['none', 'requested', 'ongoing']),
    boost_armed: v.boolean(),
    /** The manufacturer link. `false` also puts up the action `reauthenticate`. */
    authenticated: v.boolean(),
    /** Codes of the pending actions. */
    actions: v.array(v.string()),
    /** Wallboxes: the OCPP connection. */
    online: v.boolean(),
    /** Wallboxes: can charge with less than all they have. */
    modulates: v.boolean(),
    /** Removed from the service, or put back. */
    deleted: v.boolean(),
    /** As a `PUT` of the household would. */
    settings: v.record(v.string(), v.unknown()),
    /** No reports from now on, until `false`. */
    freeze: v.boolean(),
    /** The last report came this long ago; freezes. */
    reported_ago_s: v.pipe(v.number(), v.minValue(0)),
    /** The device has never reported; freezes. */
    never_reported: v.literal(true),
    /** Wire fields to pin, to anything. */
    set: v.record(v.string(), v.unknown()),
    /** Wire fields to leave out. */
    omit: v.array(v.string()),
    /** Pins and omissions of these wire fields to take off. */
    unset: v.array(v.string()),
    /** Takes off everything that was pinned, omitted or frozen. */
    clear: v.boolean(),
    /** Reports at once; this is what happens anyway unless `false`. */
    report: v.boolean(),
  }),
)
export type Intervention = v.InferOutput<typeof Intervention>

export function intervene(
  { world }: Context,
  home: Home,
  device: Device,
  change: Intervention,
  nowMs: number,
): void {
  const { pins } = device
  if (change.clear) {
    pins.set.clear()
    pins.omit.clear()
    device.frozen = false
  }
  if (change.freeze === false) device.frozen = false
  for (const name of change.unset ?? []) {
    pins.set.delete(name)
    pins.omit.delete(name)
  }
  for (const [name, value] of Object.entries(change.set ?? {})) {
    pins.set.set(name, value)
    pins.omit.delete(name)
  }
  for (const name of change.omit ?? []) pins.omit.add(name)
  if (change.settings) changeSettings(home, device, change.settings, nowMs)
  if (change.online !== undefined) device.online = change.online
  if (change.modulates !== undefined) device.modulates = change.modulates
  if (change.deleted !== undefined) device.deletedAtMs = change.deleted ? nowMs : null
  if (change.authenticated === true) reconnect(device, nowMs)
  moveBody(world, home, device, change)
  if (change.stopped_at_car) world.stopAtCar(home, device)
  if (change.boost_armed !== undefined && device.boost) device.boost.armed = change.boost_armed
  if (change.boost !== undefined && device.boost) {
    device.boost.phase = change.boost
    device.boost.willStart = true
    // By hand it stays as it was put, not for the half minute that a car takes.
    device.boost.dueMs = nowMs + HELD_MS
  }
  world.touch(home, device, nowMs, change.report ?? true)
  if (change.authenticated === false) lapse(device, nowMs)
  if (change.actions)
    device.cues = change.actions.map((code) => ({ id: uuidOf('cue', device.id, code), code }))
  if (change.freeze || change.reported_ago_s !== undefined || change.never_reported) device.frozen = true
  if (change.reported_ago_s !== undefined) device.readAtMs = nowMs - Math.round(change.reported_ago_s * 1000)
  if (change.never_reported) device.readAtMs = null
}

function moveBody(world: Context['world'], home: Home, device: Device, change: Intervention): void {
  const site = world.siteOf(home, device)
  if (!site) return
  const { car } = site.spec
  const charges = device.type === 'electric-vehicles' || device.type === 'wallboxes'
  if (charges && car) {
    const plug =
      change.plugged_in ?? (change.boost === 'ongoing' || change.boost === 'requested' ? true : undefined)
    if (plug !== undefined) {
      site.car.atHome = true
      site.car.pluggedIn = plug
      site.carHeldUntilMin = site.minute + HELD_MS / 60_000
    }
    if (change.charge_plan) site.chargeByHand = change.charge_plan === 'auto' ? null : change.charge_plan
    if (change.level !== undefined) site.car.storedWh = (car.capacityWh * change.level) / 100
  }
  if (device.type === 'inverters' && site.spec.battery && change.level !== undefined)
    site.batteryWh = (site.spec.battery.capacityWh * change.level) / 100
}

const HELD_MS = 3 * 3_600_000

export function homeNamed({ world }: Context, name: string | undefined, nowMs: number): Home {
  const home = world.homeNamed(name ?? '', nowMs)
  if (!home) throw new HttpError(refusal(404, `There is no home "${name}". GET /_control/homes lists them.`))
  return home
}

/** A device by its id, or the first of a type by the type's name. */
export function deviceNamed(home: Home, idOrType: string | undefined): Device {
  const device =
    home.devices.find((d) => d.id === idOrType) ??
    home.devices.find((d) => d.type === (idOrType as DeviceType))
  if (!device) throw new HttpError(refusal(404, `The home "${home.name}" has no device "${idOrType}".`))
  return device
}

/** A refusal of the control door, in words for people. */
export const refusal = (status: number, error: string): Answer => ({ status, json: { error } })
