import { auditRows, type AuditRows } from './audit-rows.ts'
import { awayRows, type AwayRows } from './away-rows.ts'
import { contactRows, type ContactRows } from './contact-rows.ts'
import { kindOf, openDatabase, type Database } from './database.ts'
import { deliveryRows, type DeliveryRows } from './delivery-rows.ts'
import { linkRows, type LinkRows } from './link-rows.ts'
import { migrate } from './migrate.ts'
import { noticeRows, type NoticeRows } from './notice-rows.ts'
import { onceRows, type OnceRows } from './once-rows.ts'
import { readingRows, type ReadingRows } from './reading-rows.ts'
import { sessionRows, type SessionRows } from './session-rows.ts'
import { settingRows, type SettingRows } from './setting-rows.ts'
import { updateRows, type UpdateRows } from './update-rows.ts'

/** What is kept cannot be reached, or could not be written; the database's own error is the `cause`. */
export class StoreFailed extends Error {
  override name = 'StoreFailed'
}

/**
 * What outlives the process. A write is on the disk when its promise resolves; when it is not, the promise rejects with
 * `StoreFailed`, as that of a read does that cannot be answered.
 */
export type Store = {
  /** Grows with every start. */
  readonly epoch: number
  readonly sessions: SessionRows
  readonly links: LinkRows
  readonly once: OnceRows
  readonly updates: UpdateRows
  readonly readings: ReadingRows
  readonly audit: AuditRows
  readonly settings: SettingRows
  readonly away: AwayRows
  readonly notices: NoticeRows
  readonly deliveries: DeliveryRows
  readonly contacts: ContactRows
  close(): Promise<void>
}

/**
 * Opens the store and brings its tables up to date. Rejects with `StoreTooNew`, or with the database's own error.
 *
 * @param where path of an SQLite file, made when it is missing; `:memory:` forgets; or a `postgres://` URL
 */
export async function openStore(
  where: string,
  {
    startedMs = 0,
    onError = () => {},
  }: {
    /** Now, ms since 1970: with it the epoch is not turned back by a backup that was restored. */
    startedMs?: number
    /** Hears of connections that broke while nobody used them. */
    onError?: (error: unknown) => void
  } = {},
): Promise<Store> {
  const db = openDatabase(where, onError)
  try {
    await migrate(db, kindOf(where))
    const epoch = await nextEpoch(db, Math.floor(startedMs / 1000))
    return {
      epoch,
      sessions: telling(sessionRows(db)),
      links: telling(linkRows(db)),
      once: telling(onceRows(db)),
      updates: telling(updateRows(db)),
      readings: telling(readingRows(db)),
      audit: telling(auditRows(db)),
      settings: telling(settingRows(db)),
      away: telling(awayRows(db)),
      notices: telling(noticeRows(db)),
      deliveries: telling(deliveryRows(db)),
      contacts: telling(contactRows(db)),
      close: () => db.destroy(),
    }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

/** The same queries, with failures of the database told apart from mistakes of ours. */
function telling<Rows extends object>(rows: Rows): Rows {
  const told = Object.entries(rows).map(
    ([name, query]: [string, (...args: unknown[]) => Promise<unknown>]) => [
      name,
      async (...args: unknown[]) => {
        try {
          return await query(...args)
        } catch (cause) {
          if (cause instanceof TypeError) throw cause
          throw new StoreFailed('The store cannot be used.', { cause })
        }
      },
    ],
  )
  return Object.fromEntries(told) as Rows
}

async function nextEpoch(db: Database, atLeast: number): Promise<number> {
  const { value } = await db
    .insertInto('meta')
    .values({ name: 'epoch', value: Math.max(1, atLeast) })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((row) => ({
        value: row
          .case()
          .when('meta.value', '<', row.ref('excluded.value'))
          .then(row.ref('excluded.value'))
          .else(row('meta.value', '+', 1))
          .end(),
      })),
    )
    .returning('value')
    .executeTakeFirstOrThrow()
  return value
}
