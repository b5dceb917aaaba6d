import { ActionGivenUp } from '@homewatt/contract'
import { Hono } from 'hono'
import { bodyOf } from './body-of.ts'
import type { Env, Parts } from './context.ts'

/** What becomes of actions that were started: the page of the partner sends the person back with a word about it. */
export function actionsRoutes({ reports }: Pick<Parts, 'reports'>) {
  return new Hono<Env>().post('/given-up', async (c) => {
    const isNamed = c.req.header('content-type') !== undefined
    const { device_id } = isNamed ? await bodyOf(c, ActionGivenUp) : { device_id: null }
    await reports.givenUp(c.get('home'), device_id)
    return c.body(null, 204)
  })
}
