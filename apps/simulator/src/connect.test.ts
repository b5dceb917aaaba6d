import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDoor, tokenFrom, type Door, type Loose } from './testing.ts'

let door: Door
beforeEach(async () => {
  door = await openDoor()
})
afterEach(() => door.close())

const urls = {
  successUrl: 'http://localhost:3000/back?ok',
  cancelUrl: 'http://localhost:3000/back?cancelled',
}
const lapsed = () => door.device('reconnect', 'electric-vehicles')

async function post(url: string, body: unknown) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${await tokenFrom(door.url)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Loose }
}

const submit = (url: string, fields: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

/** Goes as far as the manufacturer's page, and gives its address. */
async function atTheManufacturer(): Promise<string> {
  const { actions } = await lapsed()
  const { status, body } = await post(actions[0].resolution_link.url, urls)
  expect(status).toBe(200)
  return body.redirect_url
}

describe('a lapsed vehicle', () => {
  test('comes back when its user signs in, and soon reports', async () => {
    const before = await lapsed()
    const page = await atTheManufacturer()
    const html = await (await fetch(page)).text()
    expect(html).toContain(before.device_model.manufacturer)
    const sent = await submit(page, { decision: 'allow', email: 'a@example.com', password: 'secret' })
    expect(sent.status).toBe(303)
    expect(sent.headers.get('location')).toBe(urls.successUrl)

    expect(await lapsed()).toMatchObject({ is_authenticated: true, action_needed: false, actions: [] })
    door.clock.advance(10)
    const after = await lapsed()
    expect(Date.parse(after.current_state_last_updated_at)).toBeGreaterThan(
      Date.parse(before.current_state_last_updated_at),
    )
  })

  test('stays lapsed when its user cancels, and may be tried again', async () => {
    const sent = await submit(await atTheManufacturer(), { decision: 'cancel' })
    expect(sent.headers.get('location')).toBe(urls.cancelUrl)
    expect(await lapsed()).toMatchObject({ is_authenticated: false, action_needed: true })
    expect(await atTheManufacturer()).toMatch(/\/connect\//)
  })

  test('stays lapsed with a wrong password', async () => {
    const sent = await submit(await atTheManufacturer(), { decision: 'allow', password: 'wrong' })
    expect(sent.status).toBe(401)
    expect(await sent.text()).toContain('wrong')
    expect((await lapsed()).is_authenticated).toBe(false)
  })

  test('can be reached by a plain link too', async () => {
    await door.control('POST', '/homes/reconnect', { resolution_link: 'string' })
    const link = (await lapsed()).actions[0].resolution_link
    const first = await fetch(link, { redirect: 'manual' })
    expect(first.status).toBe(303)
    const page = new URL(first.headers.get('location') ?? '', door.url).href
    const done = await submit(page, { decision: 'allow' })
    expect(await done.text()).toContain('connected again')
    expect((await lapsed()).is_authenticated).toBe(true)
  })
})

describe('a link to an action', () => {
  test('ends after an hour', async () => {
    const { actions } = await lapsed()
    door.clock.advance(3601)
    expect((await post(actions[0].resolution_link.url, urls)).status).toBe(403)
  })

  test('is worthless with another secret', async () => {
    const { actions } = await lapsed()
    const url = actions[0].resolution_link.url.replace(/secret=\d/, 'secret=9')
    expect((await post(url, urls)).status).toBe(403)
  })

  test('asks for its parameters', async () => {
    const { actions } = await lapsed()
    const { status, body } = await post(actions[0].resolution_link.url, { successUrl: urls.successUrl })
    expect(status).toBe(422)
    expect(body.detail[0].loc).toEqual(['body', 'cancelUrl'])
  })

  test('is gone when the action is done', async () => {
    const page = await atTheManufacturer()
    const { actions } = await lapsed()
    await submit(page, { decision: 'allow' })
    expect((await post(actions[0].resolution_link.url, urls)).status).toBe(404)
    expect((await fetch(page)).status).toBe(410)
  })
})

test('a page that was left by cancelling leads nowhere any more', async () => {
  const page = await atTheManufacturer()
  await submit(page, { decision: 'cancel' })
  expect((await submit(page, { decision: 'allow' })).status).toBe(410)
  expect((await lapsed()).is_authenticated).toBe(false)
})

test('an action in progress may be started once more, and either page ends it', async () => {
  const [first, second] = [await atTheManufacturer(), await atTheManufacturer()]
  expect(second).not.toBe(first)
  expect((await submit(first, { decision: 'allow' })).status).toBe(303)
  expect((await fetch(second)).status).toBe(410)
})

test('an action of an unknown code is resolved without touching the connection', async () => {
  await door.control('POST', '/homes/reconnect/devices/electric-vehicles', {
    actions: ['reauthenticate', 'accept_terms'],
  })
  const { actions } = await lapsed()
  const { body } = await post(actions[1].resolution_link.url, urls)
  await submit(body.redirect_url, { decision: 'allow' })
  const after = await lapsed()
  expect(after).toMatchObject({ is_authenticated: false, action_needed: true })
  expect(after.actions.map((a: Loose) => a.code)).toEqual(['reauthenticate'])
})

test("a secret opens its own user's action only", async () => {
  await door.control('POST', '/homes/car/devices/electric-vehicles', { authenticated: false })
  const own = (await lapsed()).actions[0].resolution_link.url
  const foreign = (await door.device('car', 'electric-vehicles')).actions[0].resolution_link.url
  const mixed = `${own.split('?')[0]}?${foreign.split('?')[1]}`
  expect((await post(mixed, urls)).status).toBe(403)
  expect((await post(own.split('?')[0], urls)).status).toBe(403)
  expect((await post(own.replace(/cues\/[^/]+/, 'cues/nothing'), urls)).status).toBe(404)
})

describe('the outcome of an action', () => {
  const stateUrl = async () => (await lapsed()).actions[0].resolution_link.url.replace('/resolve?', '/state?')

  test('can be reported with the secret alone, once it is active', async () => {
    const url = await stateUrl()
    const report = (state: string) => fetch(url, { method: 'POST', body: JSON.stringify({ state }) })
    expect((await report('success')).status).toBe(404)
    await atTheManufacturer()
    const answer = await report('success')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ action_id: expect.any(String) })
    expect((await lapsed()).is_authenticated).toBe(true)
  })

  test('may be a failure: then the action stays, and can be started again', async () => {
    const url = await stateUrl()
    const report = (state: string) => fetch(url, { method: 'POST', body: JSON.stringify({ state }) })
    await atTheManufacturer()
    expect((await report('fail')).status).toBe(200)
    expect(await lapsed()).toMatchObject({ action_needed: true, is_authenticated: false })
    expect((await report('success')).status).toBe(404)
    await atTheManufacturer()
    expect((await report('success')).status).toBe(200)
    expect((await report('success')).status).toBe(404)
  })

  test('cannot be reported with an old secret, nor in words of one', async () => {
    const url = await stateUrl()
    await atTheManufacturer()
    const wrong = await fetch(url, { method: 'POST', body: JSON.stringify({ state: 'perhaps' }) })
    expect(wrong.status).toBe(422)
    door.clock.advance(3600)
    const late = await fetch(url, { method: 'POST', body: JSON.stringify({ state: 'success' }) })
    expect(late.status).toBe(403)
  })
})
