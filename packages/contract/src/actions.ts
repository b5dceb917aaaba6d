import * as v from 'valibot'
import { text, uuid } from './fields.ts'

/**
 * How an action is resolved, §12 and §20 C1: a URL to send the user to, or an object whose `url` our backend has
 * to POST (`POST /cues/{cue_id}/resolve?secret=…`), which answers with a `redirect_url`. A credential in both
 * forms: it carries a signed secret, valid for one hour, and never reaches a browser before it is used.
 */
export const ResolutionLink = v.union([
  v.pipe(v.string(), v.minLength(1), v.maxLength(8000)),
  v.object({
    url: v.pipe(v.string(), v.minLength(1), v.maxLength(8000)),
    required_parameters: v.fallback(v.array(text(100)), []),
  }),
])
export type ResolutionLink = v.InferOutput<typeof ResolutionLink>

/** Something the partner asks of the user. `reauthenticate` is the only documented code; others may come. */
export const Action = v.object({
  code: v.fallback(text(32), ''),
  resolution_link: v.fallback(v.nullish(ResolutionLink, null), null),
})
export type Action = v.InferOutput<typeof Action>

/** Body of `POST /cues/{cue_id}/resolve` for `reauthenticate`. camelCase, unlike everything else (§20 C17). */
export const ResolveCueRequest = v.object({
  successUrl: v.pipe(v.string(), v.url()),
  cancelUrl: v.pipe(v.string(), v.url()),
  language: v.optional(v.nullable(v.string())),
  location: v.optional(v.record(v.string(), v.unknown())),
  clientInfo: v.optional(v.record(v.string(), v.unknown())),
})
export type ResolveCueRequest = v.InferOutput<typeof ResolveCueRequest>

export const ResolveCueAnswer = v.object({ redirect_url: v.string() })
export type ResolveCueAnswer = v.InferOutput<typeof ResolveCueAnswer>

/** Body of `POST /cues/{cue_id}/state`. snake_case. */
export const CueStateRequest = v.object({
  state: v.picklist(['success', 'fail']),
  payload: v.optional(v.record(v.string(), v.unknown())),
  location: v.optional(v.record(v.string(), v.unknown())),
  client_info: v.optional(v.record(v.string(), v.unknown())),
})
export type CueStateRequest = v.InferOutput<typeof CueStateRequest>

export const CueStateAnswer = v.object({ action_id: uuid })
export type CueStateAnswer = v.InferOutput<typeof CueStateAnswer>
