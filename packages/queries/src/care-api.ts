import type {
  AwayAnswer,
  AwayWish,
  EmailOutcome,
  NoticeList,
  NoticeSettings,
  NoticeSettingsAnswer,
  NoticesUnread,
  PushKey,
  PushSubscriptionKnown,
  PushSubscriptionWish,
} from '@homewatt/contract'
import { createCall, type Options } from './call.ts'

/**
 * Times away, and what people are told of. Apart from `GatewayApi`, so that a page that only watches does not carry it.
 */
export type CareApi = {
  away(options?: Options): Promise<AwayAnswer>
  goAway(wish: AwayWish, options?: Options): Promise<AwayAnswer>
  endAway(options?: Options): Promise<AwayAnswer>
  /** @param before `next` of the list that this one goes on from */
  notices(before?: string, options?: Options): Promise<NoticeList>
  unread(options?: Options): Promise<NoticesUnread>
  markRead(until: string, options?: Options): Promise<NoticesUnread>
  noticeSettings(options?: Options): Promise<NoticeSettingsAnswer>
  saveNoticeSettings(settings: NoticeSettings, options?: Options): Promise<NoticeSettingsAnswer>
  wantEmail(address: string, options?: Options): Promise<EmailOutcome>
  confirmEmail(code: string, options?: Options): Promise<EmailOutcome>
  removeEmail(options?: Options): Promise<EmailOutcome>
  /** By the link in a mail; needs no session. */
  unsubscribe(token: string): Promise<void>
  pushKey(options?: Options): Promise<PushKey>
  subscribe(subscription: PushSubscriptionWish, options?: Options): Promise<void>
  /** Whether messages still go there: a push service may have ended that. */
  knowsBrowser(endpoint: string, options?: Options): Promise<PushSubscriptionKnown>
  unsubscribeBrowser(endpoint: string, options?: Options): Promise<void>
}

/** Typed calls over `fetch`, as `createGatewayApi`. */
export function createCareApi({
  fetch,
  base = '',
}: {
  fetch: typeof globalThis.fetch
  base?: string
}): CareApi {
  const call = createCall({ fetch, base })

  return {
    away: (options) => call('GET', '/api/away', options) as Promise<AwayAnswer>,
    goAway: (wish, options) => call('PUT', '/api/away', options, wish) as Promise<AwayAnswer>,
    endAway: (options) => call('DELETE', '/api/away', options) as Promise<AwayAnswer>,
    notices: (before, options) =>
      call(
        'GET',
        before === undefined ? '/api/notices' : `/api/notices?before=${encodeURIComponent(before)}`,
        options,
      ) as Promise<NoticeList>,
    unread: (options) => call('GET', '/api/notices/unread', options) as Promise<NoticesUnread>,
    markRead: (until, options) =>
      call('POST', '/api/notices/read', options, { until }) as Promise<NoticesUnread>,
    noticeSettings: (options) =>
      call('GET', '/api/notices/settings', options) as Promise<NoticeSettingsAnswer>,
    saveNoticeSettings: (settings, options) =>
      call('PUT', '/api/notices/settings', options, settings) as Promise<NoticeSettingsAnswer>,
    wantEmail: (address, options) =>
      call('PUT', '/api/notices/email', options, { address }) as Promise<EmailOutcome>,
    confirmEmail: (code, options) =>
      call('POST', '/api/notices/email/confirm', options, { code }) as Promise<EmailOutcome>,
    removeEmail: (options) => call('DELETE', '/api/notices/email', options) as Promise<EmailOutcome>,
    async unsubscribe(token) {
      await fetch(`${base}/api/notices/unsubscribe?token=${encodeURIComponent(token)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'List-Unsubscribe=One-Click',
      })
    },
    pushKey: (options) => call('GET', '/api/push/key', options) as Promise<PushKey>,
    subscribe: async (subscription, options) =>
      void (await call('PUT', '/api/push/subscription', options, subscription)),
    knowsBrowser: (endpoint, options) =>
      call('POST', '/api/push/subscription/known', options, { endpoint }) as Promise<PushSubscriptionKnown>,
    unsubscribeBrowser: async (endpoint, options) =>
      void (await call('DELETE', '/api/push/subscription', options, { endpoint })),
  }
}
