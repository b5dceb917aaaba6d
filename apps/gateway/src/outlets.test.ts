import { expect, test } from 'vitest'
import { readOutlets } from './outlets.ts'
import { makeVapidKeys } from './web-push.ts'

test('without settings no mail is sent, and push makes keys of its own', () => {
  expect(readOutlets({})).toEqual({ mail: null, vapid: null })
})

test('mail and keys as they are set', () => {
  const { publicKey, privateKey } = makeVapidKeys()
  const env = {
    SMTP_URL: 'smtps://user:pass@mail.example.com',
    SMTP_FROM: 'Homewatt <home@example.com>',
    VAPID_PUBLIC_KEY: publicKey,
    VAPID_PRIVATE_KEY: privateKey,
  }
  expect(readOutlets(env)).toEqual({
    mail: { url: env.SMTP_URL, from: env.SMTP_FROM },
    vapid: { publicKey, privateKey },
  })
})

test.each([
  [{ SMTP_URL: 'smtp://mail.example.com' }, /belong together/],
  [{ SMTP_URL: 'https://mail.example.com', SMTP_FROM: 'a@b.example' }, /SMTP_URL must look like/],
  [{ SMTP_URL: 'smtp://mail.example.com', SMTP_FROM: 'nobody' }, /SMTP_FROM must be an address/],
  [{ SMTP_URL: 'smtp://mail.example.com', SMTP_FROM: 'a@b.example\r\nBcc: c@d.example' }, /SMTP_FROM must/],
  [{ VAPID_PUBLIC_KEY: 'abc' }, /pair of P-256 keys/],
  [{ VAPID_PUBLIC_KEY: makeVapidKeys().publicKey, VAPID_PRIVATE_KEY: makeVapidKeys().privateKey }, /pair of/],
])('%j is refused in a sentence', (env, sentence) => {
  expect(() => readOutlets(env)).toThrow(sentence)
})
