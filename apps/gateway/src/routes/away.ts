import { AwayWish, type AwayAnswer, type AwayState } from '@homewatt/contract'
import { Hono, type Context } from 'hono'
import { bodyOf } from './body-of.ts'
import type { Env, Parts } from './context.ts'

/** The one switch for all devices: away from one moment to another. */
export function awayRoutes({ telling: { away }, audit }: Pick<Parts, 'telling' | 'audit'>) {
  const ownerOf = (c: Context<Env>) => c.get('session')
  const outcomeOf = (state: AwayState | null) => state?.phase ?? 'ended'

  return new Hono<Env>()
    .get('/', async (c) => c.json({ away: await away.of(ownerOf(c)) } satisfies AwayAnswer))
    .put('/', async (c) => {
      const asked = await bodyOf(c, AwayWish)
      const plan = () => away.plan(ownerOf(c), asked)
      const state = await audit.note(c.get('session'), { command: 'away', asked }, plan, outcomeOf)
      return c.json({ away: state } satisfies AwayAnswer)
    })
    .delete('/', async (c) => {
      const end = () => away.end(ownerOf(c))
      const state = await audit.note(c.get('session'), { command: 'away_end' }, end, outcomeOf)
      return c.json({ away: state } satisfies AwayAnswer)
    })
}
