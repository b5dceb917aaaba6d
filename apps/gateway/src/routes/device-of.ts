import { DeviceType } from '@homewatt/contract'
import type { Context } from 'hono'
import * as v from 'valibot'
import { notFound } from '../errors.ts'
import type { Poller } from '../poller.ts'
import type { DevicePath, Env } from './context.ts'

/** The device that the path names, if this home has it. The home is asked for first when nothing is known. */
export async function deviceOf(c: Context<Env>, poller: Poller): Promise<DevicePath> {
  const home = c.get('home')
  const type = c.req.param('type')
  const id = c.req.param('id')?.toLowerCase()
  await poller.load(home)
  if (!v.is(DeviceType, type) || !id || !home.device(type, id)) throw notFound()
  return { type, id }
}
