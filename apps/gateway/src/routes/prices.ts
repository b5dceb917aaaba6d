import type { HomePrices } from '@homewatt/contract'
import { Hono } from 'hono'
import type { Env, Parts } from './context.ts'

/** What power costs the home today. */
export function priceRoutes({ prices, poller }: Pick<Parts, 'prices' | 'poller'>) {
  return new Hono<Env>().get('/', async (c) => {
    const home = c.get('home')
    await poller.load(home)
    return c.json({ prices: await prices.of(home) } satisfies HomePrices)
  })
}
