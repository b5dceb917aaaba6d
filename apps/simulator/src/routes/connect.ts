import type { Context } from '../context.ts'
import { page, seeOther, type Answer } from '../http.ts'
import type { Flow } from '../cues.ts'
import type { Call, Route } from '../router.ts'
import { opened } from './cues.ts'

/** The manufacturer's sign-in, as a browser walks through it. Any password will do, except `wrong`. */
export function connectRoutes(context: Context): Route[] {
  return [
    {
      method: 'GET',
      template: '/connect/cues/{cue_id}',
      bearer: false,
      handler: (call) => {
        const { query } = call.request
        const flow = context.cues.start(opened(context, call), {
          successUrl: query.get('success_url'),
          cancelUrl: query.get('cancel_url'),
          language: query.get('language') ?? 'en',
        })
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
          const form = call.request.form()
          if (form.get('decision') === 'cancel') {
            context.cues.finish(flow.cueId, 'fail', call.nowMs)
            return flow.cancelUrl
              ? seeOther(flow.cancelUrl)
              : page(message('Cancelled', `${maker} is still not connected.`))
          }
          if (form.get('password') === 'wrong') return page(signInPage(flow, maker, true), 401)
          context.cues.finish(flow.cueId, 'success', call.nowMs)
          return flow.successUrl
            ? seeOther(flow.successUrl)
            : page(message('Connected', `${maker} is connected again.`))
        }),
    },
  ]
}

function withFlow({ cues }: Context, { params }: Call, then: (flow: Flow, maker: string) => Answer): Answer {
  const flow = cues.flow(params['flow_id'] ?? '')
  const about = flow && cues.deviceOf(flow.cueId)
  if (!flow || !about) return page(message('This link is no longer valid', 'Go back and start again.'), 410)
  return then(flow, about.device.spec.manufacturer)
}

function signInPage(flow: Flow, maker: string, failed: boolean): string {
  const complaint = failed ? '<p role="alert">E-mail or password is wrong.</p>' : ''
  return layout(
    `Connect ${maker}`,
    `<p>Sign in with your ${escape(maker)} account to connect your device again.</p>${complaint}
<form method="post" action="/connect/${flow.id}">
<label>E-mail <input name="email" type="email" autocomplete="username"></label>
<label>Password <input name="password" type="password" autocomplete="current-password"></label>
<button name="decision" value="allow">Sign in and allow</button>
<button name="decision" value="cancel" formnovalidate>Cancel</button>
</form>`,
  )
}

const message = (title: string, text: string) => layout(title, `<p>${escape(text)}</p>`)

function layout(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}
label{display:block;margin:.8rem 0}input{display:block;width:100%;font:inherit;padding:.4rem;box-sizing:border-box}
button{font:inherit;padding:.5rem .9rem;margin:.6rem .4rem 0 0}</style></head>
<body><main><h1>${escape(title)}</h1>${body}</main></body>
</html>`
}

const escape = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
