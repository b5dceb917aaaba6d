import { CueStateRequest, ResolveCueRequest } from '@homewatt/contract'
import { parsed } from '../body.ts'
import { API, type Context } from '../context.ts'
import { HttpError, notFound, ok } from '../http.ts'
import { forbidden } from '../rights.ts'
import type { Call, Route } from '../router.ts'
import type { ActionLinks } from '../wire.ts'

/** Starting an action and reporting how it ended, §12 of the reference. */
export function cueRoutes(context: Context): Route[] {
  return [
    {
      method: 'POST',
      template: `${API}/cues/{cue_id}/resolve`,
      bearer: true,
      handler: (call) => {
        const cueId = opened(context, call)
        const { successUrl, cancelUrl, language } = parsed(ResolveCueRequest, call.request)
        const flow = context.cues.start(
          cueId,
          { successUrl, cancelUrl, language: language ?? 'en' },
          call.nowMs,
        )
        return ok({ redirect_url: `${call.request.origin}/connect/${flow.id}` })
      },
    },
    {
      // The signed secret alone authorises this one; no bearer is documented.
      method: 'POST',
      template: `${API}/cues/{cue_id}/state`,
      bearer: false,
      handler: (call) => {
        const cueId = opened(context, call)
        const { state } = parsed(CueStateRequest, call.request)
        return context.cues.finish(cueId, state, call.nowMs) ? ok({ action_id: cueId }) : notFound
      },
    },
  ]
}

/** Links to actions in either documented form, as the home's variant says. */
export function actionLinks({ cues, variants }: Context, { request, nowMs, fault }: Call): ActionLinks {
  const lifeS = fault?.kind === 'secret_expire' ? fault.after_s : undefined
  return (home, device, cue) => {
    const secret = cues.secretFor(home, device, cue.id, nowMs, lifeS)
    const { resolution_link, reconnect } = variants.of(home.name)
    if (resolution_link === 'string' || reconnect === 'authorization_url')
      return `${request.origin}/connect/cues/${cue.id}?secret=${secret}`
    return {
      url: `${request.origin}${API}/cues/${cue.id}/resolve?secret=${secret}`,
      required_parameters: ['successUrl', 'cancelUrl'],
    }
  }
}

/** The action of a call, if its secret is good. Throws 404 for none, 403 for a bad or old secret. */
function opened({ cues }: Context, { params, request, nowMs }: Call): string {
  const cueId = params['cue_id'] ?? ''
  const check = cues.check(cueId, request.query.get('secret'), nowMs)
  if (check === 'unknown') throw new HttpError(notFound)
  if (check === 'refused') throw new HttpError(forbidden)
  return cueId
}
