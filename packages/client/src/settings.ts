import {
  ChargePolicyAnswer,
  ChargingConfig,
  type ChargePlan,
  type ChargingConfigChange,
  type DeviceSettings,
  type DeviceType,
  type WeeklyChargePolicy,
} from '@homewatt/contract'
import * as v from 'valibot'
import { ForeignDevice, PartnerUnavailable } from './errors.ts'
import type { Answer, CallOptions, Send } from './request.ts'

/**
 * Writes of settings hold absolute values and change only what they name, §9.2. None is tried twice in here: what
 * became of a lost answer is for the caller to read back.
 */
export async function saveSettings(
  send: Send,
  orgId: string,
  type: DeviceType,
  userId: string,
  deviceId: string,
  body: DeviceSettings,
  options?: CallOptions,
): Promise<void> {
  await send(
    {
      method: 'PUT',
      route: `/org/{}/users/{}/${type}/{}`,
      ids: [orgId, userId, deviceId],
      body,
      wantsJson: false,
    },
    { priority: 'command', ...options },
  )
}

const POLICY = '/org/{}/users/{}/electric-vehicles/{}/charge-policy'

/**
 * The weekly plan of a vehicle, §11.4. Rejects with `ForeignDevice` when it is another vehicle's or another user's; an
 * answer that names a problem of its own (§18) is none.
 */
export async function getChargePolicy(
  send: Send,
  orgId: string,
  userId: string,
  vehicleId: string,
  options?: CallOptions,
): Promise<Answer<WeeklyChargePolicy>> {
  const answer = await send(
    { method: 'GET', route: POLICY, ids: [orgId, userId, vehicleId], wantsJson: true },
    options,
  )
  const read = v.safeParse(ChargePolicyAnswer, answer.value)
  if (!read.success) throw new PartnerUnavailable('bad_shape')
  const { metadata, data } = read.output
  const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()
  if (!isSame(metadata.user_id, userId) || !isSame(metadata.electric_vehicle_id, vehicleId))
    throw new ForeignDevice()
  if (metadata.error) throw new PartnerUnavailable('failing')
  return { ...answer, value: data }
}

/** Writes the weekly plan, all days at once. Verb and body are inferred, §11.4 and §21.1. */
export async function saveChargePolicy(
  send: Send,
  orgId: string,
  userId: string,
  vehicleId: string,
  body: ChargePlan,
  options?: CallOptions,
): Promise<void> {
  await send(
    { method: 'PUT', route: POLICY, ids: [orgId, userId, vehicleId], body, wantsJson: false },
    { priority: 'command', ...options },
  )
}

const CONFIG = '/org/{}/users/{}/charging-config'

/** How all charging devices of a user are steered, §14. */
export async function getChargingConfig(
  send: Send,
  orgId: string,
  userId: string,
  options?: CallOptions,
): Promise<Answer<ChargingConfig>> {
  const answer = await send({ method: 'GET', route: CONFIG, ids: [orgId, userId], wantsJson: true }, options)
  const read = v.safeParse(ChargingConfig, answer.value)
  if (!read.success) throw new PartnerUnavailable('bad_shape')
  return { ...answer, value: read.output }
}

/** Changes them all in one transaction, §14; what is left out stays. */
export async function saveChargingConfig(
  send: Send,
  orgId: string,
  userId: string,
  body: ChargingConfigChange,
  options?: CallOptions,
): Promise<void> {
  await send(
    { method: 'PUT', route: CONFIG, ids: [orgId, userId], body, wantsJson: false },
    { priority: 'command', ...options },
  )
}
