import { describe, expect, test } from 'vitest'
import { alerted, answer, languages, submit } from './refusal.ts'
import { useRefusals } from './use-refusals.ts'

/** What is said when a device cannot be connected: nothing was begun, and what was chosen is still chosen. */

const { stack, homes, fault, heal, inLanguage } = useRefusals()

describe.each(languages)('in %s', (language) => {
  const { page, say, open } = inLanguage(language)

  test('connecting a device, and a wallbox by token', async () => {
    const unavailable = say([
      'Connecting is not possible just now. Nothing was begun; please try again in a few minutes.',
      'Verbinden ist gerade nicht möglich. Es wurde nichts begonnen; bitte versuch es in ein paar Minuten noch einmal.',
    ])
    const failed = say([
      'That did not work. Nothing was begun; please try again in a moment.',
      'Das hat nicht geklappt. Es wurde nichts begonnen; bitte versuch es gleich noch einmal.',
    ])
    const word = {
      inverter: say([
        'Connect: Inverter, with or without a battery',
        'Verbinden: Wechselrichter, mit oder ohne Batterie',
      ]),
      claim: say(['Get address and token', 'Adresse und Token holen']),
      where: say(['Where it stands', 'Wo es steht']),
      blind: say(['We cannot look just now.', 'Wir können gerade nicht nachsehen.']),
      looking: say(['This page looks again by itself.', 'Diese Seite sieht von selbst wieder nach.']),
    }
    // Where there are buildings to choose from, and where there are not: each home has its own count of tries.
    const { name: plain, user_id: user } = homes.take('heat-pumps')
    await open({ home: 'many', path: '/connect' })
    const where = page.getByLabel(word.where)
    const [, , second = ''] = await where
      .getByRole('option')
      .evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))
    const id = '00000000-0000-4000-8000-000000000001'
    const elsewhere = { id, user, authentication_url: 'https://elsewhere.example/' }
    let at = 'many'
    for (const [home, kind, path, name, said] of [
      ['many', answer(422, 'price_zone_default'), 'device-onboarding', word.inverter, failed],
      // What was chosen is gone at the moment of the tap.
      ['many', { kind: 'empty_list' }, 'buildings', word.inverter, failed],
      [plain, answer(403), 'device-onboarding', word.inverter, failed],
      [
        plain,
        { kind: 'status', status: 200, body: elsewhere },
        'device-onboarding',
        word.inverter,
        unavailable,
      ],
      [plain, answer(422), 'claim-tokens', word.claim, failed],
      [plain, answer(403), 'claim-tokens', word.claim, failed],
      [plain, answer(503), 'claim-tokens', word.claim, unavailable],
    ] as const) {
      if (home !== at) await open({ home, path: '/connect' })
      at = home
      if (home === 'many') await where.selectOption(second)
      await fault(kind, { path })
      await submit(page, name)
      await alerted(page, said)
      await heal()
      await page.getByRole('button', { name, exact: true }).waitFor()
      expect(new URL(page.url()).origin).toBe(stack.url)
      expect(await page.getByText(say(['You have begun', 'Du hast begonnen'])).count()).toBe(0)
      if (home === 'many') expect(await where.inputValue()).toBe(second)
    }

    // At the manufacturer it fails, and the partner sends the person back.
    await open({ home: 'empty', path: '/connect' })
    await submit(page, word.inverter)
    await submit(page, 'Fronius')
    await page.getByLabel(say(['Password', 'Passwort'])).fill('fail')
    await submit(page, say(['Sign in', 'Anmelden']))
    await page
      .getByRole('heading', { level: 1, name: say(['Nothing was connected', 'Es wurde nichts verbunden']) })
      .waitFor()
    expect(await stack.control('GET', 'homes')).toContainEqual(
      expect.objectContaining({ name: 'empty', devices: [] }),
    )

    // While it is waited for, nobody can be asked.
    await fault(answer(503), { home: 'empty', path: '/inverters' }, 99)
    await page.goto(`${stack.url}/connect/return?result=success`)
    await page.getByRole('status').filter({ hasText: word.blind }).waitFor()
    await heal()
    await page.getByRole('status').filter({ hasText: word.looking }).waitFor()
  })
})
