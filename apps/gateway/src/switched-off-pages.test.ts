import { Capability, deviceTypes } from '@homewatt/contract'
import { afterEach, expect, test } from 'vitest'
import { openHouse, type House } from './house.test-support.ts'
import { pageOf, postForm, webBuild } from './page.test-support.ts'

let house: House
afterEach(() => house.close())

const open = async (switchedOff: readonly Capability[]) => {
  const support = { name: 'North service', email: 'help@north.example', url: null }
  house = await openHouse({ webBuild, switchedOff, brand: { brand: { name: 'North' }, support } })
}

/** Goes wherever links lead, and says which pages there are and what their forms ask for; devices by their types. */
async function walk(home: string): Promise<{ pages: string[]; forms: string[] }> {
  const person = await house.signIn(home)
  const ids = Object.values((await person.home()).groups).flatMap(({ devices }) =>
    devices.map(({ id }) => id),
  )
  const named = (path: string) => ids.reduce((text, id) => text.replace(id, '{id}'), path)
  const found = new Set(['/'])
  const forms = new Set<string>()
  for (const path of found) {
    const { status, html } = await pageOf(house, person, path)
    expect(status, path).toBe(200)
    for (const [, form = ''] of html.matchAll(/<form[^>]*action="([^"]*)"/g)) forms.add(form)
    for (const [, group = ''] of html.matchAll(/data-settings="(\w+)"/g)) forms.add(group)
    for (const [, href = ''] of html.matchAll(/<a [^>]*href="(\/[^"#?]*)"/g))
      // A page for each building and contract is as good as one.
      if (href !== '/demo' && !/\/(home|contract)\/(?!new)/.test(href)) found.add(href)
  }
  return { pages: [...new Set([...found].map(named))].toSorted(), forms: [...forms].toSorted() }
}

const always = [
  '/',
  ...deviceTypes.map((type) => `/${type}/{id}`),
  '/settings',
  '/settings/activity',
  '/settings/sessions',
]
const switchable = [
  ...deviceTypes.map((type) => `/${type}/{id}/settings`),
  '/electric-vehicles/{id}/plan',
  '/connect',
  '/notices',
  '/settings/away',
  '/settings/charging',
  '/settings/contract',
  '/settings/contract/new',
  '/settings/history',
  '/settings/home',
  '/settings/home/new',
  '/settings/notices',
]

test('with everything on, links lead to all pages', async () => {
  await open([])
  const { pages, forms } = await walk('full')
  expect(pages).toEqual([...always, ...switchable].toSorted())
  expect(forms).toEqual(expect.arrayContaining(['?/boost', '?/start', 'optimization', 'deadline', 'battery']))
})

test('with everything off, no link leads to what is not there, and no form asks for it', async () => {
  await open(Capability.options)
  const { pages, forms } = await walk('full')
  expect(pages).toEqual(always.toSorted())
  expect(forms).toEqual(['/language', '?/end', '?/refresh'])
  const person = await house.signIn('full')
  const snapshot = await person.home()
  const idOf = (path: string) =>
    deviceTypes
      .filter((type) => path.startsWith(`/${type}/`))
      .map((type) => snapshot.groups[type].devices[0]?.id ?? '')[0] ?? ''
  const nothing = await pageOf(house, person, '/nothing-of-the-kind')
  expect(nothing.status).toBe(404)
  for (const path of [...switchable, '/connect/return', '/actions/return', '/settings/home/x']) {
    const { status, text } = await pageOf(house, person, path.replace('{id}', idOf(path)))
    expect([status, text], path).toEqual([404, nothing.text])
  }
})

test('a form that was on the screen before is answered by the page that says so, and changes nothing', async () => {
  await open(['away', 'boost'])
  const person = await house.signIn('full')
  const until = { from: '', until: '2026-06-25T10:00' }
  expect((await postForm(house, person, '/settings/away?/start', until)).status).toBe(404)
  const id = await person.deviceId('wallboxes')
  await postForm(house, person, '/?/boost', { type: 'wallboxes', id })
  expect(Object.keys(await house.counts()).filter((route) => /^P(OS|U)T .*users/.test(route))).toEqual([])
})

test('pages that stay do not speak of what is switched off, and keep what was chosen about it', async () => {
  await open(['away'])
  const person = await house.signIn('full')
  const notices = await pageOf(house, person, '/settings/notices')
  expect(notices.text).not.toContain('Away')
  expect(notices.html).toContain('<input type="hidden" name="away" value="on"')
  await house.close()
  await open(['notices'])
  const away = await pageOf(house, await house.signIn('full'), '/settings/away')
  expect(away.text).toContain('are switched on again.')
  expect(away.text).not.toContain('reminder')
  await house.close()
  await open(['prices'])
  const owner = await house.signIn('full')
  const vehicle = `/electric-vehicles/${await owner.deviceId('electric-vehicles')}`
  expect((await pageOf(house, owner, vehicle)).text).not.toContain('ct/kWh')
  expect((await owner.get('/api/prices')).status).toBe(404)
})

test('topics of messages that nothing is left of are not offered, and stay as they were chosen', async () => {
  const labels = { deadline: 'Charge deadlines', boost: 'Charge Now', away: 'Away', connection: 'Connection' }
  const offered = async (switchedOff: readonly Capability[]) => {
    await open(switchedOff)
    const { text, html } = await pageOf(house, await house.signIn('full'), '/settings/notices')
    const topics = Object.entries(labels).filter(([, label]) => text.includes(label))
    const kept = [...html.matchAll(/<input type="hidden" name="(\w+)" value="on"/g)].map(([, name]) => name)
    await house.close()
    return { topics: topics.map(([topic]) => topic), kept }
  }
  expect(await offered(['readyBy'])).toEqual({
    topics: ['deadline', 'boost', 'away', 'connection'],
    kept: [],
  })
  expect(await offered(['weeklyPlan', 'boost'])).toEqual({
    topics: ['deadline', 'away', 'connection'],
    kept: ['boost'],
  })
  expect(await offered(['readyBy', 'weeklyPlan', 'away'])).toEqual({
    topics: ['boost', 'connection'],
    kept: ['deadline', 'away'],
  })
  // Closed once more when the test is over.
  await open([])
})

test('where people cannot help themselves they read whom to ask', async () => {
  await open(['connect', 'reconnect'])
  for (const home of ['empty', 'reconnect']) {
    const { text, html } = await pageOf(house, await house.signIn(home))
    expect(text, home).toContain('Contact North service')
    expect(html, home).toContain('href="mailto:help@north.example"')
    expect(html, home).not.toMatch(/\?\/resolve|href="\/connect"/)
  }
})
