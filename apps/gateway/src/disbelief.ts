import { ForeignDevice, PartnerUnavailable, type PartnerClient } from '@homewatt/client'
import { isUnbelievable, type Unbelievable } from './problem-of.ts'

/** What of the Partner API's answers was not believed. */
export type Disbelief = Unbelievable | 'foreign' | 'field' | 'device_without_id' | 'device_repeated'

/** All of them, so that each can be counted from zero. */
export const disbeliefs: readonly Disbelief[] = [
  'redirect',
  'media_type',
  'too_large',
  'bad_json',
  'bad_shape',
  'foreign',
  'field',
  'device_without_id',
  'device_repeated',
]

/** Hears what was not believed, as often as it occurred. */
export type Disbelieve = (what: Disbelief, count: number) => void

/** The same client, which says of every answer that was thrown away as a whole why it was. */
export function sayingDisbelief(client: PartnerClient, disbelieve: Disbelieve): PartnerClient {
  const heard = (error: unknown) => {
    const what = disbeliefIn(error)
    if (what) disbelieve(what, 1)
  }
  const members = Object.entries(client).map(([name, member]: [string, unknown]) => [
    name,
    typeof member === 'function' ? hearing(member as Method, heard) : member,
  ])
  return Object.fromEntries(members) as PartnerClient
}

type Method = (...args: unknown[]) => unknown

const hearing =
  (method: Method, heard: (error: unknown) => void): Method =>
  (...args) => {
    const answer = method(...args)
    if (answer instanceof Promise) answer.catch(heard)
    return answer
  }

function disbeliefIn(error: unknown): Disbelief | null {
  if (error instanceof ForeignDevice) return 'foreign'
  return error instanceof PartnerUnavailable && isUnbelievable(error.why) ? error.why : null
}
