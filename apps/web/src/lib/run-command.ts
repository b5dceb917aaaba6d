import type { BoostAnswer, DeviceType } from '@homewatt/contract'
import { GatewayFailure, type BoostType, type GatewayApi } from '@homewatt/queries'
import { formKey, type Outcome } from '@homewatt/ui'
import type { Words } from '@homewatt/ui/words'

/** The forms of the pages, by the names of their actions. */
export const commands = ['boost', 'cancelBoost', 'resolve', 'refresh'] as const
export type Command = (typeof commands)[number]

/**
 * Carries out what a form asks for, in the browser or, without script, on the server, and says how it ended.
 * Rejects only when the session is over (`not_signed_in`), for then there is nothing to say but to sign in.
 */
export async function runCommand(
  api: GatewayApi,
  command: Command,
  fields: FormData,
  words: Words,
): Promise<Outcome> {
  const id = String(fields.get('id') ?? '')
  const key = formKey(command, id)
  try {
    switch (command) {
      case 'boost':
        return { key, ...said(await api.boost(boostType(fields), id), words) }
      case 'cancelBoost':
        return { key, ...said(await api.cancelBoost(boostType(fields), id), words) }
      case 'resolve': {
        const type = String(fields.get('type')) as DeviceType
        const { redirect_url } = await api.startAction(type, id, Number(fields.get('n')))
        return {
          key,
          good: true,
          text: words.attention.opening(new URL(redirect_url).host),
          redirectUrl: redirect_url,
        }
      }
      case 'refresh':
        await api.refresh()
        return { key, good: true, text: words.refresh.done }
    }
  } catch (error) {
    if (error instanceof GatewayFailure && error.code === 'not_signed_in') throw error
    return { key, good: false, text: refusal(error, command, words) }
  }
}

const boostType = (fields: FormData) => String(fields.get('type')) as BoostType

function said({ outcome }: BoostAnswer, { charging }: Words): { good: boolean; text: string } {
  switch (outcome) {
    case 'requested':
      // The button says it already.
      return { good: true, text: '' }
    case 'armed':
    case 'disarmed':
    case 'cancelled':
      return { good: true, text: charging[outcome] }
    default:
      return { good: false, text: charging.unconfirmed }
  }
}

function refusal(error: unknown, command: Command, words: Words): string {
  if (command === 'refresh') return words.refresh.failed
  if (!(error instanceof GatewayFailure)) return words.charging.failed
  switch (error.code) {
    case 'boost_refused':
      return words.display.refusal[error.reason ?? 'unknown'] ?? words.display.refusal.unknown
    case 'too_many_requests':
      return words.charging.tooSoon
    case 'not_allowed':
      return words.display.problem.forbidden
    case 'action_unavailable':
      return words.attention.unavailable
    default:
      return words.charging.failed
  }
}
