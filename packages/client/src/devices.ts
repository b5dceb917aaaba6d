import {
  ElectricVehicle,
  HeatPump,
  Inverter,
  NotADeviceList,
  ownerIdOf,
  readDevice,
  readDevices,
  Wallbox,
  type DeviceList,
  type DeviceType,
} from '@homewatt/contract'
import { ForeignDevice, PartnerUnavailable } from './errors.ts'
import type { Answer, CallOptions, Send } from './request.ts'

export type PartnerDeviceByType = {
  'heat-pumps': HeatPump
  'electric-vehicles': ElectricVehicle
  inverters: Inverter
  wallboxes: Wallbox
}
export type PartnerDevice = PartnerDeviceByType[DeviceType]

const schemas = {
  'heat-pumps': HeatPump,
  'electric-vehicles': ElectricVehicle,
  inverters: Inverter,
  wallboxes: Wallbox,
} as const

/**
 * All devices of one type that a user has, read tolerantly. Rejects with `ForeignDevice` when one of them is not
 * that user's, or does not say whose it is: then the whole answer is worth nothing.
 */
export async function listDevices<T extends DeviceType>(
  send: Send,
  orgId: string,
  type: T,
  userId: string,
  options?: CallOptions,
): Promise<Answer<DeviceList<PartnerDeviceByType[T]>>> {
  const answer = await send(
    { method: 'GET', route: `/org/{}/users/{}/${type}`, ids: [orgId, userId], wantsJson: true },
    options,
  )
  return { ...answer, value: devicesOf(type, userId, answer.value) }
}

/** What an answer with a list says. Throws as `listDevices` rejects. */
export function devicesOf<T extends DeviceType>(
  type: T,
  userId: string,
  json: unknown,
): DeviceList<PartnerDeviceByType[T]> {
  const list = listed(type, json)
  for (const device of list.devices) demandOwner(device, userId)
  return list as DeviceList<PartnerDeviceByType[T]>
}

/** One device with its `actions`. Rejects with `ForeignDevice` as the list does, and when it is another device. */
export async function getDevice<T extends DeviceType>(
  send: Send,
  orgId: string,
  type: T,
  userId: string,
  deviceId: string,
  options?: CallOptions,
): Promise<Answer<PartnerDeviceByType[T]>> {
  const answer = await send(
    { method: 'GET', route: `/org/{}/users/{}/${type}/{}`, ids: [orgId, userId, deviceId], wantsJson: true },
    options,
  )
  const read = readDevice(schemas[type], answer.value)
  if (!read) throw new PartnerUnavailable('bad_shape')
  const device = read.device as PartnerDeviceByType[T]
  demandOwner(device, userId)
  if (device.id.toLowerCase() !== deviceId.toLowerCase()) throw new ForeignDevice()
  return { ...answer, value: device }
}

/** More than any home has: an answer beyond that is none. */
const MOST_DEVICES = 500

function listed(type: DeviceType, json: unknown): DeviceList<PartnerDevice> {
  if (Array.isArray(json) && json.length > MOST_DEVICES) throw new PartnerUnavailable('too_large')
  try {
    return readDevices<(typeof schemas)[DeviceType]>(schemas[type], json)
  } catch (cause) {
    if (cause instanceof NotADeviceList) throw new PartnerUnavailable('bad_shape', { cause })
    throw cause
  }
}

function demandOwner(device: PartnerDevice, userId: string) {
  if (ownerIdOf(device)?.toLowerCase() !== userId.toLowerCase()) throw new ForeignDevice()
}
