import { Building, EnergyContract, type BuildingWrite, type EnergyContractWrite } from '@homewatt/contract'
import * as v from 'valibot'
import { PartnerUnavailable } from './errors.ts'
import type { Answer, CallOptions, Send } from './request.ts'

/** What a user has a list of at the Partner API besides devices, by the last part of its path: §6 and §7. */
export type Records = {
  buildings: { read: Building; write: BuildingWrite }
  'energy-contracts': { read: EnergyContract; write: EnergyContractWrite }
}
export type RecordKind = keyof Records

const schemas = { buildings: Building, 'energy-contracts': EnergyContract } as const

/** All entries of a user, read tolerantly: one that cannot be read is left out. */
export async function listRecords<K extends RecordKind>(
  send: Send,
  orgId: string,
  kind: K,
  userId: string,
  options?: CallOptions,
): Promise<Answer<Records[K]['read'][]>> {
  const answer = await send(
    { method: 'GET', route: `/org/{}/users/{}/${kind}`, ids: [orgId, userId], wantsJson: true },
    options,
  )
  if (!Array.isArray(answer.value)) throw new PartnerUnavailable('bad_shape')
  const read = answer.value.map((entry) => v.safeParse(schemas[kind], entry))
  const value = read.filter(({ success }) => success).map(({ output }) => output as Records[K]['read'])
  return { ...answer, value }
}

/** What is to be done to one entry of a list; `null` for the body of a removal, `null` for the id of a new one. */
export type RecordWrite<K extends RecordKind> =
  | { method: 'POST'; id: null; body: Records[K]['write'] }
  | { method: 'PUT'; id: string; body: Records[K]['write'] }
  | { method: 'DELETE'; id: string; body: null }

/** Adds, changes or removes an entry. Never tried twice: what became of a lost answer is for the caller to read back. */
export async function writeRecord<K extends RecordKind>(
  send: Send,
  orgId: string,
  kind: K,
  userId: string,
  { method, id, body }: RecordWrite<K>,
  options?: CallOptions,
): Promise<void> {
  await send(
    {
      method,
      route: `/org/{}/users/{}/${kind}${id === null ? '' : '/{}'}`,
      ids: [orgId, userId, ...(id === null ? [] : [id])],
      ...(body === null ? {} : { body }),
      wantsJson: false,
    },
    { priority: 'command', ...options },
  )
}
