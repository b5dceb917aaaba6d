import type { Capability } from '@homewatt/contract'

/** What the pages of a home belong to, by the ids of their routes; `null`: they are always there. */
export const pageCapabilities: Readonly<Record<string, Capability | null>> = {
  '/(home)': null,
  '/(home)/[type=device]/[id]': null,
  // Made of several; see `settingsOffer`.
  '/(home)/[type=device]/[id]/settings': null,
  '/(home)/[type=device]/[id]/plan': 'weeklyPlan',
  '/(home)/actions/return': 'reconnect',
  '/(home)/connect': 'connect',
  '/(home)/connect/return': 'connect',
  '/(home)/notices': 'notices',
  '/(home)/settings': null,
  '/(home)/settings/activity': null,
  '/(home)/settings/away': 'away',
  '/(home)/settings/charging': 'chargingMode',
  '/(home)/settings/contract': 'contract',
  '/(home)/settings/contract/[id]': 'contract',
  '/(home)/settings/history': 'history',
  '/(home)/settings/home': 'building',
  '/(home)/settings/home/[id]': 'building',
  '/(home)/settings/notices': 'notices',
  '/(home)/settings/sessions': null,
}

/** Whether there is such a page; one that was not decided on is not there for anybody. */
export function isPageThere(routeId: string | null, switchedOff: readonly Capability[]): boolean {
  const capability = pageCapabilities[routeId ?? '']
  return capability === null || (capability !== undefined && !switchedOff.includes(capability))
}
