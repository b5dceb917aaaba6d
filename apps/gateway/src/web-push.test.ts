import { createECDH, createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { isPrivate } from './private-networks.ts'
import { createPushSender } from './push-sender.ts'
import { areVapidKeys, arePushKeys, encrypted, makeVapidKeys, pushRequest } from './web-push.ts'

const browser = {
  p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
  auth: 'BTBZMqHH6r4Tts7J_aSIgg',
}

test('a message is encrypted as in the example of RFC 8291', () => {
  const sender = createECDH('prime256v1')
  sender.setPrivateKey(Buffer.from('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url'))
  const salt = Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url')
  const message = Buffer.from('When I grow up, I want to be a watermelon')
  expect(encrypted(message, browser, sender, salt).toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  )
})

test('a request is signed for the push service it goes to', () => {
  const keys = makeVapidKeys()
  expect(areVapidKeys(keys)).toBe(true)
  const { headers } = pushRequest({ endpoint: 'https://fcm.googleapis.com/fcm/send/x', ...browser }, '{}', {
    keys,
    subject: 'https://energy.example.com',
    ttlS: 60,
    topic: 'topic',
    nowMs: Date.parse('2026-06-21T10:00:00Z'),
  })
  const [, token = '', key] = /^vapid t=(.+), k=(.+)$/.exec(headers['authorization'] ?? '') ?? []
  expect(key).toBe(keys.publicKey)
  const [head = '', claims = '', signature = ''] = token.split('.')
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({
    aud: 'https://fcm.googleapis.com',
    exp: Date.parse('2026-06-21T22:00:00Z') / 1000,
    sub: 'https://energy.example.com',
  })
  const point = Buffer.from(keys.publicKey, 'base64url')
  const x = point.subarray(1, 33).toString('base64url')
  const y = point.subarray(33).toString('base64url')
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } })
  const isSigned = verify(
    'SHA256',
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  expect(isSigned).toBe(true)
})

test('keys that are no point on the curve are refused before anything is sent', () => {
  expect(arePushKeys(browser)).toBe(true)
  expect(arePushKeys({ ...browser, p256dh: `B${'A'.repeat(86)}` })).toBe(false)
  expect(arePushKeys({ ...browser, auth: 'AAAA' })).toBe(false)
})

test.each([
  'https://fcm.googleapis.com/fcm/send/abc',
  'https://updates.push.services.mozilla.com/wpush/v2/abc',
  'https://wns2-par02p.notify.windows.com/w/?token=abc',
  'https://web.push.apple.com/abc',
])('%s is a push service', (endpoint) => {
  expect(createPushSender().isKnown(endpoint)).toBe(true)
})

test.each([
  'http://fcm.googleapis.com/x',
  'https://fcm.googleapis.com:8443/x',
  'https://user@fcm.googleapis.com/x',
  'https://fcm.googleapis.com.example.com/x',
  'https://evil-notify.windows.com.example/x',
  'https://evilpush.apple.com/x',
  'https://127.0.0.1/x',
  'https://[::1]/x',
  'https://169.254.169.254/latest/meta-data',
  'https://localhost/x',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'nothing',
])('%s is none, and nobody knocks there', async (endpoint) => {
  const sender = createPushSender()
  expect(sender.isKnown(endpoint)).toBe(false)
  expect(await sender.send({ url: endpoint, headers: {}, body: Buffer.alloc(0) })).toEqual({ kind: 'gone' })
})

test('addresses inside a network are known as such, in every spelling', () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '172.20.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '0.0.0.0',
    '100.64.0.1',
    '::1',
    '::',
    'fd00::1',
    'fe80::1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
  ])
    // prettier-ignore
    expect([address, isPrivate(address)]).toEqual([address, true])
  for (const address of ['142.250.185.74', '2a00:1450:4001:82a::200a', '172.32.0.1'])
    expect([address, isPrivate(address)]).toEqual([address, false])
})
