import { ResolveCueAnswer, type CueStateRequest, type ResolveCueRequest } from '@homewatt/contract'
import * as v from 'valibot'
import { PartnerUnavailable } from './errors.ts'
import { isUuid } from './path.ts'
import type { CallOptions, Send } from './request.ts'

/** What has to be known to start an action: its id and the signed secret, a credential good for an hour. */
export type ActionTarget = { cueId: string; secret: string }

/**
 * Takes id and secret out of a resolution link, `…/cues/{id}/resolve?secret=…`; `null` when it is none. The link
 * itself is never called: the request goes to our own base, whatever host an answer names.
 */
export function cueOf(link: string): ActionTarget | null {
  if (!URL.canParse(link)) return null
  const url = new URL(link)
  const cueId = /\/cues\/([^/]+)\/resolve\/?$/.exec(url.pathname)?.[1]
  const secret = url.searchParams.get('secret')
  return cueId && isUuid(cueId) && secret ? { cueId, secret } : null
}

/**
 * Starts an action. Resolves to where the user has to go, unchecked. Rejects with `NotFound` when the action is
 * over or its secret has expired.
 */
export async function resolveAction(
  send: Send,
  { cueId, secret }: ActionTarget,
  body: ResolveCueRequest,
  options?: CallOptions,
): Promise<string> {
  const { value } = await send(
    { method: 'POST', route: '/cues/{}/resolve', ids: [cueId], query: { secret }, body, wantsJson: true },
    { priority: 'command', ...options },
  )
  const read = v.safeParse(ResolveCueAnswer, value)
  if (!read.success) throw new PartnerUnavailable('bad_shape')
  return read.output.redirect_url
}

/**
 * Says how an action ended that was started, §12.3. Rejects with `NotFound` when it is not under way any more.
 */
export async function reportAction(
  send: Send,
  { cueId, secret }: ActionTarget,
  state: CueStateRequest['state'],
  options?: CallOptions,
): Promise<void> {
  const body = { state } satisfies CueStateRequest
  await send(
    { method: 'POST', route: '/cues/{}/state', ids: [cueId], query: { secret }, body, wantsJson: true },
    { priority: 'command', ...options },
  )
}
