import type { ChargingMode, LockReason } from '@homewatt/contract'
import type { ClockChange } from '@homewatt/display'
import type { Language } from './words.ts'

/** What the pages of the weekly plan and of the charging mode say. Apart from the other words: only they need them. */
export type ChargingWords = {
  plan: {
    title: string
    link: string
    lead: string
    /** Where a time or a level is asked for: which day, for those who do not see the row. */
    time(day: string): string
    level(day: string): string
    timeShort: string
    levelShort: string
    asDaily(time: string, percent: string): string
    noDaily: string
    copyTitle: string
    copyFrom: string
    copyTo: Record<'weekdays' | 'weekend' | 'all', string>
    copied: string
    save: string
    nextTitle: string
    next(percent: string): string
    ofDaily: string
    none: string
    isOff: string
    turnOn: string
    zone(zone: string): string
    clock: Record<ClockChange['kind'], (day: string, from: string, to: string) => string>
    unreadable: string
    retry: string
    wrongTime: string
    wrongLevel: string
  }
  mode: {
    title: string
    link: string
    lead: string
    modes: Record<ChargingMode, { name: string; text: string }>
    locked: string
    unlock: Record<LockReason, string>
    lockedOtherwise: string
    thresholdsTitle: string
    thresholdsText: string
    start: string
    stop: string
    band(watts: string): string
    save: string
    onSun: string
    notOnSun: string
    unreadable: string
  }
}

const en: ChargingWords = {
  plan: {
    title: 'Weekly plan',
    link: 'Different times on different days',
    lead: 'On each day that is ticked, the car is ready by its own time and level.',
    time: (day) => `${day}: ready by`,
    level: (day) => `${day}: level in %`,
    timeShort: 'Ready by',
    levelShort: 'Level, %',
    asDaily: (time, percent) => `On days that are not ticked, the usual counts: ${percent} by ${time}.`,
    noDaily: 'On days that are not ticked, there is no time to be ready by.',
    copyTitle: 'Copy one day to others',
    copyFrom: 'Day',
    copyTo: { weekdays: 'To Monday to Friday', weekend: 'To the weekend', all: 'To all days' },
    copied: 'Copied. Nothing is saved yet.',
    save: 'Save the plan',
    nextTitle: 'The next times to be ready',
    next: (percent) => `at least ${percent}`,
    ofDaily: 'as every day',
    none: 'No day has a time yet.',
    isOff: 'Being ready by a time is switched off, so this plan rests.',
    turnOn: 'Switch it on in the settings',
    zone: (zone) => `All times are by the clock of ${zone}.`,
    clock: {
      skipped: (day, from, to) =>
        `On ${day} the clocks go from ${from} straight to ${to}. A time in between counts as ${to}.`,
      doubled: (day, from, to) =>
        `On ${day} the time from ${from} to ${to} comes twice. A time in it counts the first time.`,
    },
    unreadable: 'The plan cannot be read at the moment, so it cannot be changed here. Nothing is lost.',
    retry: 'Try again',
    wrongTime: 'Please give a time of day, such as 07:00.',
    wrongLevel: 'Please give a whole number from 0 to 100.',
  },
  mode: {
    title: 'Charging mode',
    link: 'By price, by sun, or as plugged in',
    lead: 'For all cars and wallboxes of your home together.',
    modes: {
      none: { name: 'As plugged in', text: 'Nothing is moved: charging begins when the car asks for it.' },
      spot: { name: 'By price', text: 'Charging moves to hours in which power is cheap.' },
      hems: { name: 'By sun', text: 'Charging takes what the roof would otherwise give to the grid.' },
      hems_and_spot: {
        name: 'By sun and price',
        text: 'First what the roof gives, then hours in which power is cheap.',
      },
    },
    locked: 'Not yet possible',
    unlock: {
      no_ev: 'Connect an electric vehicle.',
      no_battery_capacity: 'The size of the car’s battery is missing. Your provider can add it.',
      no_actuator: 'Connect a car or a wallbox that can be switched from afar.',
      wallbox_not_modulating: 'The wallbox cannot change its power step by step, and that is needed.',
      no_inverter: 'Connect an inverter.',
      inverter_no_export_data: 'The inverter does not tell how much goes to the grid. A meter there would.',
    },
    lockedOtherwise: 'This is not available in your home yet.',
    thresholdsTitle: 'When the sun is enough',
    thresholdsText:
      'What is left over for the grid decides. A wide gap between the two spares car and wallbox from switching often.',
    start: 'Begin above (W)',
    stop: 'Stop below (W)',
    band: (watts) => `Your devices need at least ${watts} between the two.`,
    save: 'Save',
    onSun: 'Charging on sun just now.',
    notOnSun: 'Not charging on sun just now.',
    unreadable: 'The charging mode cannot be read at the moment, so it cannot be changed here.',
  },
}

const de: ChargingWords = {
  plan: {
    title: 'Wochenplan',
    link: 'Andere Zeiten an anderen Tagen',
    lead: 'An jedem angekreuzten Tag ist das Auto zu seiner eigenen Uhrzeit mit seinem eigenen Ladestand fertig.',
    time: (day) => `${day}: fertig bis`,
    level: (day) => `${day}: Ladestand in %`,
    timeShort: 'Fertig bis',
    levelShort: 'Stand, %',
    asDaily: (time, percent) => `An Tagen ohne Kreuz gilt das Übliche: ${percent} bis ${time}.`,
    noDaily: 'An Tagen ohne Kreuz gibt es keine Uhrzeit, zu der das Auto fertig sein muss.',
    copyTitle: 'Einen Tag auf andere übertragen',
    copyFrom: 'Tag',
    copyTo: { weekdays: 'Auf Montag bis Freitag', weekend: 'Auf das Wochenende', all: 'Auf alle Tage' },
    copied: 'Übertragen. Gespeichert ist noch nichts.',
    save: 'Plan speichern',
    nextTitle: 'Die nächsten Male',
    next: (percent) => `mindestens ${percent}`,
    ofDaily: 'wie jeden Tag',
    none: 'Noch kein Tag hat eine Uhrzeit.',
    isOff: 'Das Laden bis zu einer Uhrzeit ist ausgeschaltet, darum ruht dieser Plan.',
    turnOn: 'In den Einstellungen einschalten',
    zone: (zone) => `Alle Zeiten gelten nach der Uhr von ${zone}.`,
    clock: {
      skipped: (day, from, to) =>
        `Am ${day} springt die Uhr von ${from} auf ${to}. Eine Uhrzeit dazwischen gilt als ${to}.`,
      doubled: (day, from, to) =>
        `Am ${day} gibt es die Zeit von ${from} bis ${to} zweimal. Eine Uhrzeit darin gilt beim ersten Mal.`,
    },
    unreadable: 'Der Plan lässt sich gerade nicht lesen und darum hier nicht ändern. Es ist nichts verloren.',
    retry: 'Noch einmal versuchen',
    wrongTime: 'Bitte eine Uhrzeit angeben, zum Beispiel 07:00.',
    wrongLevel: 'Bitte eine ganze Zahl von 0 bis 100 angeben.',
  },
  mode: {
    title: 'Lademodus',
    link: 'Nach Preis, nach Sonne oder sofort',
    lead: 'Für alle Autos und Wallboxen deines Zuhauses zusammen.',
    modes: {
      none: {
        name: 'Sofort',
        text: 'Nichts wird verschoben: Es wird geladen, sobald das Auto danach fragt.',
      },
      spot: { name: 'Nach Preis', text: 'Das Laden rückt in Stunden, in denen Strom günstig ist.' },
      hems: { name: 'Nach Sonne', text: 'Geladen wird, was vom Dach sonst ins Netz ginge.' },
      hems_and_spot: {
        name: 'Nach Sonne und Preis',
        text: 'Zuerst, was das Dach hergibt, dann Stunden, in denen Strom günstig ist.',
      },
    },
    locked: 'Noch nicht möglich',
    unlock: {
      no_ev: 'Verbinde ein Elektroauto.',
      no_battery_capacity: 'Die Größe der Autobatterie fehlt. Dein Anbieter kann sie eintragen.',
      no_actuator: 'Verbinde ein Auto oder eine Wallbox, die sich aus der Ferne schalten lässt.',
      wallbox_not_modulating: 'Die Wallbox kann ihre Leistung nicht stufenweise ändern, und das ist nötig.',
      no_inverter: 'Verbinde einen Wechselrichter.',
      inverter_no_export_data:
        'Der Wechselrichter meldet nicht, wie viel ins Netz geht. Ein Zähler dort täte es.',
    },
    lockedOtherwise: 'Das gibt es in deinem Zuhause noch nicht.',
    thresholdsTitle: 'Wann die Sonne reicht',
    thresholdsText:
      'Es zählt, was für das Netz übrig bleibt. Ein weiter Abstand erspart Auto und Wallbox häufiges Schalten.',
    start: 'Beginnen über (W)',
    stop: 'Aufhören unter (W)',
    band: (watts) => `Deine Geräte brauchen mindestens ${watts} dazwischen.`,
    save: 'Speichern',
    onSun: 'Gerade wird mit Sonne geladen.',
    notOnSun: 'Gerade wird nicht mit Sonne geladen.',
    unreadable: 'Der Lademodus lässt sich gerade nicht lesen und darum hier nicht ändern.',
  },
}

export const chargingWords: Readonly<Record<Language, ChargingWords>> = { en, de }
