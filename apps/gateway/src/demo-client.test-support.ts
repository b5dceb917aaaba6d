import { createPartnerClient, type PartnerClient } from '@homewatt/client'

/** A client with the demo account of a simulator; `more` is what a test wants different. */
export const demoClient = (
  baseUrl: string,
  more: Partial<Parameters<typeof createPartnerClient>[0]> = {},
): PartnerClient =>
  createPartnerClient({
    baseUrl,
    clientId: 'homewatt-demo',
    clientSecret: 'homewatt-demo-secret',
    orgId: '00000000-0000-4000-8000-00000000d0d0',
    ...more,
  })
