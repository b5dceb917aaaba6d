import { NotADeviceList, readDevices, User } from '@homewatt/contract'
import { PartnerUnavailable } from './errors.ts'
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
