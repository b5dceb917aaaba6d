import {
  cueOf,
  Forbidden,
  InvalidRequest,
  NotFound,
  type ActionTarget,
  type PartnerClient,
  type PartnerDevice,
} from '@homewatt/client'
import type { DeviceType, OpenAction } from '@homewatt/contract'
import type { CommandLimits } from './command-limits.ts'
import type { ActionReports } from './action-reports.ts'
import type { DeviceRefusals } from './device-refusals.ts'
import { actionUnavailable } from './errors.ts'
import type { Home } from './homes.ts'
import type { LinkCheck } from './links.ts'
import type { Poller } from './poller.ts'

/**
 * Starts what the partner asks of the user. Resolves to a checked URL to send the browser to.
 *
 * @param byMs when that has to be known, as `Time.monotonicMs`
 */
export type StartAction = (
  home: Home,
  action: { type: DeviceType; id: string; n: number },
  language: 'en' | 'de',
  byMs: number,
) => Promise<string>

/** Some of the time is for starting it. */
const LOOK = { priority: 'command', deadlineMs: 4_000 } as const

/**
 * Links are credentials and live for an hour, so none is kept: the device is read again at the moment somebody
 * wants to follow one. Rejects with `action_unavailable` when there is nothing that may be followed.
 */
export function createStartAction({
  client,
  poller,
  limits,
  checkLink,
  publicUrl,
  reports,
  refusals,
}: {
  client: PartnerClient
  poller: Poller
  limits: CommandLimits
  checkLink: LinkCheck
  publicUrl: URL
  reports: Pick<ActionReports, 'started'>
  refusals: DeviceRefusals
}): StartAction {
  /** Tells the page that people come back to what they come back from: any word of it may be theirs, and none is secret. */
  const returnUrl = (result: 'success' | 'cancel', type: DeviceType, id: string) => {
    const since = String(Date.parse(poller.moment().at))
    const search = new URLSearchParams({ result, type, id, since })
    return new URL(`/actions/return?${search}`, publicUrl).href
  }

  return async (home, { type, id: deviceId, n }, language, byMs) => {
    limits.admit(home.key, `${home.key}/${deviceId}`)
    const { value: device } = await refusals.unlessRefused({ home, type, id: deviceId }, () =>
      client.device(type, home.userId, deviceId, { ...LOOK, byMs }),
    )
    const step = stepOf(device.actions?.[n])
    if (!step) throw actionUnavailable()
    const link =
      'goTo' in step
        ? step.goTo
        : await client
            .resolveAction(
              step.resolve,
              {
                successUrl: returnUrl('success', type, deviceId),
                cancelUrl: returnUrl('cancel', type, deviceId),
                language,
              },
              { byMs },
            )
            .catch((error: unknown) => {
              // The secret has run out (403, §12.2), or somebody else just finished the action.
              if ([Forbidden, NotFound, InvalidRequest].some((kind) => error instanceof kind))
                throw actionUnavailable()
              throw error
            })
    const checked = checkLink(link)
    if (checked === null) throw actionUnavailable()
    if ('resolve' in step)
      reports.started(home, type, deviceId, {
        target: step.resolve,
        wasLapsed: device.is_authenticated !== true,
      })
    poller.follow(home, deviceId, 'reconnect')
    return checked
  }
}

/**
 * A device's actions as a browser may see them: what they are, and whether they can be started.
 *
 * @param checkLink `null` where nobody may start any
 */
export function openActions(device: PartnerDevice, checkLink: LinkCheck | null): OpenAction[] {
  return (device.actions ?? []).map((action, n) => {
    const step = stepOf(action)
    return {
      n,
      code: action.code === 'reauthenticate' ? 'reauthenticate' : 'other',
      can_start: checkLink !== null && step !== null && (!('goTo' in step) || checkLink(step.goTo) !== null),
    }
  })
}

type PartnerAction = NonNullable<PartnerDevice['actions']>[number]
type Step = { goTo: string } | { resolve: ActionTarget }

/** What we can send when an action is started, in lower case without underscores: pages of the partner vary. */
const sendable = new Set(['successurl', 'cancelurl', 'language'])

/** What a link asks for: to go there, or to be started by us. `null` when it is neither, or asks for too much. */
function stepOf(action: PartnerAction | undefined): Step | null {
  const link = action?.resolution_link
  if (!link) return null
  if (typeof link === 'string') return { goTo: link }
  // The body to send is documented for this one code only.
  if (action.code !== 'reauthenticate') return null
  if (!link.required_parameters.every((name) => sendable.has(name.toLowerCase().replaceAll('_', ''))))
    return null
  const target = cueOf(link.url)
  return target && { resolve: target }
}
