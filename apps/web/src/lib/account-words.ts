import type { Language } from '@homewatt/ui/words'

/** What the pages of settings, activity, sessions and history say. Rendered on the server only, so no script carries it. */
export type AccountWords = {
  settings: {
    title: string
    devicesTitle: string
    homeTitle: string
    youTitle: string
    connect: [name: string, text: string]
    home: [name: string, text: string]
    contract: [name: string, text: string]
    charging: [name: string, text: string]
    away: [name: string, text: string]
    notices: [name: string, text: string]
    activity: [name: string, text: string]
    sessions: [name: string, text: string]
    history: [name: string, text: string]
  }
  activity: {
    title: string
    lead: string
    none: string
    older: string
    /** By the name of the command; others are `other`. */
    commands: Readonly<Record<string, string>>
    other: string
    /** By the name of the field; others are not shown. */
    fields: Readonly<Record<string, string>>
    on: string
    off: string
    nothing: string
    done: string
    doubt: string
    underWay: string
    refused: string
    impossible: string
    notDone: string
    unreachable: string
    notAllowed: string
    here: string
    elsewhere: string
  }
  sessions: {
    title: string
    lead: string
    unknown: string
    here: string
    used(at: string): string
    began(at: string): string
    end(client: string): string
    endShort: string
    endOthers: string
    only: string
    ended: string
    failed: string
  }
  history: {
    title: string
    lead: string
    paused: string
    on: [name: string, text: string]
    off: [name: string, text: string]
    save: string
    saved: string
    deleteTitle: string
    deleteText: string
    delete: string
    sure: string
    deleted: string
    failed: string
  }
}

const en: AccountWords = {
  settings: {
    title: 'Settings',
    devicesTitle: 'Devices',
    homeTitle: 'Your home',
    youTitle: 'You',
    connect: ['Connect a device', 'Heat pump, car, inverter or wallbox'],
    home: ['Buildings', 'Where your devices stand'],
    contract: ['Energy contract', 'How you pay for electricity'],
    charging: ['Charging mode', 'By price, by sun, or as plugged in'],
    away: ['Away', 'One switch for all devices, with an end'],
    notices: ['Messages', 'What you are told about, and where'],
    activity: ['What was done', 'Every change in your name, and how it ended'],
    sessions: ['Where you are signed in', 'Browsers and phones, each of which can be signed out'],
    history: ['History', 'Whether readings are kept, and deleting them'],
  },
  activity: {
    title: 'What was done',
    lead: 'Every change that was asked for in your name, newest first.',
    none: 'Nothing has been changed yet.',
    older: 'Older entries',
    commands: {
      boost: 'Charge now',
      cancel_boost: 'Charge now called off',
      settings: 'Settings',
      charge_plan: 'Weekly plan',
      charging_config: 'Charging mode',
      start_action: 'Reconnecting begun',
      connect: 'Connecting a device begun',
      away: 'Away',
      away_end: 'Away ended',
      history_settings: 'Keeping of history',
      delete_history: 'History deleted',
      notice_settings: 'Messages',
      notice_email: 'Mail address for messages',
      notice_email_end: 'Mail address removed',
      add_building: 'Building added',
      change_building: 'Building changed',
      remove_building: 'Building removed',
      add_energy_contract: 'Energy contract added',
      change_energy_contract: 'Energy contract changed',
    },
    other: 'A change',
    fields: {
      is_smart_optimization_active: 'Smart optimization',
      optimization_level: 'Level',
      minimum_temperature_limit: 'Room, at least (°C)',
      maximum_temperature_limit: 'Room, at most (°C)',
      dhw_standard_temperature: 'Hot water (°C)',
      minimum_dhw_temperature_limit: 'Hot water, never below (°C)',
      is_hot_water_heating_enabled: 'Hot water',
      is_charge_policy_enabled: 'Ready by a time',
      charge_deadline_at: 'Time',
      minimum_charge_limit: 'Level (%)',
      min_battery_charge: 'Never below (%)',
      max_battery_charge: 'Never above (%)',
      solar_power_rating_kw: 'Panels (kW)',
      battery_capacity_kwh: 'Battery (kWh)',
      is_battery_connected: 'Home battery',
      hems_start_threshold_w: 'Begin above (W)',
      hems_stop_threshold_w: 'Stop below (W)',
      is_kept: 'Readings are kept',
    },
    on: 'on',
    off: 'off',
    nothing: 'none',
    done: 'Done',
    doubt: 'Sent, and never confirmed',
    underWay: 'Begun, the end is not known',
    refused: 'Refused by the device',
    impossible: 'Not taken: a value was not possible',
    notDone: 'Not done',
    unreachable: 'Not done: the partner could not be asked',
    notAllowed: 'Not done: not available for your account',
    here: 'in this browser',
    elsewhere: 'in another browser',
  },
  sessions: {
    title: 'Where you are signed in',
    lead: 'A browser that you sign out here has to sign in again before it sees anything of your home.',
    unknown: 'A browser',
    here: 'This browser',
    used: (at) => `Last used ${at}`,
    began: (at) => `Signed in ${at}`,
    end: (client) => `Sign out: ${client}`,
    endShort: 'Sign out',
    endOthers: 'Sign out everywhere else',
    only: 'You are signed in nowhere else.',
    ended: 'Signed out.',
    failed: 'That did not work. Please try again in a moment.',
  },
  history: {
    title: 'History',
    lead: 'What your devices report is kept, so that you can look back. It is yours alone.',
    paused: 'Readings cannot be kept at the moment. They are added as soon as that is possible again.',
    on: ['Keep', 'Every report of every device, as long as your provider provides for.'],
    off: ['Do not keep', 'Live values are shown as always. What was kept before stays until you delete it.'],
    save: 'Save',
    saved: 'Saved.',
    deleteTitle: 'Delete',
    deleteText: 'All readings that were kept of your home are deleted at once. Nobody can bring them back.',
    delete: 'Delete the history',
    sure: 'I know that it cannot be brought back',
    deleted: 'Your history is deleted.',
    failed: 'That did not work. Nothing was changed; please try again in a moment.',
  },
}

const de: AccountWords = {
  settings: {
    title: 'Einstellungen',
    devicesTitle: 'Geräte',
    homeTitle: 'Dein Zuhause',
    youTitle: 'Du',
    connect: ['Gerät verbinden', 'Wärmepumpe, Auto, Wechselrichter oder Wallbox'],
    home: ['Gebäude', 'Wo deine Geräte stehen'],
    contract: ['Stromvertrag', 'Wie du Strom bezahlst'],
    charging: ['Lademodus', 'Nach Preis, nach Sonne oder sofort'],
    away: ['Abwesend', 'Ein Schalter für alle Geräte, mit einem Ende'],
    notices: ['Nachrichten', 'Wovon du erfährst, und wo'],
    activity: ['Was getan wurde', 'Jede Änderung in deinem Namen, und wie sie ausging'],
    sessions: ['Wo du angemeldet bist', 'Browser und Telefone; jedes lässt sich abmelden'],
    history: ['Verlauf', 'Ob Messwerte aufgehoben werden, und wie du sie löschst'],
  },
  activity: {
    title: 'Was getan wurde',
    lead: 'Jede Änderung, die in deinem Namen verlangt wurde, die neueste zuerst.',
    none: 'Es wurde noch nichts geändert.',
    older: 'Ältere Einträge',
    commands: {
      boost: 'Jetzt laden',
      cancel_boost: 'Jetzt laden abgesagt',
      settings: 'Einstellungen',
      charge_plan: 'Wochenplan',
      charging_config: 'Lademodus',
      start_action: 'Neu verbinden begonnen',
      connect: 'Verbinden eines Geräts begonnen',
      away: 'Abwesend',
      away_end: 'Abwesenheit beendet',
      history_settings: 'Aufheben des Verlaufs',
      delete_history: 'Verlauf gelöscht',
      notice_settings: 'Nachrichten',
      notice_email: 'E-Mail-Adresse für Nachrichten',
      notice_email_end: 'E-Mail-Adresse entfernt',
      add_building: 'Gebäude hinzugefügt',
      change_building: 'Gebäude geändert',
      remove_building: 'Gebäude entfernt',
      add_energy_contract: 'Stromvertrag hinzugefügt',
      change_energy_contract: 'Stromvertrag geändert',
    },
    other: 'Eine Änderung',
    fields: {
      is_smart_optimization_active: 'Intelligente Optimierung',
      optimization_level: 'Stufe',
      minimum_temperature_limit: 'Raum, mindestens (°C)',
      maximum_temperature_limit: 'Raum, höchstens (°C)',
      dhw_standard_temperature: 'Warmwasser (°C)',
      minimum_dhw_temperature_limit: 'Warmwasser, nie unter (°C)',
      is_hot_water_heating_enabled: 'Warmwasser',
      is_charge_policy_enabled: 'Fertig bis zu einer Uhrzeit',
      charge_deadline_at: 'Uhrzeit',
      minimum_charge_limit: 'Ladestand (%)',
      min_battery_charge: 'Nie unter (%)',
      max_battery_charge: 'Nie über (%)',
      solar_power_rating_kw: 'Module (kW)',
      battery_capacity_kwh: 'Batterie (kWh)',
      is_battery_connected: 'Hausbatterie',
      hems_start_threshold_w: 'Beginnen über (W)',
      hems_stop_threshold_w: 'Aufhören unter (W)',
      is_kept: 'Messwerte werden aufgehoben',
    },
    on: 'ein',
    off: 'aus',
    nothing: 'keine Angabe',
    done: 'Erledigt',
    doubt: 'Gesendet und nie bestätigt',
    underWay: 'Begonnen, der Ausgang ist nicht bekannt',
    refused: 'Vom Gerät abgelehnt',
    impossible: 'Nicht angenommen: Ein Wert war nicht möglich',
    notDone: 'Nicht erledigt',
    unreachable: 'Nicht erledigt: Der Partner war nicht erreichbar',
    notAllowed: 'Nicht erledigt: für dein Konto nicht verfügbar',
    here: 'in diesem Browser',
    elsewhere: 'in einem anderen Browser',
  },
  sessions: {
    title: 'Wo du angemeldet bist',
    lead: 'Ein Browser, den du hier abmeldest, muss sich neu anmelden, bevor er wieder etwas von deinem Zuhause sieht.',
    unknown: 'Ein Browser',
    here: 'Dieser Browser',
    used: (at) => `Zuletzt benutzt: ${at}`,
    began: (at) => `Angemeldet: ${at}`,
    end: (client) => `Abmelden: ${client}`,
    endShort: 'Abmelden',
    endOthers: 'Überall sonst abmelden',
    only: 'Du bist sonst nirgends angemeldet.',
    ended: 'Abgemeldet.',
    failed: 'Das hat nicht geklappt. Bitte versuch es gleich noch einmal.',
  },
  history: {
    title: 'Verlauf',
    lead: 'Was deine Geräte melden, wird aufgehoben, damit du zurückblicken kannst. Es gehört nur dir.',
    paused: 'Messwerte lassen sich gerade nicht aufheben. Sie werden nachgetragen, sobald es wieder geht.',
    on: ['Aufheben', 'Jede Meldung jedes Geräts, so lange dein Anbieter es vorsieht.'],
    off: [
      'Nicht aufheben',
      'Aktuelle Werte sind zu sehen wie immer. Was vorher aufgehoben wurde, bleibt, bis du es löschst.',
    ],
    save: 'Speichern',
    saved: 'Gespeichert.',
    deleteTitle: 'Löschen',
    deleteText:
      'Alle aufgehobenen Messwerte deines Zuhauses werden sofort gelöscht. Niemand kann sie zurückholen.',
    delete: 'Verlauf löschen',
    sure: 'Ich weiß, dass er sich nicht zurückholen lässt',
    deleted: 'Dein Verlauf ist gelöscht.',
    failed: 'Das hat nicht geklappt. Es wurde nichts geändert; bitte versuch es gleich noch einmal.',
  },
}

export const accountWords: Readonly<Record<Language, AccountWords>> = { en, de }
