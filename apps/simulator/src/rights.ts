import type { Role } from '@homewatt/contract'
import { API, type Context } from './context.ts'
import { HttpError, type Answer } from './http.ts'
import type { Call } from './router.ts'
import type { Actor } from './oauth.ts'

/**
 * Whether somebody may use a route at all, §3 of the reference: admins and staff every one, an end-user those
 * about himself.
 */
export function mayUse(actor: Actor, template: string, params: Record<string, string>): boolean {
  if (actor.role !== 'user') return true
  if (params['user_id'] !== undefined) return params['user_id'] === actor.userId
  return ownOnly.some((path) => template.startsWith(API + path))
}

/** These check themselves whose thing it is. */
const ownOnly = ['/device-onboarding', '/cues/', '/openapi.json', '/docs']

/** Whether the caller may change people of a role. Staff manage end-users; only admins manage the others. */
export function mayChange({ variants }: Context, { actor }: Call, role: Role): boolean {
  if (actor?.role === 'admin') return true
  if (actor?.role === 'staff')
    return role === 'user' || (role === 'staff' && variants.of(null).staff === 'staff')
  return role === 'user'
}

/** Goes on only if something is allowed; else throws 403. */
export function demand(allowed: boolean): void {
  if (!allowed) throw new HttpError(forbidden)
}

export const forbidden: Answer = { status: 403, json: { detail: 'Forbidden' } }
