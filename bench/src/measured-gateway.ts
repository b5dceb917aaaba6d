import { sayUsage } from './usage.ts'

/** The gateway as it is, in a process that can be asked for its memory. */
sayUsage()
await import('../../apps/gateway/src/main.ts')
