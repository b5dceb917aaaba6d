import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { inDays } from './in-days.ts'
import { alerted, claimsNothing, languages, saidAt, submit } from './refusal.ts'
import { useRefusals } from './use-refusals.ts'

/** What is said when a time away cannot be, and when we ourselves cannot keep what was asked for. */

const { stack, inLanguage } = useRefusals({
  env: { SMTP_URL: 'smtp://127.0.0.1:9', SMTP_FROM: 'Homewatt <home@example.com>' },
})

describe.each(languages)('in %s', (language) => {
  const { page, say, open, readApi } = inLanguage(language)

  test('a time away that cannot be, each part at its field', async () => {
    const [from, until] = [say(['From', 'Von']), say(['Until', 'Bis'])]
    await open({ home: 'solar', path: '/settings/away' })
    for (const [fromText, untilText, label, said] of [
      [
        '2999-05-02T10:00',
        '2999-05-01T10:00',
        until,
        ['The end has to come after the beginning.', 'Das Ende muss nach dem Beginn liegen.'],
      ],
      [
        '',
        '2099-05-01T10:00',
        until,
        ['The end can be a year ahead at most.', 'Das Ende kann höchstens ein Jahr entfernt sein.'],
      ],
      ['', 'on Sunday', until, ['Please give a date and a time.', 'Bitte gib Datum und Uhrzeit an.']],
      [
        'soon',
        '2099-05-01T10:00',
        from,
        ['Please give a date and a time.', 'Bitte gib Datum und Uhrzeit an.'],
      ],
    ] as const) {
      for (const [name, text] of [
        [from, fromText],
        [until, untilText],
      ] as const)
        await page.getByLabel(name, { exact: true }).evaluate((field, typed) => {
          // As a browser without fields for times would let it be typed.
          Object.assign(field, { type: 'text', value: typed })
        }, text)
      await submit(page, say(['Begin', 'Beginnen']))
      await alerted(page, say(said))
      expect(await saidAt(page, label)).toContain(say(said))
      const marked = page.getByLabel(label, { exact: true })
      expect(await marked.getAttribute('aria-invalid')).toBe('true')
      if (/^\d/.test(label === from ? fromText : untilText))
        expect(await marked.inputValue()).toBe(label === from ? fromText : untilText)
      expect(await readApi('away')).toEqual({ away: null })
    }
  })

  test('what we cannot keep is not said to be done: away, messages, mail', async () => {
    await open({ home: 'heat', path: '/settings/away' })
    const nothing = say([
      'That did not work. Nothing was changed; please try again in a moment.',
      'Das hat nicht geklappt. Es wurde nichts geändert; bitte versuch es gleich noch einmal.',
    ])
    const until = page.getByLabel(say(['Until', 'Bis']), { exact: true })
    const db = new DatabaseSync(join(stack.dataDir, 'homewatt.sqlite'), { timeout: 5_000 })
    try {
      // Another process keeps the store to itself.
      db.exec('BEGIN IMMEDIATE')
      const wanted = inDays(30)
      await until.fill(wanted)
      await submit(page, say(['Begin', 'Beginnen']))
      await alerted(page, nothing)
      expect(await until.inputValue()).toBe(wanted)
      await page.goto(`${stack.url}/settings/notices`)
      await page.getByRole('checkbox').first().uncheck()
      await submit(page, say(['Save', 'Speichern']))
      await alerted(page, nothing)
      expect(await page.getByRole('checkbox').first().isChecked()).toBe(false)
      await page.getByLabel(say(['Mail address', 'E-Mail-Adresse'])).fill('someone@example.com')
      await submit(page, say(['Send code', 'Code senden']))
      await alerted(page, nothing)
      await claimsNothing(page)
    } finally {
      db.close()
    }
    expect(await readApi('away')).toEqual({ away: null })
  })
})
