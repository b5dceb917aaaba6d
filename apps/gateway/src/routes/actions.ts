import { Hono } from 'hono'
import type { Env, Parts } from './context.ts'

/** What becomes of actions that were started: the page of the partner sends the person back with a word about it. */
export function actionsRoutes({ reports }: Pick<Parts, 'reports'>) {
  return new Hono<Env>().post('/given-up', async (c) => {
    await reports.givenUp(c.get('home'))
    return c.body(null, 204)
  })
}
