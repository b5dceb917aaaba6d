import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  NoticeList,
  NoticeSettingsAnswer,
  usualNoticeSettings,
  type EmailOutcome,
  type NoticeKind,
} from '@homewatt/contract'
import * as v from 'valibot'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { openMailServer, type MailServer } from './mail-server.test-support.ts'
import { openPushService, type PushService } from './push-service.test-support.ts'

const minutes = (n: number) => n * 60_000
const hours = (n: number) => n * 3_600_000
const sessionLife = { idleMs: hours(1_000), absoluteMs: hours(1_000) }
const history = { keptMonths: 25, roundMs: minutes(15) }

let directory: string
let house: House
let mail: MailServer
let push: PushService
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  mail = await openMailServer()
  push = await openPushService()
  house = await open()
})
afterEach(async () => {
  await house.close()
  await mail.close()
  await push.close()
  rmSync(directory, { recursive: true })
})

const storeFile = () => join(directory, 'store.sqlite')
const open = (start?: Date) =>
  openHouse({
    storeFile: storeFile(),
    sessionLife,
    history,
    outlets: { mailer: mail.mailer, vapid: null, pushOrigins: [push.origin] },
    ...(start ? { start } : {}),
  })

const list = async (person: Person) => v.parse(NoticeList, await (await person.get('/api/notices')).json())
const kinds = async (person: Person) => (await list(person)).notices.map(({ kind }) => kind).reverse()
const settings = async (person: Person) =>
  v.parse(NoticeSettingsAnswer, await (await person.get('/api/notices/settings')).json())
const outcome = async (answer: Response) => ((await answer.json()) as EmailOutcome).outcome

/** Lets what was set in motion over sockets come to rest, without time passing for the house. */
async function settled(isSo: () => boolean) {
  for (let turn = 0; turn < 500 && !isSo(); turn++) await new Promise((resolve) => setTimeout(resolve, 10))
  await house.time.advance(0)
}

async function subscribe(person: Person) {
  expect((await person.send('PUT', '/api/push/subscription', push.subscription)).status).toBe(204)
}

async function confirmMail(person: Person, address = 'anna@example.com') {
  expect(await outcome(await person.send('PUT', '/api/notices/email', { address }))).toBe('code_sent')
  const code = /\b(\d{6})\b/.exec(mail.received.at(-1)?.split('\r\n\r\n').slice(1).join() ?? '')?.[1]
  expect(await outcome(await person.send('POST', '/api/notices/email/confirm', { code }))).toBe('confirmed')
}

/** The link of this home's first device of a type lapses, or works again, and the gateway has seen it. */
async function link(name: string, type: string, isThere: boolean) {
  await house.control('POST', `/homes/${name}/devices/${type}`, { authenticated: isThere })
  await house.time.advance(minutes(20))
}

test('a link that lapses is told once, over mail and push, and that it works again too', async () => {
  const person = await house.signIn('solar')
  await subscribe(person)
  await confirmMail(person)
  await house.time.advance(minutes(20))
  mail.received.length = 0

  await link('solar', 'inverters', false)
  await settled(() => push.received.length > 0 && mail.received.length > 0)
  await link('solar', 'inverters', true)
  await settled(() => push.received.length > 1 && mail.received.length > 1)
  await house.time.advance(hours(1))

  expect(await kinds(person)).toEqual<NoticeKind[]>(['disconnected', 'repaired'])
  expect(push.received.map(({ message }) => message['title'])).toEqual([
    'Fronius Symo GEN24 10.0 Plus has to be reconnected',
    'Fronius Symo GEN24 10.0 Plus is connected again',
  ])
  // What there is to do is on the page of the device.
  const page = `/inverters/${await person.deviceId('inverters')}`
  expect(push.received.map(({ message }) => message['url'])).toEqual([page, page])
  expect(mail.received[0]).toContain(`http://localhost:3000${page}`)
  // On the lock screen the second takes the place of the first.
  expect(new Set(push.received.map(({ message }) => message['tag'])).size).toBe(1)
  expect(push.received[0]?.headers).toMatchObject({ 'content-encoding': 'aes128gcm', urgency: 'normal' })
  expect(mail.received).toHaveLength(2)
  expect(mail.received[0]).toMatch(/^Subject: Fronius Symo GEN24 10.0 Plus has to be reconnected/m)
  expect(mail.received[0]).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m)
  expect((await list(person)).unread).toBe(2)
})

test('what was read is read, and only by the person whose it is', async () => {
  const person = await house.signIn('solar')
  const neighbour = await house.signIn('full')
  await person.home()
  await link('solar', 'inverters', false)
  const { notices, unread } = await list(person)
  expect(unread).toBe(1)
  expect((await list(neighbour)).notices).toEqual([])
  await neighbour.send('POST', '/api/notices/read', { until: notices[0]?.at })
  expect((await list(person)).unread).toBe(1)
  await person.send('POST', '/api/notices/read', { until: notices[0]?.at })
  expect((await list(person)).unread).toBe(0)
})

test('in quiet hours nothing is sent; after them what is still true is, as one message', async () => {
  const person = await house.signIn('full')
  await subscribe(person)
  await person.home()
  // 23:00 in Berlin; the usual quiet hours are from 22:00 to 07:00.
  await house.time.advance(hours(11))
  push.received.length = 0
  await link('full', 'inverters', false)
  await link('full', 'inverters', true)
  await link('full', 'heat-pumps', false)
  await link('full', 'wallboxes', false)
  await house.time.advance(hours(1))
  expect(push.received).toEqual([])
  const told = (await kinds(person)).filter((kind) => kind === 'disconnected' || kind === 'repaired')
  expect(told).toEqual(['disconnected', 'repaired', 'disconnected', 'disconnected'])
  await house.time.advance(hours(6) + minutes(30))
  await settled(() => push.received.length > 0)
  expect(push.received).toHaveLength(1)
  const { title, body } = push.received[0]?.message ?? {}
  expect(title).toMatch(/messages from your home$/)
  expect(body).not.toContain('Fronius')
  expect(String(body).match(/has to be reconnected/g)).toHaveLength(2)
})

test('what is switched off is in the list and nowhere else', async () => {
  const person = await house.signIn('solar')
  await subscribe(person)
  await person.home()
  const topics = { ...usualNoticeSettings.topics, connection: false }
  await person.send('PUT', '/api/notices/settings', { topics, quiet: null })
  expect((await settings(person)).settings).toEqual({ topics, quiet: null })
  await link('solar', 'inverters', false)
  await house.time.advance(minutes(5))
  expect(await kinds(person)).toEqual(['disconnected'])
  expect(push.received).toEqual([])
})

test('while the mail server is down nothing is lost, the person is told, and it comes when it is back, once', async () => {
  const person = await house.signIn('solar')
  await confirmMail(person)
  await person.home()
  mail.received.length = 0
  await mail.stop()
  await link('solar', 'inverters', false)
  await settled(() => house.logged().includes('message_waits'))
  expect((await settings(person)).email.failing_since).not.toBeNull()
  expect(await outcome(await person.send('PUT', '/api/notices/email', { address: 'b@example.com' }))).toBe(
    'not_sent',
  )
  await mail.start()
  await house.time.advance(minutes(10))
  await settled(() => mail.received.length > 0)
  await house.time.advance(hours(1))
  expect(mail.received).toHaveLength(1)
  expect((await settings(person)).email).toMatchObject({ address: 'anna@example.com', failing_since: null })
})

test('a browser that is gone at the push service is forgotten', async () => {
  const person = await house.signIn('solar')
  await subscribe(person)
  await person.home()
  push.answer(410)
  await link('solar', 'inverters', false)
  await settled(() => house.logged().includes('channel_gone'))
  expect((await settings(person)).push.browsers).toBe(0)
})

test('a push service that is in trouble is tried again', async () => {
  const person = await house.signIn('solar')
  await subscribe(person)
  await person.home()
  push.answer(503)
  await link('solar', 'inverters', false)
  await settled(() => house.logged().includes('message_waits'))
  expect((await settings(person)).push.failing_since).not.toBeNull()
  push.answer(201)
  await house.time.advance(minutes(10))
  await settled(() => push.received.length > 0)
  expect(push.received).toHaveLength(1)
})

test('an address counts when its code was entered, and not when it was guessed at', async () => {
  const person = await house.signIn('solar')
  await person.send('PUT', '/api/notices/email', { address: 'anna@example.com' })
  const code = /\b(\d{6})\b/.exec(mail.received[0]?.split('\r\n\r\n').slice(1).join() ?? '')?.[1] ?? ''
  const wrong = code === '000000' ? '000001' : '000000'
  for (let guess = 0; guess < 5; guess++)
    expect(await outcome(await person.send('POST', '/api/notices/email/confirm', { code: wrong }))).toBe(
      'wrong_code',
    )
  expect(await outcome(await person.send('POST', '/api/notices/email/confirm', { code }))).toBe('code_over')
  expect((await settings(person)).email).toMatchObject({ address: 'anna@example.com', is_confirmed: false })
})

test('nobody can have an address of somebody else filled with codes', async () => {
  const outcomes: string[] = []
  for (const home of ['solar', 'full', 'car', 'heat'])
    outcomes.push(
      await outcome(
        await (await house.signIn(home)).send('PUT', '/api/notices/email', { address: 'v@example.com' }),
      ),
    )
  expect(outcomes).toEqual(['code_sent', 'code_sent', 'code_sent', 'too_many'])
  expect(mail.received).toHaveLength(3)
})

test('the link in a mail ends mail without a session, and a made-up one ends nothing', async () => {
  const person = await house.signIn('solar')
  await confirmMail(person)
  await person.home()
  await link('solar', 'inverters', false)
  await settled(() => mail.received.length > 1)
  const token = /List-Unsubscribe: <[^>]*token=([\w-]+)>/.exec(mail.received.at(-1) ?? '')?.[1] ?? ''
  const leave = (text: string) =>
    house.request(`/api/notices/unsubscribe?token=${text}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    })
  expect((await leave('x'.repeat(32))).status).toBe(204)
  expect((await settings(person)).email.address).toBe('anna@example.com')
  expect((await leave(token)).status).toBe(204)
  expect((await settings(person)).email.address).toBeNull()
})

test.each([
  ['PUT', '/api/push/subscription', { endpoint: 'https://10.0.0.1/x' }, 'endpoint'],
  ['PUT', '/api/push/subscription', { endpoint: 'http://fcm.googleapis.com/x' }, 'endpoint'],
  ['PUT', '/api/notices/email', { address: 'nobody' }, 'address'],
  [
    'PUT',
    '/api/notices/settings',
    { ...usualNoticeSettings, quiet: { from: '25:00', to: '07:00' } },
    'quiet',
  ],
  ['POST', '/api/notices/email/confirm', { code: 'abc' }, 'code'],
] as const)('%s %s with %j is refused at its field', async (method, path, body, field) => {
  const person = await house.signIn('solar')
  const sent = 'endpoint' in body ? { ...push.subscription, ...body } : body
  const answer = await person.send(method, path, sent)
  expect(answer.status).toBe(422)
  const { error } = (await answer.json()) as { error: { fields: Record<string, string> } }
  expect(Object.keys(error.fields)).toContain(field)
})

test('what was waiting when the gateway ended is sent by the next one, and nothing twice', async () => {
  const person = await house.signIn('solar')
  await confirmMail(person)
  await person.home()
  mail.received.length = 0
  await mail.stop()
  await link('solar', 'inverters', false)
  await settled(() => house.logged().includes('message_waits'))
  const nowMs = house.time.wallMs()
  await house.close()
  await mail.start()
  house = await open(new Date(nowMs + hours(1)))
  await house.control('POST', '/homes/solar/devices/inverters', { authenticated: false })
  await house.time.advance(hours(1))
  await settled(() => mail.received.length > 0)
  await house.time.advance(hours(1))
  expect(mail.received).toHaveLength(1)
  expect(await kinds(await house.signIn('solar'))).toEqual(['disconnected'])
})
