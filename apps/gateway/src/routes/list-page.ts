import type { Context } from 'hono'
import { invalidRequest } from '../errors.ts'
import { cursorIn, cursorText, type ListCursor } from '../list-cursor.ts'
import type { Env } from './context.ts'

/** From where on a list is asked for; `null`: from its newest entry on. Throws `invalid_request`. */
export function beforeOf(c: Context<Env>): ListCursor | null {
  const text = c.req.query('before')
  if (text === undefined) return null
  const cursor = cursorIn(text)
  if (!cursor) throw invalidRequest({ before: 'Say what `next` said, or a time with its zone.' })
  return cursor
}

/** `next` of a list of so many entries at most; `null` when there are no more. */
export function nextOf(rows: readonly { atMs: number; id: string }[], most: number): string | null {
  const last = rows.length === most ? rows.at(-1) : undefined
  return last ? cursorText(last) : null
}
