import { credentialFields, layout, message, wordsIn } from '../connect-page.ts'
import type { Context } from '../context.ts'
import type { Flow } from '../cues.ts'
import { page, seeOther, type Answer } from '../http.ts'
import type { Call, Route } from '../router.ts'

/**
 * The manufacturer's sign-in for a device that is there already, as a browser walks through it. Any password will
 * do, except `wrong`, which is refused, and `fail`, after which the manufacturer gives up.
 */
export function connectRoutes(context: Context): Route[] {
  const { cues } = context
  return [
    {
      method: 'GET',
      template: '/connect/cues/{cue_id}',
      bearer: false,
      handler: (call) => {
        const { query } = call.request
        const cueId = call.params['cue_id'] ?? ''
        if (cues.check(cueId, query.get('secret'), call.nowMs) !== 'open') return tooLate
        const flow = cues.start(
          cueId,
          {
            successUrl: urlIn(query, 'success_url'),
            cancelUrl: urlIn(query, 'cancel_url'),
            language: query.get('language') ?? 'en',
          },
          call.nowMs,
        )
        return seeOther(`/connect/${flow.id}`)
      },
    },
    {
      method: 'GET',
      template: '/connect/{flow_id}',
      bearer: false,
      handler: (call) => withFlow(context, call, (flow, maker) => page(signInPage(flow, maker, false))),
    },
    {
      method: 'POST',
      template: '/connect/{flow_id}',
      bearer: false,
      handler: (call) =>
        withFlow(context, call, (flow, maker) => {
          const w = wordsIn(flow.language)
          const form = call.request.form()
          const password = form.get('password')
          const told = (url: string | null, title: string, text: string) =>
            url === null ? page(message(title, text, flow.language)) : seeOther(url)
          if (form.get('decision') === 'cancel' || password === 'fail') {
            cues.end(flow, 'fail', call.nowMs)
            return told(flow.cancelUrl, w.cancelled, w.stillNot(maker))
          }
          if (password === 'wrong') return page(signInPage(flow, maker, true), 401)
          cues.end(flow, 'success', call.nowMs)
          return told(flow.successUrl, w.connected, w.connectedAgain(maker))
        }),
    },
  ]
}

function withFlow(
  { cues }: Context,
  { params, nowMs }: Call,
  then: (flow: Flow, maker: string) => Answer,
): Answer {
  const flow = cues.flow(params['flow_id'] ?? '', nowMs)
  return flow ? then(flow, flow.device.spec.manufacturer) : tooLate
}

const tooLate = page(message(wordsIn('en').invalid, wordsIn('en').startAgain), 410)

function urlIn(query: URLSearchParams, name: string): string | null {
  const url = query.get(name)
  return url !== null && URL.canParse(url) ? url : null
}

function signInPage(flow: Flow, maker: string, failed: boolean): string {
  const w = wordsIn(flow.language)
  return layout(
    w.connect(maker),
    `<p>${w.again(maker)}</p>
<form method="post" action="/connect/${flow.id}">${credentialFields(w, failed ? w.refused : null)}
<button name="decision" value="allow">${w.signInAndAllow}</button>
<button name="decision" value="cancel" formnovalidate>${w.cancel}</button>
</form>`,
    flow.language,
  )
}
