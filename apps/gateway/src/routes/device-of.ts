import { DeviceType } from '@homewatt/contract'
import type { Context } from 'hono'
import * as v from 'valibot'
import { notFound, partnerUnavailable, type ApiFailure } from '../errors.ts'
import type { Home } from '../homes.ts'
import type { Poller } from '../poller.ts'
import type { DevicePath, Env } from './context.ts'

const AGAIN_MS = 5_000

/** Said of a device that is not among those known: while none of its type are, it may be there, whatever its id. */
export const missing = (home: Home, type: DeviceType): ApiFailure =>
  home.groups[type].state === 'loading' ? partnerUnavailable(AGAIN_MS) : notFound()

/** The device that the path names, if this home has it. The home is asked for first when nothing is known. */
export async function deviceOf(c: Context<Env>, poller: Poller): Promise<DevicePath> {
  const home = c.get('home')
  const type = c.req.param('type')
  const id = c.req.param('id')?.toLowerCase()
  await poller.load(home)
  if (!v.is(DeviceType, type) || !id) throw notFound()
  if (!home.device(type, id)) throw missing(home, type)
  return { type, id }
}
