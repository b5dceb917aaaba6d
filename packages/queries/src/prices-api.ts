import type { HomePrices } from '@homewatt/contract'
import { createCall, type Options } from './call.ts'

/** What power costs. Apart from `GatewayApi`, so that a page that only watches does not carry it. */
export type PricesApi = {
  /** Today's prices, as far as they are known. */
  prices(options?: Options): Promise<HomePrices>
}

/** Typed calls over `fetch`, as `createGatewayApi`. */
export function createPricesApi({
  fetch,
  base = '',
}: {
  fetch: typeof globalThis.fetch
  base?: string
}): PricesApi {
  const call = createCall({ fetch, base })
  return { prices: (options) => call('GET', '/api/prices', options) as Promise<HomePrices> }
}
