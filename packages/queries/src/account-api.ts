import type { AuditTrail, HistorySettings, HistoryState, SessionList } from '@homewatt/contract'
import { createCall, type Options } from './call.ts'

/**
 * What was done in a person's name, where the person is signed in, and what is kept. Apart from `GatewayApi`, so that a
 * page that only watches does not carry it.
 */
export type AccountApi = {
  sessions(options?: Options): Promise<SessionList>
  endSession(id: string, options?: Options): Promise<void>
  /** Ends all but the one that asks. */
  endOtherSessions(options?: Options): Promise<void>
  /** @param before `next` of the list that this one goes on from */
  audit(before?: string, options?: Options): Promise<AuditTrail>
  historySettings(options?: Options): Promise<HistoryState>
  saveHistorySettings(settings: HistorySettings, options?: Options): Promise<HistorySettings>
  deleteHistory(options?: Options): Promise<void>
}

/** Typed calls over `fetch`, as `createGatewayApi`. */
export function createAccountApi({
  fetch,
  base = '',
}: {
  fetch: typeof globalThis.fetch
  base?: string
}): AccountApi {
  const call = createCall({ fetch, base })

  return {
    sessions: (options) => call('GET', '/api/sessions', options) as Promise<SessionList>,
    endSession: async (id, options) =>
      void (await call('DELETE', `/api/sessions/${encodeURIComponent(id)}`, options)),
    endOtherSessions: async (options) => void (await call('DELETE', '/api/sessions', options)),
    audit: (before, options) =>
      call(
        'GET',
        before === undefined ? '/api/audit' : `/api/audit?before=${encodeURIComponent(before)}`,
        options,
      ) as Promise<AuditTrail>,
    historySettings: (options) => call('GET', '/api/history/settings', options) as Promise<HistoryState>,
    saveHistorySettings: (settings, options) =>
      call('PUT', '/api/history/settings', options, settings) as Promise<HistorySettings>,
    deleteHistory: async (options) => void (await call('DELETE', '/api/history', options)),
  }
}
