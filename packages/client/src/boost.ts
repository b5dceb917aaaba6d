import type { CallOptions, Send } from './request.ts'

/** The device types that can be boosted. */
export type BoostType = 'electric-vehicles' | 'wallboxes'

/** A command about the boost of one device of one user. */
export type BoostCommand = (
  send: Send,
  orgId: string,
  type: BoostType,
  userId: string,
  deviceId: string,
  options?: CallOptions,
) => Promise<void>

/**
 * Starts charging now, or arms it for the next plug-in. Rejects with `BoostRefused`; never sent twice, so
 * `PartnerUnavailable` with `inDoubt` means that the device has to be read to know.
 */
export const startBoost = command('POST')

/** Disarms; for a wallbox also ends a boost that runs. A running boost of a vehicle is not touched. */
export const cancelBoost = command('DELETE')

function command(method: 'POST' | 'DELETE'): BoostCommand {
  return async (send, orgId, type, userId, deviceId, options) => {
    const route = `/org/{}/users/{}/${type}/{}/boost` as const
    await send(
      { method, route, ids: [orgId, userId, deviceId], wantsJson: false },
      { priority: 'command', ...options },
    )
  }
}
