import type { BoostType } from '@homewatt/client'
import type { ActionStart, BoostAnswer, DeviceAnswer } from '@homewatt/contract'
import { Hono, type Context } from 'hono'
import type { Asked } from '../audit.ts'
import { notFound } from '../errors.ts'
import type { Env, Parts } from './context.ts'
import { deviceOf } from './device-of.ts'
import { languageOf } from './language-of.ts'

/** One device: what is known of it, and what can be told to it. */
export function deviceRoutes({
  poller,
  commands,
  startAction,
  audit,
  clock,
}: Pick<Parts, 'poller' | 'commands' | 'startAction' | 'audit'> & { clock: { now(): string } }) {
  async function boostable(c: Context<Env>): Promise<{ type: BoostType; id: string }> {
    const { type, id } = await deviceOf(c, poller)
    if (type !== 'electric-vehicles' && type !== 'wallboxes') throw notFound()
    return { type, id }
  }

  const noted = <T>(c: Context<Env>, asked: Asked, run: () => Promise<T>, outcomeOf: (result: T) => string) =>
    audit.note(c.get('session'), asked, run, outcomeOf)

  return new Hono<Env>()
    .get('/:type/:id', async (c) => {
      const home = c.get('home')
      const { type, id } = await deviceOf(c, poller)
      await poller.loadActions(home, type, id, c.get('byMs'))
      const device = home.device(type, id)?.reading
      if (!device) throw notFound()
      const problem = home.groups[type].problem
      return c.json({ version: home.version(), at: clock.now(), problem, device } satisfies DeviceAnswer)
    })
    .post('/:type/:id/boost', async (c) => {
      const { type, id } = await boostable(c)
      const boost = () => commands.boost(c.get('home'), type, id, c.get('byMs'))
      const outcome = await noted(c, { command: 'boost', type, deviceId: id }, boost, String)
      return c.json({ outcome } satisfies BoostAnswer)
    })
    .delete('/:type/:id/boost', async (c) => {
      const { type, id } = await boostable(c)
      const cancel = () => commands.cancelBoost(c.get('home'), type, id, c.get('byMs'))
      const outcome = await noted(c, { command: 'cancel_boost', type, deviceId: id }, cancel, String)
      return c.json({ outcome } satisfies BoostAnswer)
    })
    .post('/:type/:id/actions/:n/start', async (c) => {
      const { type, id } = await deviceOf(c, poller)
      const n = c.req.param('n')
      if (!/^\d{1,2}$/.test(n)) throw notFound()
      const start = () => startAction(c.get('home'), { type, id, n: Number(n) }, languageOf(c), c.get('byMs'))
      const asked = { command: 'start_action', type, deviceId: id }
      const redirect_url = await noted(c, asked, start, () => 'started')
      return c.json({ redirect_url } satisfies ActionStart)
    })
}
