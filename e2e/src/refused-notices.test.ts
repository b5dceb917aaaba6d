import type { Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openMailServer } from '../../apps/gateway/src/mail-server.test-support.ts'
import { launchBrowser } from './browser.ts'
import { alerted, claimsNothing, inWords, languages, saidAt, submit, type Language } from './refusal.ts'
import { useRefusals } from './use-refusals.ts'
import { duringTests } from './use-stack.ts'
import { visit } from './visit.ts'

/** What is said when messages cannot go where they were wanted: by mail, to a browser, in quiet hours. */

const mail = duringTests(openMailServer)
const { stack, browser, homes, inLanguage } = useRefusals(() => ({
  env: { SMTP_URL: mail.url, SMTP_FROM: 'Homewatt <home@example.com>' },
}))

describe.each(languages)('in %s', (language) => {
  const { page, say, open, readApi } = inLanguage(language)

  test('messages by mail, and in quiet hours', async () => {
    const word = {
      address: say(['Mail address', 'E-Mail-Adresse']),
      send: say(['Send code', 'Code senden']),
      code: say(['Code from the mail', 'Code aus der E-Mail']),
      confirm: say(['Confirm', 'Bestätigen']),
      save: say(['Save', 'Speichern']),
      remove: say(['No more mails', 'Keine E-Mails mehr']),
      quietTo: say(['to', 'bis']),
    }
    const { name: home } = homes.take('heat-pumps')
    await open({ home, path: '/settings/notices' })
    const before = (await readApi('notices/settings')) as { settings: unknown }
    const address = page.getByLabel(word.address)
    const code = page.getByLabel(word.code)
    async function want(text: string) {
      // As a browser would send it that has no opinion of addresses.
      await page
        .locator('form')
        .evaluateAll((all) => all.forEach((form) => form.setAttribute('novalidate', '')))
      await address.fill(text)
      await submit(page, word.send)
    }

    await want('somebody at home')
    await alerted(page, say(['This is no mail address.', 'Das ist keine E-Mail-Adresse.']))
    expect(await address.inputValue()).toBe('somebody at home')
    expect(await saidAt(page, word.address)).toContain(
      say(['This is no mail address.', 'Das ist keine E-Mail-Adresse.']),
    )
    await mail.stop()
    await want(`${language}@example.com`)
    await alerted(
      page,
      say([
        'The mail server cannot be reached just now. Nothing was sent; please try again in a few minutes.',
        'Der Mailserver ist gerade nicht erreichbar. Es wurde nichts gesendet; bitte versuch es in ein paar Minuten noch einmal.',
      ]),
    )
    expect(await address.inputValue()).toBe(`${language}@example.com`)
    await mail.start()
    await want(`${language}@example.com`)
    const sent = /\b\d{6}\b/.exec(mail.received.at(-1)?.split('\r\n\r\n')[1] ?? '')?.[0]
    const wrong = sent === '000000' ? '000001' : '000000'
    for (const [guesses, said] of [
      [1, ['That is not the code.', 'Das ist nicht der Code.']],
      [
        5,
        [
          'This code does not count any more. Have a new one sent.',
          'Dieser Code gilt nicht mehr. Lass dir einen neuen senden.',
        ],
      ],
    ] as const) {
      for (let n = 1; n < guesses; n++)
        await page.request.post(`${stack.url}/api/notices/email/confirm`, {
          headers: { 'x-homewatt': '1' },
          data: { code: wrong },
        })
      await code.fill(wrong)
      await submit(page, word.confirm)
      await alerted(page, say(said))
      expect(await saidAt(page, word.code)).toBe(say(said))
      expect(await code.inputValue()).toBe(wrong)
    }
    const tooMany = say([
      'Those were enough codes for now. Please try again in an hour.',
      'Das waren genug Codes für jetzt. Bitte versuch es in einer Stunde noch einmal.',
    ])
    // Three an hour, and an hour may just have begun.
    for (let n = 0; n < 4 && (await code.or(address).first().getAttribute('name')) === 'code'; n++) {
      await submit(page, word.remove)
      await want(`${language}@example.com`)
    }
    await alerted(page, tooMany)

    await page.getByRole('checkbox').first().uncheck()
    await page.getByLabel(word.quietTo, { exact: true }).fill('')
    await submit(page, word.save)
    const twoTimes = say(['Please give two times of day.', 'Bitte gib zwei Uhrzeiten an.'])
    await alerted(page, twoTimes)
    expect(await saidAt(page, word.quietTo)).toBe(twoTimes)
    expect(await page.getByRole('checkbox').first().isChecked()).toBe(false)
    await claimsNothing(page)
    expect(await readApi('notices/settings')).toMatchObject({
      settings: before.settings,
      email: { address: null },
    })
  })

  test('messages to a browser that does not let us, and to one that cannot', async () => {
    await open({ home: 'solar', path: '/settings/notices' })
    await pushSays(page, say(['This browser does not let us', 'Dieser Browser lässt keine Nachrichten zu.']))
    expect(await pushOn(page, language).count()).toBe(0)

    const old = await visit(browser, stack, {
      home: 'solar',
      path: '/settings',
      language,
      live: false,
      fresh: true,
    })
    await old.addInitScript(() => Reflect.deleteProperty(window, 'PushManager'))
    await old.goto(`${stack.url}/settings/notices`)
    await pushSays(
      old,
      say(['This browser cannot show messages.', 'Dieser Browser kann keine Nachrichten zeigen.']),
    )
    expect(await pushOn(old, language).count()).toBe(0)
  })
})

test('messages to a browser that finds no push service', async () => {
  // The headless shell lets nobody show messages.
  const whole = await launchBrowser({ whole: true })
  onTestFinished(() => whole.close())
  for (const language of languages) {
    const page = await visit(whole, stack, {
      home: 'solar',
      path: '/settings/notices',
      language,
      live: false,
    })
    await page.context().grantPermissions(['notifications'], { origin: stack.url })
    await page.reload()
    await pushOn(page, language).click()
    await pushSays(page, inWords(['That did not work.', 'Das hat nicht geklappt.'], language))
    await pushOn(page, language).waitFor()
    const kept = (await (await page.request.get(`${stack.url}/api/notices/settings`)).json()) as unknown
    expect(kept).toMatchObject({ push: { browsers: 0 } })
  }
})

const pushOn = (page: Page, language: Language) =>
  page.getByRole('button', { name: inWords(['Turn on here', 'Hier einschalten'], language) })
const pushSays = (page: Page, text: string) =>
  page.getByRole('status').getByRole('paragraph').filter({ hasText: text }).waitFor()
