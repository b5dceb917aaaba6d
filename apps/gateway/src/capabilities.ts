import { Capability, capabilityOfField } from '@homewatt/contract'
import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { complaintsOf, notFound } from './errors.ts'

/** Routes are there while at least one of these is on; `null`: always. */
type Decision = readonly Capability[] | null

const always: Decision = null
const deviceFields = [...new Set(Object.values(capabilityOfField))]

/** What every route of the API belongs to. One that is not decided on here is refused to everybody, and by a test. */
export const routeCapabilities: Readonly<Record<string, Decision>> = {
  'GET /api/health': always,
  'GET /api/openapi.json': always,
  'GET /api/stream': always,
  'GET /api/session': always,
  'POST /api/session/end': always,
  'POST /api/sign-in': always,
  'GET /api/sign-in/callback': always,
  'POST /api/sign-in/backchannel-logout': always,
  'POST /api/embed/session': always,
  'GET /api/demo/homes': always,
  'POST /api/demo/sign-in': always,
  'GET /api/home': always,
  'POST /api/refresh': always,
  'GET /api/sessions': always,
  'DELETE /api/sessions': always,
  'DELETE /api/sessions/:id': always,
  'GET /api/devices/:type/:id': always,
  'GET /api/audit': always,
  // A mail that came before the messages were switched off can still be answered.
  'POST /api/notices/unsubscribe': always,
  'PUT /api/devices/:type/:id': deviceFields,
  'GET /api/devices/:type/:id/charge-policy': ['weeklyPlan'],
  'PUT /api/devices/:type/:id/charge-policy': ['weeklyPlan'],
  'GET /api/charging-config': ['chargingMode'],
  'PUT /api/charging-config': ['chargingMode'],
  'POST /api/devices/:type/:id/boost': ['boost'],
  'DELETE /api/devices/:type/:id/boost': ['boost'],
  'POST /api/devices/:type/:id/actions/:n/start': ['reconnect'],
  'POST /api/actions/given-up': ['reconnect'],
  'GET /api/history': ['history'],
  'DELETE /api/history': ['history'],
  'GET /api/history/settings': ['history'],
  'PUT /api/history/settings': ['history'],
  'GET /api/away': ['away'],
  'PUT /api/away': ['away'],
  'DELETE /api/away': ['away'],
  'GET /api/notices': ['notices'],
  'GET /api/notices/unread': ['notices'],
  'POST /api/notices/read': ['notices'],
  'GET /api/notices/settings': ['notices'],
  'PUT /api/notices/settings': ['notices'],
  'PUT /api/notices/email': ['notices'],
  'DELETE /api/notices/email': ['notices'],
  'POST /api/notices/email/confirm': ['notices'],
  'GET /api/push/key': ['notices'],
  'PUT /api/push/subscription': ['notices'],
  'POST /api/push/subscription/known': ['notices'],
  'DELETE /api/push/subscription': ['notices'],
  'GET /api/prices': ['prices'],
  'GET /api/onboarding': ['connect'],
  'POST /api/onboarding': ['connect'],
  'POST /api/onboarding/claim': ['connect'],
  // Connecting a device asks in which building it stands, and a contract for which one it holds.
  'GET /api/buildings': ['building', 'connect', 'contract'],
  'POST /api/buildings': ['building'],
  'PUT /api/buildings/:id': ['building'],
  'DELETE /api/buildings/:id': ['building'],
  'GET /api/energy-contracts': ['contract'],
  'POST /api/energy-contracts': ['contract'],
  'PUT /api/energy-contracts/:id': ['contract'],
}

/** Refuses what is switched off, as what does not exist; stands behind the session, as the routes do. */
export function capabilityGate(switchedOff: readonly Capability[]): MiddlewareHandler {
  return async (c, next) => {
    for (const { method, path } of matchedRoutes(c))
      if (method !== 'ALL' && !isOn(`${method} ${path}`, switchedOff)) throw notFound()
    await next()
  }
}

/** Refuses fields of a device that are switched off, as fields that the device does not have. */
export function refuseSwitchedOffFields(change: object, switchedOff: readonly Capability[]) {
  const refused = Object.keys(change).filter((name) => {
    const capability = capabilityOfField[name]
    return capability !== undefined && switchedOff.includes(capability)
  })
  if (refused.length > 0) throw complaintsOf(Object.fromEntries(refused.map((name) => [name, 'not_offered'])))
}

/**
 * What is switched off of `{"boost": false, …}`: every capability is on unless it says otherwise.
 *
 * @param said with known keys only
 */
export function switchedOffIn(said: Readonly<Partial<Record<Capability, boolean>>>): Capability[] {
  return Capability.options.filter((name) => said[name] === false)
}

function isOn(endpoint: string, switchedOff: readonly Capability[]): boolean {
  const decision = routeCapabilities[endpoint]
  if (decision === undefined) return false
  return decision === null || decision.some((name) => !switchedOff.includes(name))
}
