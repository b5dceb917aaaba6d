import type { OpenAction, Reading } from '@homewatt/contract'

/** What the link between device and manufacturer asks of the user. */
export type Connection =
  | { kind: 'ok' }
  /** The link has lapsed. `n` names the action that renews it, `null` when there is none to start. */
  | { kind: 'reconnect'; canStart: boolean; n: number | null }
  | { kind: 'attention'; actions: { n: number; code: 'reauthenticate' | 'other'; canStart: boolean }[] }
  /** The partner does not know the device any more, or its list lacks it; see `presence` of a reading. */
  | { kind: 'gone' }
  | { kind: 'not_reported' }
  /** The partner did not say. Not an alarm. */
  | { kind: 'unknown' }

type Device = {
  is_authenticated: boolean | null
  action_needed: boolean | null
  actions: OpenAction[] | null
  presence?: Reading['presence']
}

/**
 * What a device asks of the user. A lapsed link goes before everything else that is to be done, and what the partner does
 * not say is no alarm.
 */
export function connection(device: Device): Connection {
  if (device.presence) return { kind: device.presence }
  const actions = device.actions ?? []
  if (device.is_authenticated === false) {
    const n = actions.find(({ code, can_start }) => code === 'reauthenticate' && can_start)?.n ?? null
    return { kind: 'reconnect', canStart: n !== null, n }
  }
  if (device.action_needed === true) {
    return {
      kind: 'attention',
      actions: actions.map(({ n, code, can_start }) => ({
        n,
        // Codes of tomorrow get the general words, never an invented flow.
        code: code === 'reauthenticate' ? code : 'other',
        canStart: can_start,
      })),
    }
  }
  return { kind: device.is_authenticated === null ? 'unknown' : 'ok' }
}
