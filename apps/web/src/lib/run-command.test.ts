import { createGatewayApi, GatewayFailure } from '@homewatt/queries'
import { words } from '@homewatt/ui/words/en'
import { expect, test } from 'vitest'
import { runCommand, type Command } from './run-command.ts'

/** What a form comes to when the gateway answers like this; `null` is no answer. */
function run(command: Command, status: number | null, answer: unknown) {
  const api = createGatewayApi({
    fetch: async () => {
      if (status === null) throw new TypeError('fetch failed')
      return Response.json(answer, { status })
    },
  })
  const fields = new FormData()
  fields.set('type', 'electric-vehicles')
  fields.set('id', 'ev-1')
  return runCommand(api, command, fields, words)
}

const failure = (code: string, more = {}) => ({ error: { code, message: '', ...more } })

test.each<[string, Command, number | null, unknown, boolean, string]>([
  ['a boost that starts leaves the word to the button', 'boost', 200, { outcome: 'requested' }, true, ''],
  ['armed', 'boost', 200, { outcome: 'armed' }, true, words.charging.armed],
  ['undone', 'cancelBoost', 200, { outcome: 'disarmed' }, true, words.charging.disarmed],
  ['in doubt', 'boost', 200, { outcome: 'unconfirmed' }, false, words.charging.unconfirmed],
  [
    'full',
    'boost',
    409,
    failure('boost_refused', { reason: 'fully_charged' }),
    false,
    'The vehicle is full.',
  ],
  [
    'a reason of tomorrow',
    'boost',
    409,
    failure('boost_refused', { reason: null }),
    false,
    words.display.refusal.unknown,
  ],
  ['too soon', 'boost', 429, failure('too_many_requests'), false, words.charging.tooSoon],
  ['nobody there', 'boost', null, null, false, words.charging.failed],
  ['no link to follow', 'resolve', 409, failure('action_unavailable'), false, words.attention.unavailable],
  ['refreshing failed', 'refresh', 503, failure('partner_unavailable'), false, words.refresh.failed],
])('%s', async (_case, command, status, answer, good, text) => {
  expect(await run(command, status, answer)).toMatchObject({ good, text })
})

test('an action ends at the page that the gateway names, and says where that is', async () => {
  const redirect_url = 'https://maker.example/sign-in'
  expect(await run('resolve', 200, { redirect_url })).toMatchObject({
    good: true,
    text: 'On to maker.example…',
    redirectUrl: redirect_url,
  })
})

test('a session that is over is for the caller to deal with', async () => {
  await expect(run('boost', 401, failure('not_signed_in'))).rejects.toThrow(GatewayFailure)
})
