import { Hono } from 'hono'
import type { Env, Parts } from './context.ts'

/** The whole home, asked for anew. As last known it is written to the raw response, see `ServedTenant`. */
export function homeRoutes({ poller }: Pick<Parts, 'poller'>) {
  return new Hono<Env>().post('/refresh', async (c) => {
    const home = c.get('home')
    await poller.refresh(home)
    return c.body(home.snapshotJson(), 200, { 'content-type': 'application/json' })
  })
}
