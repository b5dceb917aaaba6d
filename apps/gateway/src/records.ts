import type { CallOptions, PartnerClient, RecordKind, Records, RecordWrite } from '@homewatt/client'
import type { SaveOutcome } from '@homewatt/contract'
import type { CommandLimits } from './command-limits.ts'
import { notFound } from './errors.ts'
import type { Home } from './homes.ts'
import { provedWrite } from './proved-write.ts'

/**
 * Buildings and energy contracts of a home, straight from the Partner API: they are looked at once a year. All is said
 * by `byMs`, as `Time.monotonicMs`.
 */
export type HomeRecords = {
  list<K extends RecordKind>(home: Home, kind: K, byMs: number): Promise<Records[K]['read'][]>
  /**
   * Writes, and says only what is proved. Rejects with `not_found` for an entry that is not this home's, and with the
   * errors of the client.
   */
  write<K extends RecordKind>(home: Home, kind: K, write: RecordWrite<K>, byMs: number): Promise<SaveOutcome>
}

/** A look, a try and another look fit into what a browser waits; a second try takes what is left. */
const WRITE = { deadlineMs: 3_500 }
const LOOK = { deadlineMs: 2_500 }

export function createHomeRecords({
  client,
  limits,
}: {
  client: Pick<PartnerClient, 'records' | 'writeRecord'>
  limits: CommandLimits
}): HomeRecords {
  async function list<K extends RecordKind>(home: Home, kind: K, options: CallOptions) {
    return (await client.records(kind, home.userId, { priority: 'command', ...options })).value
  }

  return {
    list: (home, kind, byMs) => list(home, kind, { byMs }),
    async write(home, kind, write, byMs) {
      limits.admit(home.key, `${home.key}/${kind}`)
      const before = await list(home, kind, { ...LOOK, byMs })
      const id = write.id?.toLowerCase() ?? null
      if (id !== null && !before.some((entry) => entry.id?.toLowerCase() === id)) throw notFound()
      const send = () => client.writeRecord(kind, home.userId, write, { ...WRITE, byMs })
      const isThere = async () => {
        const after = await list(home, kind, { ...LOOK, byMs })
        if (write.method === 'DELETE') return !after.some((entry) => entry.id === write.id)
        const isNew = (entry: { id: string | null }) => !before.some((old) => old.id === entry.id)
        return after.some(
          (entry) => (id === null ? isNew(entry) : entry.id === write.id) && holds(entry, write.body),
        )
      }
      // A new entry that is sent twice may be there twice; what exists is changed to the same again.
      return provedWrite({ send, isThere, mayResend: write.method !== 'POST' })
    },
  }
}

/** Whether an entry is as it was written. */
function holds(entry: Records[RecordKind]['read'], body: Records[RecordKind]['write']): boolean {
  const read: Readonly<Record<string, unknown>> = entry
  return Object.entries(body).every(([name, value]) => {
    // Written as `building_id`, read as `building`, §7.
    const kept = read[name === 'building_id' ? 'building' : name]
    return comparable(kept ?? null) === comparable(value ?? null)
  })
}

/** The same moment may come back spelled in another way. */
function comparable(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' && /^\d{4}-\d\d-\d\dT/.test(part) ? Date.parse(part) : part,
  )
}
