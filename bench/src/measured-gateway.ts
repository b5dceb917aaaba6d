import { sayMemory } from './memory.ts'

/** The gateway as it is, in a process that can be asked for its memory. */
sayMemory()
await import('../../apps/gateway/src/main.ts')
