import { randomUUID } from 'node:crypto'
import { within, type Time } from '@homewatt/client'
import type { AuditRows } from './audit-rows.ts'
import { toApiFailure } from './errors.ts'
import { traceOf, type Log } from './log.ts'
import type { Session } from './sessions.ts'

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
   * after, with its outcome. A trail that cannot be written does not stop anybody from steering a device.
   */
  note<T>(session: Session, asked: Asked, run: () => Promise<T>, outcomeOf: (result: T) => string): Promise<T>
}

/** A store that hangs keeps nobody waiting longer. */
const PATIENCE_MS = 1_000

export function createAudit({ rows, time, log }: { rows: AuditRows; time: Time; log: Log }): Audit {
  async function write(work: Promise<void>) {
    await within(
      time,
      PATIENCE_MS,
      work.catch((error: unknown) => log.error({ event: 'store_failed', error: traceOf(error) })),
    )
  }

  return {
    async note({ tenant, userId, hash }, { command, type, deviceId, asked }, run, outcomeOf) {
      const id = randomUUID()
      await write(
        rows.put({
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
        }),
      )
      try {
        const result = await run()
        await write(rows.end(id, outcomeOf(result), null))
        return result
      } catch (error) {
        const { code = 'internal', reason = null } = toApiFailure(error)?.body ?? {}
        // Nothing was commanded, and a flood of tries must not become a flood of rows.
        await write(code === 'too_many_requests' ? rows.drop(id) : rows.end(id, code, reason))
        throw error
      }
    },
  }
}
