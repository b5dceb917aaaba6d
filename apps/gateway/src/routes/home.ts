import { Hono, type Context } from 'hono'
import type { Env, Parts } from './context.ts'

/** The whole home: as last known, and asked for anew. */
export function homeRoutes({ poller }: Pick<Parts, 'poller'>) {
  return new Hono<Env>()
    .get('/home', async (c) => {
      await poller.load(c.get('home'))
      return snapshot(c)
    })
    .post('/refresh', async (c) => {
      await poller.refresh(c.get('home'))
      return snapshot(c)
    })
}

const snapshot = (c: Context<Env>) =>
  c.body(c.get('home').snapshotJson(), 200, { 'content-type': 'application/json' })
