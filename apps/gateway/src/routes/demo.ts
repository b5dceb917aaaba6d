import { DemoSignIn, type DemoHomes } from '@homewatt/contract'
import { Hono } from 'hono'
import * as v from 'valibot'
import { invalidRequest, notFound } from '../errors.ts'
import type { Parts } from './context.ts'

/** Sign-in without a password, to homes that nobody lives in. Not there with a real partner account. */
export function demoRoutes({ demo, sessions, cookie, tenant }: Parts) {
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
      const before = await sessions.find(cookie.read(c.req.header('cookie')))
      const id = await sessions.begin({ tenant, userId }, body.output.home)
      if (before) await sessions.end(before)
      c.header('set-cookie', cookie.set(id))
      return c.body(null, 204)
    })
}
