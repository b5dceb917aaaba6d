import { CueStateRequest, ResolveCueRequest } from '@homewatt/contract'
import * as v from 'valibot'
import { API, type Context } from '../context.ts'
import { HttpError, notFound, ok, unprocessable, type Answer, type Request } from '../http.ts'
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
        const flow = context.cues.start(cueId, { successUrl, cancelUrl, language: language ?? 'en' })
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
export function actionLinks({ cues }: Context, { request, nowMs }: Call): ActionLinks {
  return (home, device, cue) => {
    const secret = cues.secretFor(home, device, cue.id, nowMs)
    if (home.variants.resolutionLink === 'string')
      return `${request.origin}/connect/cues/${cue.id}?secret=${secret}`
    return {
      url: `${request.origin}${API}/cues/${cue.id}/resolve?secret=${secret}`,
      required_parameters: ['successUrl', 'cancelUrl'],
    }
  }
}

/** The action of a call, if its secret is good. Throws 404 for none, 403 for a bad or old secret. */
export function opened({ cues }: Context, { params, request, nowMs }: Call): string {
  const cueId = params['cue_id'] ?? ''
  const check = cues.check(cueId, request.query.get('secret'), nowMs)
  if (check === 'unknown') throw new HttpError(notFound)
  if (check === 'refused') throw new HttpError(forbidden)
  return cueId
}

const forbidden: Answer = { status: 403, json: { detail: 'Forbidden' } }

function parsed<S extends v.GenericSchema>(schema: S, request: Request): v.InferOutput<S> {
  const result = v.safeParse(schema, request.json())
  if (result.success) return result.output
  throw new HttpError(
    unprocessable(
      result.issues.map((issue) => ({
        type: issue.type,
        loc: ['body', ...(issue.path?.map((item) => item.key as string | number) ?? [])],
        msg: issue.message,
      })),
    ),
  )
}
