import type { Saved } from '@homewatt/contract'
import { GatewayFailure, GatewayUnreachable } from '@homewatt/queries'
import { fail, redirect } from '@sveltejs/kit'
import type { RecordEntry } from '../record-form.ts'

/**
 * Saves and goes on to `next`, where it says that it is saved; or comes back with what was typed, and what became of
 * it: in doubt, refused at a field, too often, or not done.
 *
 * @param fieldOf the field of the form that a field of the Partner API was typed into
 */
export async function saveRecord(
  work: Promise<Saved>,
  entry: RecordEntry,
  next: string,
  fieldOf = (name: string) => name,
) {
  let outcome: Saved['outcome']
  try {
    outcome = (await work).outcome
  } catch (cause) {
    // No answer is no proof that nothing was done.
    if (cause instanceof GatewayUnreachable) return fail(503, { ended: 'unconfirmed' as const, ...entry })
    if (!(cause instanceof GatewayFailure)) throw cause
    if (cause.code === 'not_signed_in') redirect(303, '/')
    const wrong = Object.keys(cause.complaints)
      .map(fieldOf)
      .filter((name) => name in entry.typed)
    if (cause.code === 'invalid_request' && wrong.length > 0)
      return fail(422, { ended: 'check' as const, ...entry, wrong })
    const ended = cause.code === 'too_many_requests' ? ('tooSoon' as const) : ('failed' as const)
    return fail(cause.status, { ended, ...entry })
  }
  if (outcome === 'saved') redirect(303, next)
  return fail(503, { ended: outcome, ...entry })
}
