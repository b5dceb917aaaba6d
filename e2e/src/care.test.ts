import { mkdirSync } from 'node:fs'
import { SMTPServer } from 'smtp-server'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { axeViolations } from './axe.ts'
import { desktop, launchBrowser } from './browser.ts'
import { inDays } from './in-days.ts'
import { optimised } from './optimised.ts'
import { useBrowser, useStack } from './use-stack.ts'
import { visit } from './visit.ts'

let smtp: SMTPServer
const mails: string[] = []
const patience = { timeout: 15_000, interval: 200 }

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = ''
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
      stream.on('end', () => {
        mails.push(text)
        done()
      })
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', () => resolve()))
})
afterAll(() => new Promise<void>((resolve) => smtp.close(() => resolve())))
const stack = useStack(() => {
  const { port } = smtp.server.address() as AddressInfo
  return { env: { SMTP_URL: `smtp://127.0.0.1:${port}`, SMTP_FROM: 'Homewatt <home@example.com>' } }
})
const browser = useBrowser()

/** Leaves a picture for whoever wants to look: `SHOTS=directory`. */
async function shot(page: Page, name: string) {
  const directory = process.env['SHOTS']
  if (!directory) return
  mkdirSync(directory, { recursive: true })
  await page.screenshot({ path: `${directory}/${name}.png`, fullPage: true })
}

const journeys = [
  {
    language: 'en',
    home: 'full',
    until: 'Until',
    begin: 'Begin',
    pausing: /^Your devices are being paused/,
    waiting: /^Not all devices can be reached since/,
    change: 'Change the end',
    now: /^You are away until/,
    banner: /^Away until/,
    end: 'End now',
    past: 'The end has to be in the future.',
    ended: 'Your time away is over.',
    message: 'Your time away has begun',
    unread: /new messages?$/,
    read: 'Mark all as read',
  },
  {
    language: 'de',
    home: 'solar',
    until: 'Bis',
    begin: 'Beginnen',
    pausing: /^Deine Geräte werden pausiert/,
    waiting: /sind nicht alle Geräte erreichbar/,
    change: 'Ende ändern',
    now: /^Du bist abwesend bis/,
    banner: /^Abwesend bis/,
    end: 'Jetzt beenden',
    past: 'Das Ende muss in der Zukunft liegen.',
    ended: 'Deine Abwesenheit ist beendet.',
    message: 'Deine Abwesenheit hat begonnen',
    unread: /neue Nachricht(en)?$/,
    read: 'Alle als gelesen markieren',
  },
] as const

test.each(journeys)(
  'in $language somebody goes away, is told, and ends it from the overview',
  async (say) => {
    const { language, home } = say
    const before = await optimised(stack, home)
    expect(before).toBeGreaterThan(0)
    const page = await visit(browser, stack, { home, language, path: '/settings/away', live: false })

    const yesterday = inDays(-1)
    await page.getByLabel(say.until).fill(yesterday)
    await page.getByRole('button', { name: say.begin }).click()
    await page.getByRole('alert').filter({ hasText: say.past }).waitFor()
    expect(await page.getByLabel(say.until).inputValue()).toBe(yesterday)
    expect(await optimised(stack, home)).toBe(before)
    expect(await axeViolations(page)).toEqual([])
    await shot(page, `away-refused-${language}`)

    // A partner that fails in the middle: nothing is said to be paused that is not, and it goes on.
    await stack.control('POST', 'faults', {
      kind: 'status',
      status: 503,
      match: { home, type: 'inverters', method: 'PUT' },
    })
    await page.getByLabel(say.until).fill(inDays(3))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: say.pausing }).waitFor()
    await page.getByText(say.waiting).waitFor()
    expect(await optimised(stack, home)).toBeGreaterThan(0)
    expect(await axeViolations(page)).toEqual([])
    await shot(page, `away-waiting-${language}`)
    await stack.control('DELETE', 'faults')
    await page.getByRole('button', { name: say.change }).click()
    await page.getByRole('heading', { name: say.now }).waitFor()
    expect(await optimised(stack, home)).toBe(0)
    expect(await axeViolations(page)).toEqual([])
    await shot(page, `away-${language}`)

    await page.goto(`${stack.url}/`)
    await page.getByRole('link', { name: say.banner }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await shot(page, `overview-away-${language}`)
    await expect
      .poll(async () => {
        await page.reload()
        return page.getByRole('link', { name: say.unread }).count()
      }, patience)
      .toBe(1)
    await page.getByRole('link', { name: say.unread }).click()
    await page.getByRole('heading', { name: say.message }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await shot(page, `notices-${language}`)
    await page.getByRole('button', { name: say.read }).click()
    await expect.poll(() => page.getByRole('button', { name: say.read }).count(), patience).toBe(0)

    await page.goto(`${stack.url}/`)
    await page.getByRole('button', { name: say.end }).click()
    await page.getByRole('status').filter({ hasText: say.ended }).waitFor()
    expect(await optimised(stack, home)).toBe(before)
  },
)

test.each([
  [
    'en',
    'Mail address',
    'Send code',
    'Code from the mail',
    'Confirm',
    'That is not the code.',
    'Messages go to',
  ],
  [
    'de',
    'E-Mail-Adresse',
    'Code senden',
    'Code aus der E-Mail',
    'Bestätigen',
    'Das ist nicht der Code.',
    'Nachrichten gehen an',
  ],
] as const)(
  'in %s a mail address counts when its code was entered, all without script',
  async (language, address, send, code, confirm, wrong, goesTo) => {
    mails.length = 0
    const page = await visit(browser, stack, {
      home: language === 'en' ? 'car' : 'heat',
      language,
      path: '/settings/notices',
      live: false,
      javaScriptEnabled: false,
    })
    await page.getByLabel(address).fill(`${language}@example.com`)
    await page.getByRole('button', { name: send }).click()
    await page.getByLabel(code).fill('000000')
    await page.getByRole('button', { name: confirm }).click()
    await page.getByRole('alert').filter({ hasText: wrong }).waitFor()
    const sent = /\b(\d{6})\b/.exec(mails[0]?.split('\r\n\r\n').slice(1).join() ?? '')?.[1] ?? ''
    await page.getByLabel(code).fill(sent)
    await page.getByRole('button', { name: confirm }).click()
    await page.getByText(`${goesTo} ${language}@example.com`).waitFor()
  },
)

test.each([
  ['en', 'full', /^Charge Now/, 'to', 'Save', 'Saved.'],
  ['de', 'many', /^Jetzt laden/, 'bis', 'Speichern', 'Gespeichert.'],
] as const)(
  'in %s what is told is chosen, and chosen still when the page is opened again',
  async (language, home, topic, to, save, saved) => {
    const page = await visit(browser, stack, { home, language, path: '/settings/notices', live: false })
    await page.getByRole('checkbox', { name: topic }).uncheck()
    await page.getByLabel(to, { exact: true }).fill('06:30')
    await page.getByRole('button', { name: save, exact: true }).click()
    await page.getByRole('status').filter({ hasText: saved }).waitFor()
    await page.goto(`${stack.url}/settings/notices`)
    expect(await page.getByRole('checkbox', { name: topic }).isChecked()).toBe(false)
    expect(await page.getByLabel(to, { exact: true }).inputValue()).toBe('06:30')
    expect(await axeViolations(page)).toEqual([])
    await shot(page, `settings-notices-${language}`)
  },
)

test.each(['light', 'dark'] as const)(
  'axe finds nothing on the settings in %s, on a desktop',
  async (colorScheme) => {
    for (const path of ['/settings/notices', '/settings/away', '/notices', '/unsubscribe?token=x']) {
      const page = await visit(browser, stack, {
        ...desktop,
        home: 'solar',
        path,
        live: false,
        colorScheme,
        language: 'de',
      })
      expect([path, ...(await axeViolations(page))]).toEqual([path])
      await shot(page, `desktop-${colorScheme}${path.replace(/\W/g, '-')}`)
    }
  },
)

test('a push message is shown by the service worker, and nothing is kept by it', async () => {
  const whole = await launchBrowser({ whole: true })
  onTestFinished(() => whole.close())
  const page = await visit(whole, stack, { home: 'full', path: '/settings/notices', live: false })
  await page.context().grantPermissions(['notifications'], { origin: stack.url })
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true))
  const devtools = await page.context().newCDPSession(page)
  const registration = new Promise<string>((resolve) =>
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [first] = registrations
      if (first) resolve(first.registrationId)
    }),
  )
  await devtools.send('ServiceWorker.enable')
  const registrationId = await registration
  const shown = async () => {
    // Under load the browser may not take it the first time; the tag makes one notification of several messages.
    await devtools.send('ServiceWorker.deliverPushMessage', {
      origin: stack.url,
      registrationId,
      data: JSON.stringify({
        title: 'Your time away has begun',
        body: 'x',
        tag: 't',
        url: '/notices',
        lang: 'en',
      }),
    })
    return page.evaluate(async () => {
      const worker = await navigator.serviceWorker.ready
      return (await worker.getNotifications()).map(({ title }) => title)
    })
  }
  await expect.poll(shown, patience).toEqual(['Your time away has begun'])
  expect(await page.evaluate(() => caches.keys())).toEqual([])
})
