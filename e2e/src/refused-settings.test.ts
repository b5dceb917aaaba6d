import type { Locator, Page } from 'playwright-core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { inDays } from './in-days.ts'
import {
  alerted,
  answer,
  claimsNothing,
  goTo,
  inWords,
  languages,
  onePhone,
  press,
  saidAt,
  submit,
  type Said,
} from './refusal.ts'
import type { ControlHome } from './stack.ts'
import { useRefusals } from './use-refusals.ts'

/**
 * What the Partner API can answer to each form of settings instead of saving, one after the other: what the person reads
 * and where, that what was typed is still there, that nothing is said to be saved, and that nothing is.
 */

// Time passes here: a look that finds what was there before is known to be a new one by its time alone.
const { stack, browser, homes, fault, inLanguage } = useRefusals({ simulatorArgs: ['--homes', '150'] })

const words = {
  check: [
    'Nothing was saved: please look at the marked fields.',
    'Es wurde nichts gespeichert: bitte die markierten Felder ansehen.',
  ],
  refused: [
    'Nothing was saved: this was not accepted.',
    'Es wurde nichts gespeichert: Das wurde nicht angenommen.',
  ],
  failed: [
    'This could not be saved just now. Nothing was changed.',
    'Das ließ sich gerade nicht speichern. Es wurde nichts geändert.',
  ],
  notTaken: [
    'This was not taken. The device has what it had before.',
    'Das wurde nicht übernommen. Das Gerät hat, was es vorher hatte.',
  ],
  unconfirmed: [
    'Not confirmed. What you see is what the device says now; please look again in a minute.',
    'Nicht bestätigt. Zu sehen ist, was das Gerät jetzt meldet; bitte in einer Minute noch einmal nachsehen.',
  ],
  unconfirmedTyped: [
    'Not confirmed. What you typed is still here; please look again in a minute.',
    'Nicht bestätigt. Was du eingegeben hast, steht noch hier; bitte in einer Minute noch einmal nachsehen.',
  ],
  cannot: ['This value cannot be used.', 'Dieser Wert geht nicht.'],
  now: ['In force now:', 'Es gilt jetzt:'],
} as const satisfies Record<string, Said>

/** Each answer to a write, and what is said of it. */
const answers = (...named: string[]): { fault: object; said: Said }[] => [
  { fault: answer(422, ...named), said: words.check },
  { fault: answer(422), said: words.refused },
  { fault: answer(403), said: words.failed },
  { fault: answer(404), said: words.failed },
  // The gateway looks, and tries a second time.
  { fault: { ...answer(503), count: 2 }, said: words.unconfirmed },
]

type Form = {
  type: ControlHome['devices'][number]['type']
  field: string
  label: Said
  save: Said
  typed: string
}

const comfort: Form = {
  type: 'heat-pumps',
  field: 'dhw_standard_temperature',
  label: ['Hot water (°C)', 'Warmwasser (°C)'],
  save: ['Save: Comfort limits', 'Speichern: Komfortgrenzen'],
  typed: '47',
}

const forms: Form[] = [
  comfort,
  {
    type: 'electric-vehicles',
    field: 'minimum_charge_limit',
    label: ['Level (%)', 'Ladestand (%)'],
    save: ['Save: Be ready by', 'Speichern: Fertig bis'],
    typed: '63',
  },
  {
    type: 'wallboxes',
    field: 'minimum_charge_limit',
    label: ['Level (%)', 'Ladestand (%)'],
    save: ['Save: Be ready by', 'Speichern: Fertig bis'],
    typed: '63',
  },
  {
    type: 'inverters',
    field: 'min_battery_charge',
    label: ['Never below (%)', 'Nie unter (%)'],
    save: ['Save: Battery reserve', 'Speichern: Reserve der Batterie'],
    typed: '27',
  },
  {
    type: 'inverters',
    field: 'solar_power_rating_kw',
    label: ['Panels, peak power (kW)', 'Module, Spitzenleistung (kW)'],
    save: ['Save: Your system', 'Speichern: Deine Anlage'],
    typed: '8.4',
  },
]

describe.each(languages)('in %s', (language) => {
  const { page, say, open, readApi } = inLanguage(language)

  /** Opens the form of a device that nobody has looked at. What this gives saves it and expects that it is not saved. */
  async function openForm(on: Page, { type, field, label, save, typed }: Form) {
    const { home, id, path } = await homes.prepare(type, {
      settings: type === 'inverters' ? { is_battery_connected: true, battery_capacity_kwh: 10 } : {},
    })
    const truth = () => valueOf({ home, id }, field)
    const before = await truth()
    await goTo(on, stack, language, { home, path: `${path}/settings` })
    const control = on.getByLabel(say(label), { exact: true })
    return async (kind: object, said: Said) => {
      await fault(kind, { home, method: 'PUT', path: id })
      await control.fill(typed)
      // The one before may have been answered with the same words.
      const answered = on.waitForResponse((response) => response.request().method() === 'PUT')
      await press(on, say(save))
      await answered
      await alerted(on, say(said))
      expect(await control.inputValue()).toBe(typed)
      expect(await control.getAttribute('aria-invalid')).toBe(String(said === words.check))
      const there = await saidAt(on, say(label))
      expect(there).toContain(`${say(words.now)} ${new Intl.NumberFormat(language).format(Number(before))}.`)
      expect(there.includes(say(words.cannot))).toBe(said === words.check)
      await claimsNothing(on)
      expect(await truth()).toBe(before)
    }
  }

  test.each(forms)('a setting of $type: $field', async (form) => {
    const expectUnsaved = await openForm(page, form)
    for (const { fault: kind, said } of answers(form.field))
      if (said !== words.unconfirmed) await expectUnsaved(kind, said)
  })

  test('each of them, when no answer comes: the page looks what became of it', async () => {
    // Side by side, for each looks for eight seconds.
    await Promise.all(
      forms.map(async (form) => {
        const phone = await onePhone(browser)
        const expectUnsaved = await openForm(phone, form)
        // The gateway looks, and tries a second time.
        await expectUnsaved({ ...answer(503), count: 2 }, words.notTaken)
        await phone.context().close()
      }),
    )
  })

  test('a weekly plan', async () => {
    const friday = say(['Friday', 'Freitag'])
    const levelLabel = say(['Friday: level in %', 'Freitag: Ladestand in %'])
    const { home, path } = await homes.prepare('electric-vehicles', {})
    await open({ home, path: `${path}/plan` })
    const [day, level] = [page.getByRole('checkbox', { name: friday }), page.getByLabel(levelLabel)]
    const policy = () => readApi(`devices${path}/charge-policy`)
    const before = await policy()
    // Nor can it be read any more.
    const blind = { fault: { ...answer(503), count: 99 }, said: words.unconfirmedTyped }
    for (const { fault, said } of [...answers('fri', 'charge_percentage'), blind]) {
      await day.check()
      await level.fill('57')
      const match = { home, path: 'charge-policy', ...(said === blind.said ? {} : { method: 'PUT' }) }
      await stack.control('POST', 'faults', { count: 1, ...fault, match })
      await submit(page, say(['Save the plan', 'Plan speichern']))
      await alerted(page, say(said))
      await stack.control('DELETE', 'faults')
      // In doubt, what holds is shown where it can be read.
      if (said !== words.unconfirmed)
        expect([await day.isChecked(), await level.inputValue()]).toEqual([true, '57'])
      expect(await level.getAttribute('aria-invalid')).toBe(String(said === words.check))
      expect(await saidAt(page, levelLabel)).toBe(said === words.check ? say(words.cannot) : '')
      await claimsNothing(page)
      expect(await policy()).toEqual(before)
    }
  })

  const modes = {
    spot: say(['By price Charging', 'Nach Preis Das Laden']),
    hems: say(['By sun Charging', 'Nach Sonne Geladen']),
    both: say(['By sun and price', 'Nach Sonne und Preis']),
  }
  const mode = (name: string) => page.getByRole('radio', { name: new RegExp(`^${name}\\b`) })
  const describedBy = async (control: Locator) =>
    (await page.locator(`[id="${await control.getAttribute('aria-describedby')}"]`).innerText()).replace(
      /\s+/g,
      ' ',
    )

  test('the charging mode and its thresholds', async () => {
    const [start, stopLabel] = [
      say(['Begin above (W)', 'Beginnen über (W)']),
      say(['Stop below (W)', 'Aufhören unter (W)']),
    ]
    const save = say(['Save', 'Speichern'])
    const { name: home, devices } = homes.take('electric-vehicles', 'inverters')
    await open({ home, path: '/settings/charging' })
    const stop = page.getByLabel(stopLabel)
    const config = () => readApi('charging-config')
    const before = await config()
    const choose = async () => {
      await mode(modes.hems).check()
      await page.getByLabel(start).fill('4200')
      await stop.fill('1100')
    }
    for (const { fault, said } of answers('hems_stop_threshold_w')) {
      await choose()
      await stack.control('POST', 'faults', {
        count: 1,
        ...fault,
        match: { home, method: 'PUT', path: 'charging-config' },
      })
      await submit(page, save)
      await alerted(page, say(said))
      await stack.control('DELETE', 'faults')
      if (said !== words.unconfirmed)
        expect([await mode(modes.hems).isChecked(), await stop.inputValue()]).toEqual([true, '1100'])
      expect(await stop.getAttribute('aria-invalid')).toBe(String(said === words.check))
      expect(await saidAt(page, stopLabel)).toBe(said === words.check ? say(words.cannot) : '')
      await claimsNothing(page)
      expect(await config()).toEqual(before)
    }

    // Without knowing what holds nothing is tried, and what was chosen stays.
    await choose()
    await stack.control('POST', 'faults', { ...answer(503), match: { home, path: 'charging-config' } })
    await submit(page, save)
    await alerted(page, say(words.failed))
    await stack.control('DELETE', 'faults')
    expect([await mode(modes.hems).isChecked(), await stop.inputValue()]).toEqual([true, '1100'])

    // Locked while somebody was choosing.
    await page.goto(`${stack.url}/settings/charging`)
    await choose()
    for (const { type, id } of devices)
      if (type === 'inverters')
        await stack.control('POST', `homes/${home}/devices/${id}`, { omit: ['current_power_to_grid_w'] })
    await submit(page, save)
    await alerted(page, say(words.check))
    const group = page.getByRole('group', { name: say(['Charging mode', 'Lademodus']) })
    expect(await describedBy(group)).toBe(
      say(['This is not available in your home.', 'Das gibt es in diesem Haushalt nicht.']),
    )
    await claimsNothing(page)
  })

  test('a mode that is locked says everything that would unlock it', async () => {
    const unlock = {
      no_ev: say(['Connect an electric vehicle.', 'Verbinde ein Elektroauto.']),
      no_battery_capacity: say([
        'The size of the car’s battery is missing. Your provider can add it.',
        'Die Größe der Autobatterie fehlt. Dein Anbieter kann sie eintragen.',
      ]),
      no_actuator: say([
        'Connect a car or a wallbox that can be switched from afar.',
        'Verbinde ein Auto oder eine Wallbox, die sich aus der Ferne schalten lässt.',
      ]),
      wallbox_not_modulating: say([
        'The wallbox cannot change its power step by step, and that is needed.',
        'Die Wallbox kann ihre Leistung nicht stufenweise ändern, und das ist nötig.',
      ]),
      no_inverter: say(['Connect an inverter.', 'Verbinde einen Wechselrichter.']),
      inverter_no_export_data: say([
        'The inverter does not tell how much goes to the grid. A meter there would.',
        'Der Wechselrichter meldet nicht, wie viel ins Netz geht. Ein Zähler dort täte es.',
      ]),
      otherwise: say([
        'This is not available in your home yet.',
        'Das gibt es in deinem Zuhause noch nicht.',
      ]),
    }
    const locked = say(['Not yet possible.', 'Noch nicht möglich.'])
    const move = (home: string, type: string, change: object) =>
      stack.control('POST', `homes/${home}/devices/${type}`, change)
    async function expectLocked(home: string, reasons: Record<string, readonly string[]>) {
      await open({ home, path: '/settings/charging' })
      for (const [name, because] of Object.entries(reasons)) {
        const choice = mode(name)
        expect(await choice.isDisabled()).toBe(true)
        expect(await describedBy(choice)).toBe([locked, ...because].join(' '))
      }
    }

    const { no_ev, no_actuator, no_battery_capacity, no_inverter } = unlock
    await expectLocked('heat', { [modes.spot]: [no_ev], [modes.hems]: [no_ev], [modes.both]: [no_ev] })
    await move('car', 'electric-vehicles', { omit: ['battery_capacity_kwh'], authenticated: false })
    await expectLocked('car', {
      [modes.spot]: [no_actuator, no_battery_capacity],
      [modes.hems]: [no_actuator, no_inverter],
      [modes.both]: [no_actuator, no_battery_capacity, no_inverter],
    })
    await move('full', 'electric-vehicles', { authenticated: false })
    await move('full', 'wallboxes', { modulates: false })
    await move('full', 'inverters', { omit: ['current_power_to_grid_w'] })
    const onSun = [unlock.wallbox_not_modulating, unlock.inverter_no_export_data]
    await expectLocked('full', { [modes.hems]: onSun, [modes.both]: onSun })
    // A reason of tomorrow, and none at all.
    const body = {
      mode: 'none',
      available_modes: ['none'],
      locked_modes: [{ mode: 'spot', reasons: ['moon_in_the_way'] }],
      devices: [],
    }
    await stack.control('POST', 'faults', {
      kind: 'status',
      status: 200,
      body,
      match: { path: 'charging-config' },
    })
    await expectLocked('full', { [modes.spot]: [unlock.otherwise], [modes.hems]: [unlock.otherwise] })
    await stack.control('DELETE', 'faults')
  })

  test('a time away, by single devices, and its end', async () => {
    const { name: home, devices } = homes.take('heat-pumps', 'electric-vehicles', 'inverters')
    const idOf = (type: string) => devices.find((device) => device.type === type)?.id ?? ''
    const optimise = (type: string, is_smart_optimization_active: boolean) =>
      stack.control('POST', `homes/${home}/devices/${idOf(type)}`, {
        settings: { is_smart_optimization_active },
      })
    for (const type of ['heat-pumps', 'electric-vehicles', 'inverters']) await optimise(type, true)
    await open({ home, path: '/settings/away' })
    await stack.control('POST', 'faults', {
      ...answer(403),
      match: { home, method: 'PUT', type: 'heat-pumps' },
    })
    await stack.control('POST', 'faults', {
      ...answer(422),
      match: { home, method: 'PUT', type: 'inverters' },
    })
    await page.getByLabel(say(['Until', 'Bis'])).fill(inDays(3))
    await submit(page, say(['Begin', 'Beginnen']))
    await page
      .getByRole('heading', { name: new RegExp(say(['^You are away until', '^Du bist abwesend bis'])) })
      .waitFor()
    const states = page.getByRole('main').getByRole('listitem')
    const told = (text: Said) => states.filter({ hasText: say(text) }).count()
    expect(await told(['cannot be switched from here', 'lässt sich von hier nicht schalten'])).toBe(2)
    const optimised = async () =>
      Promise.all(
        ['heat-pumps', 'electric-vehicles', 'inverters'].map((type) =>
          valueOf({ home, id: idOf(type) }, 'is_smart_optimization_active'),
        ),
      )
    expect(await optimised()).toEqual([true, false, true])

    // A partner that fails in the middle of the way back: nothing is said to be on that is not, and it goes on.
    await stack.control('DELETE', 'faults')
    await stack.control('POST', 'faults', { ...answer(503), match: { home, method: 'PUT' } })
    await submit(page, say(['End now', 'Jetzt beenden']))
    await page.getByRole('heading', { name: say(['You are back.', 'Du bist zurück.']) }).waitFor()
    await page
      .getByText(say(['Not all devices can be reached since', 'sind nicht alle Geräte erreichbar']))
      .waitFor()
    expect(await told(['being switched on again', 'wird wieder eingeschaltet'])).toBeGreaterThan(0)
    expect(
      await page.getByText(say(['Your time away is over.', 'Deine Abwesenheit ist beendet.'])).count(),
    ).toBe(0)
    expect(await optimised()).toEqual([true, false, true])
    await stack.control('DELETE', 'faults')
  })
})

// Last: from then on the whole account is left alone for a minute.
test('where the partner asks to be left alone, what was to be saved is not, and says so', async () => {
  const { type, field, label, save, typed } = comfort
  const { home, id, path } = await homes.prepare(type, {})
  const truth = () => valueOf({ home, id }, field)
  const before = await truth()
  // Both before: nobody can sign in then.
  const opened = await Promise.all(
    languages.map(async (language) => {
      const page = await onePhone(browser)
      onTestFinished(() => page.context().close())
      await goTo(page, stack, language, { home, path: `${path}/settings` })
      return { page, language }
    }),
  )
  await fault({ kind: 'rate_limit', retry_after_s: 60 }, { home, method: 'PUT', path: id })
  for (const { page, language } of opened) {
    const control = page.getByLabel(inWords(label, language), { exact: true })
    await control.fill(typed)
    await press(page, inWords(save, language))
    await alerted(page, inWords(words.failed, language))
    expect(await control.inputValue()).toBe(typed)
    await claimsNothing(page)
    expect(await truth()).toBe(before)
  }
})

/** What the simulator has, whatever the screen says. */
async function valueOf({ home, id }: { home: string; id: string }, field: string): Promise<unknown> {
  return ((await stack.control('GET', `homes/${home}/devices/${id}`)) as Record<string, unknown>)[field]
}
