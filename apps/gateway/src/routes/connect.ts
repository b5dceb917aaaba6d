import { ConnectStart, type ConnectStarted, type ConnectState } from '@homewatt/contract'
import { Hono } from 'hono'
import * as v from 'valibot'
import { invalidRequest } from '../errors.ts'
import { languageOf } from './language-of.ts'
import type { Env, Parts } from './context.ts'

/** Connecting a device: sent to the partner's Connect page and back, or a charger that is told whom to call. */
export function connectRoutes({ connect, audit }: Pick<Parts, 'connect' | 'audit'>) {
  return new Hono<Env>()
    .get('/', async (c) => c.json({ pending: await connect.pending(c.get('home')) } satisfies ConnectState))
    .post('/', async (c) => {
      const wish = v.safeParse(ConnectStart, await c.req.json().catch(() => null))
      if (!wish.success)
        throw invalidRequest({ type: 'Name a device type, for example {"type":"inverters"}.' })
      const { type } = wish.output
      const start = () => connect.start(c.get('home'), wish.output, languageOf(c), c.get('byMs'))
      const asked = { command: 'connect', type }
      const redirect_url = await audit.note(c.get('session'), asked, start, () => 'started')
      return c.json({ redirect_url } satisfies ConnectStarted)
    })
    .post('/claim', async (c) => {
      const claim = () => connect.claim(c.get('home'), c.get('byMs'))
      const asked = { command: 'connect', type: 'wallboxes' }
      return c.json(await audit.note(c.get('session'), asked, claim, () => 'started'))
    })
}
