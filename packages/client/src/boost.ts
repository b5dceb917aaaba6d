import type { CallOptions, Send } from './request.ts'

/** The device types that can be boosted. */
export type BoostType = 'electric-vehicles' | 'wallboxes'

/**
 * Starts charging now, or arms it for the next plug-in. Rejects with `BoostRefused`; never sent twice, so
 * `PartnerUnavailable` with `inDoubt` means that the device has to be read to know.
 */
export async function startBoost(
  send: Send,
  orgId: string,
  type: BoostType,
  userId: string,
  deviceId: string,
  options?: CallOptions,
): Promise<void> {
  await send(
    {
      method: 'POST',
      route: `/org/{}/users/{}/${type}/{}/boost`,
      ids: [orgId, userId, deviceId],
      wantsJson: false,
    },
    { priority: 'command', ...options },
  )
}

/** Disarms; for a wallbox also ends a boost that runs. A running boost of a vehicle is not touched. */
export async function cancelBoost(
  send: Send,
  orgId: string,
  type: BoostType,
  userId: string,
  deviceId: string,
  options?: CallOptions,
): Promise<void> {
  await send(
    {
      method: 'DELETE',
      route: `/org/{}/users/{}/${type}/{}/boost`,
      ids: [orgId, userId, deviceId],
      wantsJson: false,
    },
    { priority: 'command', ...options },
  )
}
