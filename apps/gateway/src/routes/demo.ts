import { DemoSignIn, type DemoHomes } from '@homewatt/contract'
import { Hono } from 'hono'
import * as v from 'valibot'
import { clientName } from '../client-name.ts'
import { invalidRequest, notFound } from '../errors.ts'
import type { Parts } from './context.ts'

/** Sign-in without a password, to homes that nobody lives in. Not there with a real partner account. */
export function demoRoutes({ demo, sessions, cookie, tenant, store, time }: Parts) {
  const routes = new Hono()
  if (!demo) return routes
  return routes
    .get('/homes', async (c) => {
      const names = await demo.names()
      return c.json({ homes: names.map((name) => ({ name })) } satisfies DemoHomes)
    })
    .post('/sign-in', async (c) => {
      const body = v.safeParse(DemoSignIn, await c.req.json().catch(() => null))
      if (!body.success) throw invalidRequest({ home: 'Name a home, for example {"home":"full"}.' })
      const userId = await demo.userIdOf(body.output.home)
      if (userId === null) throw notFound()
      const externalId = `demo:${body.output.home}`
      await store.links.put({ tenant, userId, externalId, linkedMs: time.wallMs() })
      const before = await sessions.find(cookie.read(c.req.header('cookie')))
      const id = await sessions.begin(
        { tenant, userId },
        { home: body.output.home, client: clientName(c.req.header('user-agent')) },
      )
      if (before) await sessions.end(before)
      for (const header of cookie.set(id)) c.header('set-cookie', header, { append: true })
      return c.body(null, 204)
    })
}
