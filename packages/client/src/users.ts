import { NotADeviceList, readDevices, User, type UserCreate } from '@homewatt/contract'
import * as v from 'valibot'
import { ForeignDevice, PartnerUnavailable } from './errors.ts'
import type { Answer, CallOptions, Send } from './request.ts'

/** All people of the organisation. Personal data: for finding a user, never for showing. */
export async function listUsers(send: Send, orgId: string, options?: CallOptions): Promise<Answer<User[]>> {
  const answer = await send({ method: 'GET', route: '/org/{}/users', ids: [orgId], wantsJson: true }, options)
  try {
    return { ...answer, value: readDevices(User, answer.value).devices }
  } catch (cause) {
    if (cause instanceof NotADeviceList) throw new PartnerUnavailable('bad_shape', { cause })
    throw cause
  }
}

/**
 * Makes a person known. Never tried twice: whether a lost answer was a yes is for the caller to read back. So it is when
 * the answer does not name the person by the name we gave: then it rejects with `ForeignDevice`.
 */
export async function createUser(
  send: Send,
  orgId: string,
  body: UserCreate,
  options?: CallOptions,
): Promise<Answer<User>> {
  const answer = await send(
    { method: 'POST', route: '/org/{}/users', ids: [orgId], body, wantsJson: true },
    { priority: 'command', ...options },
  )
  const user = v.safeParse(User, answer.value)
  if (!user.success) throw new PartnerUnavailable('bad_shape')
  const { external_user_id: name = null } = body
  if (name !== null && user.output.external_user_id !== name) throw new ForeignDevice()
  return { ...answer, value: user.output }
}
