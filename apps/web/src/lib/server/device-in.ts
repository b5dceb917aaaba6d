import type { DeviceType, HomeSnapshot, Reading } from '@homewatt/contract'
import { error } from '@sveltejs/kit'

/** The device that an address names. Without it the page says that there is none, or that nobody can tell yet. */
export function deviceIn({ groups }: HomeSnapshot, type: DeviceType, id: string): Reading {
  const { state, devices } = groups[type]
  const device = devices.find((one) => one.id === id)
  if (device) return device
  return state === 'loading'
    ? error(503, 'Nothing is known of these devices yet.')
    : error(404, 'No such device in this home.')
}
