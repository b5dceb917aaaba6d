import type { Session, SignedOut } from '@homewatt/contract'
import { createMiddleware } from 'hono/factory'
import { Hono } from 'hono'
import { notSignedIn } from '../errors.ts'
import type { Env, Parts } from './context.ts'

/** Lets only signed-in people pass, and tells the routes behind whose home it is. */
export function requireSession({
  sessions,
  cookie,
  homes,
  time,
  answerWithinMs,
}: Pick<Parts, 'sessions' | 'cookie' | 'homes' | 'time' | 'answerWithinMs'>) {
  return createMiddleware<Env>(async (c, next) => {
    c.set('byMs', time.monotonicMs() + answerWithinMs)
    const session = await sessions.find(cookie.read(c.req.header('cookie')))
    if (!session) throw notSignedIn()
    c.set('session', session)
    c.set('home', homes.of({ tenant: session.tenant, userId: session.userId }))
    await next()
  })
}

/**
 * Lets what changes something pass only while the store itself says that the session goes on: one that was ended at
 * another gateway must not steer devices because nobody can be asked about it.
 */
export function requireProof({ sessions }: Pick<Parts, 'sessions'>) {
  return createMiddleware<Env>(async (c, next) => {
    const isReading = c.req.method === 'GET' || c.req.method === 'HEAD'
    if (!isReading && !(await sessions.isProven(c.get('session')))) throw notSignedIn()
    await next()
  })
}

export function sessionRoutes({ sessions, cookie, brand, switchedOff, demo, signIn }: Parts) {
  return new Hono()
    .get('/', async (c) => {
      const session = await sessions.find(cookie.read(c.req.header('cookie')))
      return c.json({
        signed_in: session !== null,
        demo: demo !== null,
        home: session?.home ?? null,
        ...brand,
        switched_off: [...switchedOff],
      } satisfies Session)
    })
    .post('/end', async (c) => {
      const session = await sessions.find(cookie.read(c.req.header('cookie')))
      if (session) await sessions.end(session)
      for (const header of cookie.clear()) c.header('set-cookie', header, { append: true })
      c.header('clear-site-data', '"cache", "storage"')
      const redirect_url = session && signIn ? await signIn.signOutUrl(session.idToken) : null
      return c.json({ redirect_url } satisfies SignedOut)
    })
}
