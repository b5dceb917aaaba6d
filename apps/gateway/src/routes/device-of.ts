import { DeviceType } from '@homewatt/contract'
import type { Context } from 'hono'
import * as v from 'valibot'
import { notFound, partnerUnavailable } from '../errors.ts'
import type { Poller } from '../poller.ts'
import type { DevicePath, Env } from './context.ts'

const AGAIN_MS = 5_000

/**
 * The device that the path names, if this home has it. The home is asked for first when nothing is known; while nothing
 * is known even then, `partner_unavailable` for whatever id, for it may be there.
 */
export async function deviceOf(c: Context<Env>, poller: Poller): Promise<DevicePath> {
  const home = c.get('home')
  const type = c.req.param('type')
  const id = c.req.param('id')?.toLowerCase()
  await poller.load(home)
  if (!v.is(DeviceType, type) || !id) throw notFound()
  if (home.device(type, id)) return { type, id }
  throw home.groups[type].state === 'loading' ? partnerUnavailable(AGAIN_MS) : notFound()
}
