import type { Database } from './database.ts'

/** Names that count once, whichever process sees them first: ids of tokens that may be used one time. */
export type OnceRows = {
  /**
   * `true` for the first who takes this name, `false` for everybody after. Forgets names that are past.
   *
   * @param untilMs when the name may be forgotten, because its token is refused by then anyway; ms since 1970
   */
  take(name: string, untilMs: number, nowMs: number): Promise<boolean>
}

export function onceRows(db: Database): OnceRows {
  return {
    async take(name, untilMs, nowMs) {
      await db.deleteFrom('used_once').where('until_ms', '<', Math.round(nowMs)).execute()
      const taken = await db
        .insertInto('used_once')
        .values({ name, until_ms: Math.round(untilMs) })
        .onConflict((conflict) => conflict.doNothing())
        .returning('name')
        .executeTakeFirst()
      return taken !== undefined
    },
  }
}
