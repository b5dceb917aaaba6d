import type { SessionList } from '@homewatt/contract'
import { Hono } from 'hono'
import { notFound } from '../errors.ts'
import type { Env, Parts } from './context.ts'

/** Where a person is signed in, to be looked through and ended. */
export function sessionsRoutes({ sessions, cookie }: Pick<Parts, 'sessions' | 'cookie'>) {
  return new Hono<Env>()
    .get('/', async (c) => {
      const current = c.get('session')
      const all = await sessions.all(current)
      return c.json({
        sessions: all.map(({ hash, createdMs, seenMs, client }) => ({
          id: idOf(hash),
          is_current: hash === current.hash,
          began_at: new Date(createdMs).toISOString(),
          used_at: new Date(seenMs).toISOString(),
          client,
        })),
      } satisfies SessionList)
    })
    .delete('/', async (c) => {
      const current = c.get('session')
      for (const session of await sessions.all(current))
        if (session.hash !== current.hash) await sessions.end(session)
      return c.body(null, 204)
    })
    .delete('/:id', async (c) => {
      const current = c.get('session')
      const named = (await sessions.all(current)).find(({ hash }) => idOf(hash) === c.req.param('id'))
      if (!named) throw notFound()
      await sessions.end(named)
      if (named.hash === current.hash)
        for (const header of cookie.clear()) c.header('set-cookie', header, { append: true })
      return c.body(null, 204)
    })
}

/** Part of the hash: enough to tell a person's sessions apart, and nothing that opens one. */
const idOf = (hash: string) => hash.slice(0, 24)
