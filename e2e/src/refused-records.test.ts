import { describe, expect, test } from 'vitest'
import { alerted, answer, claimsNothing, languages, saidAt, submit, type Said } from './refusal.ts'
import { exactly } from './screen.ts'
import { useRefusals } from './use-refusals.ts'

/** What is said when a building or an energy contract is not kept, not removed or not there to be read. */

const { stack, fault, heal, inLanguage } = useRefusals()

describe.each(languages)('in %s', (language) => {
  const { page, say, open, readApi } = inLanguage(language)

  const record = {
    check: say([
      'Nothing was saved: please look at the marked fields.',
      'Es wurde nichts gespeichert: Bitte sieh dir die markierten Felder an.',
    ]),
    failed: say([
      'This could not be saved just now. Nothing was changed, and what you typed is still here.',
      'Das ließ sich gerade nicht speichern. Es wurde nichts geändert, und was du eingegeben hast, steht noch hier.',
    ]),
    save: say(['Save', 'Speichern']),
    doubt: new RegExp(
      say(['^\\s*Not confirmed: it may be there already', '^\\s*Nicht bestätigt: Es kann schon da sein']),
    ),
  }
  const choose: Said = ['Please choose one of the list.', 'Bitte wähle etwas aus der Liste.']
  const hundred: Said = ['Please use up to 100 characters.', 'Bitte höchstens 100 Zeichen.']
  type Field = [where: string, label: Said, said: Said]
  /**
   * Saves something new against one answer after the other: every field is refused by name, then none of this form's,
   * then nobody knows. After each, `still` looks whether all is as it was.
   */
  async function saveRefused(path: string, fields: readonly Field[], still: () => Promise<void>) {
    const detail = fields.map(([where]) => ({ loc: ['body', ...where.split('.')] }))
    for (const [kind, said] of [
      [{ kind: 'status', status: 422, body: { detail } }, exactly(record.check)],
      [answer(422, 'space_heating'), exactly(record.failed)],
      [answer(422), exactly(record.failed)],
      [{ ...answer(503), count: 2 }, record.doubt],
    ] as const) {
      await fault(kind, { path, method: 'POST' })
      await submit(page, record.save)
      await page.getByRole('alert').filter({ hasText: said }).waitFor()
      await heal()
      for (const [, label, wrong] of fields) {
        const isMarked = said.test(record.check)
        expect(await page.getByLabel(say(label), { exact: true }).getAttribute('aria-invalid')).toBe(
          String(isMarked),
        )
        if (isMarked) expect(await saidAt(page, say(label))).toContain(say(wrong))
      }
      await claimsNothing(page)
      await still()
    }
  }

  // Each home has its own count of tries.
  const lived = language === 'en' ? 'full' : 'many'

  test('a building, each of its fields, and its removal', async () => {
    const fields: Field[] = [
      [
        'name',
        ['Name', 'Name'],
        [
          'Please give it a name of up to 100 characters.',
          'Bitte gib einen Namen mit höchstens 100 Zeichen an.',
        ],
      ],
      ['property_type', ['Kind of house', 'Art des Hauses'], choose],
      [
        'property_size_m2',
        ['Living space (m²)', 'Wohnfläche (m²)'],
        [
          'Please enter whole square metres, for example 140.',
          'Bitte gib ganze Quadratmeter an, zum Beispiel 140.',
        ],
      ],
      ['photovoltaic', ['Solar panels', 'Solaranlage'], choose],
      ['street_and_number', ['Street and number', 'Straße und Hausnummer'], hundred],
      ['street_add_info', ['Addition', 'Zusatz'], hundred],
      [
        'zip_code',
        ['Postcode', 'Postleitzahl'],
        ['Please use up to 20 characters.', 'Bitte höchstens 20 Zeichen.'],
      ],
      ['town', ['Town', 'Ort'], hundred],
      ['country', ['Country', 'Land'], ['Please use up to 60 characters.', 'Bitte höchstens 60 Zeichen.']],
      [
        'num_occupants',
        ['People', 'Personen'],
        ['Please enter a whole number, for example 3.', 'Bitte gib eine ganze Zahl an, zum Beispiel 3.'],
      ],
      ['occupant_type', ['Kind of household', 'Art des Haushalts'], choose],
    ]
    await open({ home: lived, path: '/settings/home/new' })
    const before = await readApi('buildings')
    const town = page.getByLabel(say(['Town', 'Ort']), { exact: true })
    await page.getByLabel('Name', { exact: true }).fill('Altbau')
    await town.fill('Winterthur')
    await saveRefused('buildings', fields, async () => {
      expect(await town.inputValue()).toBe('Winterthur')
      expect(await readApi('buildings')).toEqual(before)
    })

    await page.goto(`${stack.url}/settings/home`)
    await page
      .getByRole('link', { name: say(['Change:', 'Ändern:']) })
      .first()
      .click()
    const remove = say(['Remove the building', 'Gebäude entfernen'])
    for (const [kind, said] of [
      [answer(403), exactly(record.failed)],
      [
        { kind: 'reset', count: 2 },
        new RegExp(
          say(['Not confirmed: it may be gone or not.', 'Nicht bestätigt: Es kann weg sein oder nicht.']),
        ),
      ],
    ] as const) {
      await page
        .getByLabel(say(['I want to remove this building', 'Ich möchte dieses Gebäude entfernen']))
        .check()
      await fault(kind, { method: 'DELETE', path: 'buildings' })
      await submit(page, remove)
      await page.getByRole('alert').filter({ hasText: said }).waitFor()
      await heal()
      await claimsNothing(page)
      expect(await readApi('buildings')).toEqual(before)
    }

    for (const list of ['buildings', 'energy-contracts']) await fault(answer(503), { path: list }, 99)
    for (const [path, said] of [
      [
        'home',
        say([
          'Your buildings cannot be shown just now. Nothing is lost.',
          'Deine Gebäude lassen sich gerade nicht anzeigen. Es ist nichts verloren.',
        ]),
      ],
      [
        'contract',
        say([
          'Your contract cannot be shown just now. Nothing is lost.',
          'Dein Vertrag lässt sich gerade nicht anzeigen. Es ist nichts verloren.',
        ]),
      ],
    ] as const) {
      await page.goto(`${stack.url}/settings/${path}`)
      await alerted(page, said)
      await page.getByRole('link', { name: say(['Try again', 'Noch einmal versuchen']) }).waitFor()
    }
    await heal()
  })

  test('an energy contract and each of its fields', async () => {
    const fields: Field[] = [
      ['energy_contract_type', ['Kind of contract', 'Art des Vertrags'], choose],
      ['supplier', ['Supplier', 'Anbieter'], hundred],
      [
        'meter_id',
        ['Meter number', 'Zählernummer'],
        ['Please use up to 19 characters.', 'Bitte höchstens 19 Zeichen.'],
      ],
      ['building_id', ['Holds for', 'Gilt für'], choose],
      [
        'energy_prices.0.price',
        ['Price per kWh', 'Preis pro kWh'],
        ['Please enter a number, for example 0.31.', 'Bitte gib eine Zahl an, zum Beispiel 0,31.'],
      ],
      [
        'currency_energy_price',
        ['Currency', 'Währung'],
        [
          'A price needs its currency in three letters, for example EUR.',
          'Ein Preis braucht seine Währung in drei Buchstaben, zum Beispiel EUR.',
        ],
      ],
      [
        'energy_price_includes_external_components',
        ['With grid fees and taxes', 'Mit Netzentgelten und Steuern'],
        choose,
      ],
    ]
    await open({ home: lived, path: '/settings/contract/new' })
    const before = await readApi('energy-contracts')
    const supplier = page.getByLabel(say(['Supplier', 'Anbieter']))
    const price = page.getByLabel(say(['Price per kWh', 'Preis pro kWh']))
    await page.getByLabel(say(['Kind of contract', 'Art des Vertrags'])).selectOption({ index: 1 })
    await supplier.fill('Stadtwerk Probe')
    await price.fill('0,31')
    await saveRefused('energy-contracts', fields, async () => {
      expect([await supplier.inputValue(), await price.inputValue()]).toEqual(['Stadtwerk Probe', '0,31'])
      expect(await readApi('energy-contracts')).toEqual(before)
    })
  })
})
