import { createHash } from 'node:crypto'
import {
  PushSubscriptionEnd,
  PushSubscriptionWish,
  type PushKey,
  type PushSubscriptionKnown,
} from '@homewatt/contract'
import { Hono } from 'hono'
import { invalidRequest } from '../errors.ts'
import { arePushKeys } from '../web-push.ts'
import { bodyOf } from './body-of.ts'
import type { Env, Parts } from './context.ts'
import { languageOf } from './language-of.ts'

/** A person has a handful of browsers; more than this are old ones that never said goodbye. */
const MOST_BROWSERS = 10

/** Messages to browsers that are not open. */
export function pushRoutes({
  telling: { sender, vapidKeys },
  store,
  time,
}: Pick<Parts, 'telling' | 'store' | 'time'>) {
  return new Hono<Env>()
    .get('/key', async (c) => c.json({ key: (await vapidKeys()).publicKey } satisfies PushKey))
    .put('/subscription', async (c) => {
      const { endpoint, keys } = await bodyOf(c, PushSubscriptionWish)
      if (!sender.isKnown(endpoint))
        throw invalidRequest({ endpoint: 'This is not the address of a push service that we know.' })
      if (!arePushKeys(keys)) throw invalidRequest({ keys: 'These are no keys of a browser.' })
      const owner = { tenant: c.get('session').tenant, userId: c.get('session').userId }
      const others = await store.contacts.subscriptions(owner)
      for (const { id } of others.slice(0, Math.max(0, others.length - MOST_BROWSERS + 1)))
        await store.contacts.dropSubscription(owner, id)
      const language = languageOf(c)
      await store.contacts.putSubscription(
        { id: idOf(endpoint), owner, endpoint, ...keys, language },
        time.wallMs(),
      )
      return c.body(null, 204)
    })
    .post('/subscription/known', async (c) => {
      const { endpoint } = await bodyOf(c, PushSubscriptionEnd)
      const known = await store.contacts.subscription(c.get('session'), idOf(endpoint))
      return c.json({ is_known: known !== null } satisfies PushSubscriptionKnown)
    })
    .delete('/subscription', async (c) => {
      const { endpoint } = await bodyOf(c, PushSubscriptionEnd)
      const id = idOf(endpoint)
      await store.contacts.dropSubscription(c.get('session'), id)
      await store.deliveries.dropChannel(c.get('session'), `push/${id}`)
      return c.body(null, 204)
    })
}

const idOf = (endpoint: string) => createHash('sha256').update(endpoint).digest('hex').slice(0, 32)
