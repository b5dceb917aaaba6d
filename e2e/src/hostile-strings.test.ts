import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hostileStrings } from './hostile-strings.ts'
import { recordsAt, type Records } from './partner-records.ts'
import { submit } from './refusal.ts'
import { useBrowser, useHome, useStack } from './use-stack.ts'
import { isLive, visit } from './visit.ts'

const stack = useStack({ simulatorArgs: ['--speed', '0'] })
const browser = useBrowser()
const home = useHome(stack, 'many')

/** Every text of a device that may come from outside, a string of the corpus for each; the next time the next ones. */
function texts(owner: object, next: () => string): Record<string, unknown> {
  return {
    device_model: {
      manufacturer: next(),
      model: next(),
      cloud_service: next(),
      cloud_service_instructions: next(),
      cloud_service_signup_link: next(),
      device_type: { short_name: next(), long_name: next() },
    },
    comment: next(),
    external_device_id: next(),
    lifecycle_state: next(),
    lifecycle_error: next(),
    authorization_url: next(),
    connection_status: next(),
    monitoring_status: next(),
    steering_status: next(),
    actual_steering_state: next(),
    price_zone: next(),
    current_mode: next(),
    boost_state: next(),
    mode: next(),
    connection: next(),
    charge_deadline_at: next(),
    pause_power_until: next(),
    optimization_level: next(),
    actions: [
      { code: next(), resolution_link: next() },
      { code: 'reauthenticate', resolution_link: { url: next(), required_parameters: [next()] } },
    ],
    owner: { ...owner, email: next(), first_name: next(), last_name: next(), external_id: next() },
    [next() || 'x']: next(),
  }
}

/** Every text of a record in the place of its own, but for what says whose and which it is; the next time the next ones. */
function hostileRecord(record: object, next: () => string): object {
  const kept = /^(id|.*_id|building|user|owner|energy_prices)$/
  return Object.fromEntries([
    ...Object.entries(record).map(([name, value]) => [
      name,
      kept.test(name) || typeof value === 'boolean' || typeof value === 'number' ? value : next(),
    ]),
    [next() || 'x', next()],
  ])
}

/** What the partner answers from now on about everything that is no device. */
async function makeRecordsHostile({ buildings, contracts }: Records, next: () => string): Promise<void> {
  await stack.control('DELETE', 'faults')
  const answers: [path: string, body: unknown][] = [
    ['/buildings', buildings.map((building) => hostileRecord(building, next))],
    ['/energy-contracts', contracts.map((contract) => hostileRecord(contract, next))],
    [
      '/charging-config',
      {
        mode: next(),
        available_modes: ['none', next()],
        locked_modes: [
          { mode: 'spot', reasons: [next(), next()] },
          { mode: next(), reasons: [next()] },
        ],
        hems_start_threshold_w: next(),
        hems_stop_threshold_w: next(),
        devices: [{ id: home.devices[0]?.id, min_band_w: next() }],
        [next() || 'x']: next(),
      },
    ],
    [
      '/charge-policy',
      {
        metadata: { electric_vehicle_id: home.devices[0]?.id, user_id: home.user_id, error: next() },
        data: {
          mon: { charge_percentage: 80, charge_deadline: next() },
          tue: { charge_percentage: next(), charge_deadline: '07:00' },
          timezone: next(),
        },
      },
    ],
  ]
  for (const [path, body] of answers)
    await stack.control('POST', 'faults', {
      kind: 'status',
      status: 200,
      body,
      match: { home: 'many', method: 'GET', path },
    })
  await stack.control('POST', 'faults', {
    kind: 'status',
    status: 200,
    body: {
      id: next(),
      authentication_url: next(),
      user: home.user_id,
      success_url: next(),
      cancel_url: next(),
    },
    match: { path: '/device-onboarding' },
  })
  await stack.control('POST', 'faults', {
    kind: 'status',
    status: 201,
    body: { token: next(), wss_url: next(), expires_at: '2026-06-18T12:30:00Z' },
    match: { path: '/claim-tokens' },
  })
}

test('no text from outside is ever more than a text, on any page, at first sight or when it comes later', async () => {
  expect(hostileStrings.length).toBeGreaterThanOrEqual(200)
  const page = await visit(browser, stack, { home: 'many', path: '/', fresh: true })
  const watch = await watchOver(page)

  const devices = home.devices
  const slots = devices.length * 2
  const rounds = Math.ceil(hostileStrings.length / slots)
  let turn = 0
  const seen = new Set<string>()
  const shown = { later: 0, atOnce: 0, records: 0 }
  const records = await recordsAt(stack, home)
  let recordTurn = 0
  const nextOfRecords = () => nameOf(recordTurn++, inRecords)
  const inRecords = new Set<string>()
  const names = () => nameOf(turn++, seen)
  for (let round = 0; round < rounds; round++) {
    for (const [n, { id }] of devices.entries()) {
      const { owner } = (await stack.control('GET', `homes/many/devices/${id}`)) as { owner: object }
      let step = round * 31 + n * 7
      const set = texts(owner, () => hostileStrings[step++ % hostileStrings.length] ?? '')
      // What is shown of a device is these two: between them every string gets onto the screen.
      set['device_model'] = { ...(set['device_model'] as object), manufacturer: names(), model: names() }
      await stack.control('POST', `homes/many/devices/${id}`, { set, authenticated: n % 3 !== round % 3 })
    }
    await makeRecordsHostile(records, nextOfRecords)
    // What comes later, to a page that is open…
    const refreshed = page.waitForResponse((answer) => answer.url().endsWith('/api/refresh'))
    await page.getByRole('button', { name: 'Refresh', exact: true }).click()
    await refreshed
    await page.waitForTimeout(300)
    await watch.check(`overview, round ${round}`)
    shown.later += await countShown(page)
    // … what the server puts into a page …
    for (const path of pathsOf(round, records)) {
      await page.goto(stack.url + path)
      await watch.check(`${path}, round ${round}`)
      if (path === '/settings/home') shown.records += await countRan(page.getByRole('main'))
    }
    // … and into the answer to a form.
    await page.goto(`${stack.url}/connect`)
    const name = round % 2 === 0 ? 'Get address and token' : 'Connect: Heat pump'
    await submit(page, name)
    await watch.check(`${name}, round ${round}`)
    expect(new URL(page.url()).origin).toBe(stack.url)
    await page.goto(stack.url)
    await isLive(page)
    await watch.check(`overview anew, round ${round}`)
    shown.atOnce += await countShown(page)
    // The gateway asks anew every three seconds at most.
    await page.waitForTimeout(1_500)
  }
  await stack.control('DELETE', 'faults')
  expect(seen.size).toBe(hostileStrings.length)
  expect(inRecords.size).toBe(hostileStrings.length)
  // They did get onto the screen, as what they are…
  expect(shown.later).toBeGreaterThan(50)
  expect(shown.atOnce).toBeGreaterThan(50)
  expect(shown.records).toBeGreaterThan(50)
  // … and what looked out for all the rest would have seen it.
  expect(await trustedTypesAreEnforced(page)).toBe(true)
  await expect.poll(() => watch.wrong.join()).toContain('require-trusted-types-for')
}, 300_000)

test('a name that is written from right to left turns nothing around it', async () => {
  const [device] = home.devices
  const id = device?.id ?? ''
  await stack.control('POST', `homes/many/devices/${id}`, {
    clear: true,
    set: { device_model: { manufacturer: 'שלום', model: '\u202emodel (3' } },
    authenticated: false,
  })
  const page = await visit(browser, stack, { home: 'many', path: `/${device?.type}/${id}` })
  await page.getByRole('heading', { level: 1 }).waitFor()
  // Wherever the name stands beside other text on a line, it is kept to itself.
  const loose = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found: string[] = []
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.textContent ?? ''
      if (/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/.test(text))
        found.push(`a control character in ${text}`)
      if (!text.includes('שלום') || node.parentElement?.closest('script')) continue
      let element = node.parentElement
      while (
        element &&
        getComputedStyle(element).display === 'inline' &&
        !/isolate|plaintext/.test(getComputedStyle(element).unicodeBidi)
      )
        element = element.parentElement
      if (element?.textContent?.trim() !== text.trim()) found.push(element?.outerHTML.slice(0, 200) ?? '')
    }
    return found
  })
  expect(loose).toEqual([])
})

/** Names of devices that look like something to be run. */
async function countShown(page: Page): Promise<number> {
  const names = await page.getByRole('heading', { level: 3 }).allInnerTexts()
  return names.filter((name) => name.includes('ran()')).length
}

/** How often something that looks like it stands in a text. */
const countRan = async (within: Locator) => (await within.innerText()).split('ran()').length - 1

function nameOf(turn: number, seen: Set<string>): string {
  const text = hostileStrings[turn % hostileStrings.length] ?? ''
  seen.add(text)
  return text
}

/** Looks out for anything that runs, is refused, or is there and should not be. */
async function watchOver(page: Page) {
  const wrong: string[] = []
  page.on('dialog', (dialog) => {
    wrong.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('pageerror', (error) => wrong.push(`an error: ${error.message}`))
  page.on('console', (message) => {
    if (/trusted ?type|content.security.policy|refused to/i.test(message.text()))
      wrong.push(`the console: ${message.text()}`)
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(stack.url) && !request.url().startsWith('data:'))
      wrong.push(`a request to ${request.url()}`)
  })
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame()) wrong.push(`a frame: ${frame.url()}`)
  })
  await page.exposeFunction('ran', () => wrong.push('a script'))
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      console.error(`content-security-policy: ${violatedDirective} ${blockedURI} ${sample}`),
    )
  })
  await page.reload()
  await isLive(page)
  return {
    wrong,
    async check(where: string) {
      const strange = await page.evaluate(() => {
        const all = [...document.querySelectorAll('*')]
        const handlers = all.filter((one) => [...one.attributes].some(({ name }) => name.startsWith('on')))
        const foreign = [
          ...document.querySelectorAll(
            'img, iframe, object, embed, video, audio, base, dialog, marquee, math, template, xss, plaintext',
          ),
        ]
        const scripts = [...document.scripts].filter(
          ({ src, type }) =>
            !src.startsWith(`${location.origin}/_app/immutable/`) &&
            !['push.js', 'again.js', 'care.js', 'slider.js'].includes(
              src.slice(location.origin.length + 1),
            ) &&
            type !== 'application/json',
        )
        const links = [...document.querySelectorAll<HTMLAnchorElement>('a[href]')].filter(
          (link) => link.origin !== location.origin,
        )
        const hrefs = [...document.querySelectorAll('[*|href]')].filter((one) =>
          /^\s*(javascript|data|vbscript):/i.test(one.getAttribute('href') ?? ''),
        )
        const styles = [...document.querySelectorAll('style')].filter(({ nonce }) => !nonce)
        return [...handlers, ...foreign, ...scripts, ...links, ...hrefs, ...styles].map((one) =>
          one.outerHTML.slice(0, 200),
        )
      })
      expect([...wrong, ...strange], where).toEqual([])
    },
  }
}

function trustedTypesAreEnforced(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    try {
      document.createElement('p').innerHTML = '<b>'
      return false
    } catch {
      return true
    }
  })
}

const routes = resolve(dirname(fileURLToPath(import.meta.url)), '../../apps/web/src/routes')

/** Every page of the web app, with a device or a record of each round in place of the one that a path names. */
function pathsOf(round: number, { buildings, contracts }: Records): string[] {
  const pages = readdirSync(routes, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('+page.svelte'),
  )
  const device = home.devices[round % home.devices.length]
  const idOf: Record<string, string | undefined> = {
    home: buildings[round % buildings.length]?.id,
    contract: contracts[round % contracts.length]?.id,
  }
  const paths = pages.map((file) => {
    const path = `/${dirname(file)}`.replace('/.', '/').replace(/\/\([^)]+\)/g, '') || '/'
    const record = /\/settings\/(\w+)\/\[id\]/.exec(path)?.[1] ?? ''
    return path.replace('[type=device]', device?.type ?? '').replace('[id]', idOf[record] ?? device?.id ?? '')
  })
  for (const path of paths)
    if (path.includes('[')) throw new Error(`Say here what stands for the parameter of ${path}.`)
  return [...paths, `/${join('nowhere', encodeURIComponent(hostileStrings[round] ?? ''))}`]
}
