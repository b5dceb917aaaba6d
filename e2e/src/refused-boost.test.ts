import { describe, expect, test } from 'vitest'
import { answer, languages, press, type Said } from './refusal.ts'
import { says } from './screen.ts'
import { useRefusals } from './use-refusals.ts'

/** What is said when a boost is not started, not armed, not undone or not stopped. */

const { stack, homes, fault, inLanguage } = useRefusals()

describe.each(languages)('in %s', (language) => {
  const { page, say, open, tryLater } = inLanguage(language)

  describe('a boost of a wallbox', () => {
    const button = say(['Charge Now', 'Jetzt laden'])
    test.each<[string, Said]>([
      ['already_charging', ['The vehicle is already charging.', 'Das Auto lädt bereits.']],
      ['fully_charged', ['The vehicle is full.', 'Das Auto ist voll.']],
      [
        'internal_error',
        [
          'Charging could not be started. Please try again in a few minutes.',
          'Das Laden konnte nicht gestartet werden. Versuch es in ein paar Minuten noch einmal.',
        ],
      ],
      ['of_tomorrow', ['Charging could not be started.', 'Das Laden konnte nicht gestartet werden.']],
    ])('%s', async (reason, said) => {
      const { home, id, path } = await homes.prepare('wallboxes', {
        plugged_in: true,
        level: 40,
        charge_plan: 'wait',
      })
      await fault(
        { kind: 'status', status: 409, body: { reason, state: 'available' } },
        { home, method: 'POST', path: `${id}/boost` },
      )
      await open({ home, path, live: true })
      await page.getByRole('button', { name: button, exact: true }).click()
      await says(page.getByRole('status'), say(said)).waitFor()
      await page.getByRole('button', { name: button, exact: true, disabled: false }).waitFor()
      expect(await stack.control('GET', `homes/${home}/devices/${id}`)).toMatchObject({
        boost_state: 'available',
      })
    })
  })

  test('arming a car, undoing it, and stopping a wallbox', async () => {
    const words = {
      arm: say(['Charge at next plug-in', 'Beim nächsten Anstecken laden']),
      undo: say(['Undo', 'Rückgängig']),
      stop: say(['Stop boost', 'Boost stoppen']),
      full: say(['The vehicle is full.', 'Das Auto ist voll.']),
      notAllowed: say(['This is not available for your account.', 'Das ist für dein Konto nicht verfügbar.']),
      tooSoon: say([
        'Too soon. Please try again in a moment.',
        'Zu schnell. Bitte gleich noch einmal versuchen.',
      ]),
    }
    const car = await homes.prepare('electric-vehicles', { plugged_in: false })
    const truth = async () => stack.control('GET', `homes/${car.home}/devices/${car.id}`)
    await open({ ...car, live: true })
    const boost = { home: car.home, path: `${car.id}/boost` }
    const isArmed = async (armed: boolean) =>
      expect(await truth()).toMatchObject({ boost_for_next_session: armed })
    await fault(answer(404), boost)
    await press(page, words.arm)
    await says(page.getByRole('status'), tryLater).waitFor()
    await isArmed(false)

    await press(page, words.arm)
    await page.getByRole('button', { name: words.undo }).waitFor()
    await fault(answer(403), boost)
    await press(page, words.undo)
    await says(page.getByRole('status'), words.notAllowed).waitFor()
    await page.getByRole('button', { name: words.undo }).waitFor()
    await isArmed(true)

    await press(page, words.undo)
    await page.getByRole('button', { name: words.arm }).waitFor()
    await fault(
      { kind: 'status', status: 409, body: { reason: 'fully_charged', state: 'unavailable' } },
      boost,
    )
    await press(page, words.arm)
    await says(page.getByRole('status'), words.full).waitFor()
    // Whoever taps again at once is asked to wait, and nothing is said to be under way.
    await press(page, words.arm)
    await says(page.getByRole('status'), words.tooSoon).waitFor()
    await isArmed(false)

    const box = await homes.prepare('wallboxes', { boost: 'ongoing', level: 40 })
    await open({ ...box, live: true })
    await fault(answer(403), { home: box.home, path: `${box.id}/boost` })
    await press(page, words.stop)
    await says(page.getByRole('status'), words.notAllowed).waitFor()
    await page.getByRole('button', { name: words.stop }).waitFor()
    expect(await stack.control('GET', `homes/${box.home}/devices/${box.id}`)).toMatchObject({
      boost_state: 'ongoing',
    })
  })
})
