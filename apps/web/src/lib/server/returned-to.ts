import { deviceTypes, type HomeSnapshot } from '@homewatt/contract'
import type { ReturnedTo } from '../../live/screen.ts'

/**
 * What the address says that somebody comes back from, as the gateway wrote it when they set out. `null`: nothing that
 * is a device of this home.
 */
export function returnedTo(search: URLSearchParams, { groups }: HomeSnapshot): ReturnedTo | null {
  const type = deviceTypes.find((one) => one === search.get('type'))
  const device = type && groups[type].devices.find(({ id }) => id === search.get('id'))
  const sinceMs = Number(search.get('since'))
  return device && Number.isSafeInteger(sinceMs) ? { type, id: device.id, sinceMs } : null
}
