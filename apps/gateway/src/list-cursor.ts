import { timestamp } from '@homewatt/contract'
import { sql, type SqlBool } from 'kysely'
import * as v from 'valibot'

/**
 * Where a list that is read newest first goes on. Times alone name no place in it: of entries of the same millisecond
 * those that did not fit any more would be lost.
 */
export type ListCursor = {
  /** ms since 1970. */
  atMs: number
  /** The last entry that was read; `null`: go on with what is from before the time. */
  id: string | null
}

/** What stands behind the cursor in tables with `at_ms` and `id`, sorted by falling time, then by id. */
export function isBehind({ atMs, id }: ListCursor) {
  if (id === null) return sql<SqlBool>`at_ms < ${atMs}`
  return sql<SqlBool>`(at_ms < ${atMs} or (at_ms = ${atMs} and id > ${id}))`
}

/** As `next` of a list says it, for `before` of the rest. */
export function cursorText({ atMs, id }: { atMs: number; id: string }): string {
  return `${new Date(atMs).toISOString()}_${id}`
}

/** The cursor of such a text, or of a moment of one's own choice; `null` when it is neither. */
export function cursorIn(text: string): ListCursor | null {
  const [, at, id = null] = /^([^_]+)(?:_(.{1,200}))?$/.exec(text) ?? []
  return at !== undefined && v.is(timestamp, at) ? { atMs: Date.parse(at), id } : null
}
