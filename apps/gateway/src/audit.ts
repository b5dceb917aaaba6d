import { randomUUID } from 'node:crypto'
import { within, type Time } from '@homewatt/client'
import type { AuditRow, AuditRows } from './audit-rows.ts'
import { toApiFailure } from './errors.ts'
import { traceOf, type Log } from './log.ts'
import type { Session } from './sessions.ts'
import { StoreFailed } from './store.ts'

/** What somebody asks for. */
export type Asked = {
  command: string
  type?: string
  deviceId?: string
  /** The values asked for, by name. */
  asked?: Record<string, unknown>
}

/** Writes down who told what, when, and how it ended. */
export type Audit = {
  /**
   * Gives a command and writes it down: before, so that it is known also when the process ends in between, and
   * after, with its outcome. What cannot be written down is not done: rejects with `StoreFailed` then. Once it is done
   * nothing about the trail changes the answer.
   */
  note<T>(session: Session, asked: Asked, run: () => Promise<T>, outcomeOf: (result: T) => string): Promise<T>
}

/** A store that hangs keeps nobody waiting longer: before the command, and after it. */
const PATIENCE_MS = { before: 2_000, after: 1_000 }

export function createAudit({ rows, time, log }: { rows: AuditRows; time: Time; log: Log }): Audit {
  function failed(error: unknown) {
    log.error({ event: 'store_failed', error: traceOf(error) })
  }

  async function announce(row: AuditRow) {
    const writing = rows.put(row).then(() => true)
    if (await within(time, PATIENCE_MS.before, writing)) return
    // It may come true yet, about a command that nobody gave.
    void writing.then(() => rows.drop(row.id)).catch(failed)
    throw new StoreFailed('The audit trail is not written in time.')
  }

  async function complete(work: Promise<void>) {
    await within(time, PATIENCE_MS.after, work.catch(failed))
  }

  return {
    async note({ tenant, userId, hash }, { command, type, deviceId, asked }, run, outcomeOf) {
      const id = randomUUID()
      await announce({
        id,
        owner: { tenant, userId },
        atMs: time.wallMs(),
        session: hash,
        command,
        type: type ?? null,
        deviceId: deviceId ?? null,
        asked: asked ?? null,
        outcome: 'under_way',
        reason: null,
      })
      try {
        const result = await run()
        await complete(rows.end(id, outcomeOf(result), null))
        return result
      } catch (error) {
        const { code = 'internal', reason = null } = toApiFailure(error)?.body ?? {}
        // Nothing was commanded, and a flood of tries must not become a flood of rows.
        await complete(code === 'too_many_requests' ? rows.drop(id) : rows.end(id, code, reason))
        throw error
      }
    },
  }
}
