import { de as display } from '@homewatt/display'
import type { Words } from './words.ts'

export const words: Words = {
  display,
  skipToContent: 'Zum Inhalt springen',
  yourHome: 'Dein Zuhause',
  lastKnown: 'Zuletzt bekannter Stand',
  devices: 'Geräte',
  back: 'Übersicht',
  settings: 'Einstellungen',
  more: { title: 'Mehr', away: 'Abwesend', messages: 'Nachrichten', settings: 'Einstellungen' },
  language: 'Sprache',
  readings: 'Messwerte',
  updatedAt: 'Vom Hersteller übermittelt',
  nextUpdate: (time) => `Das nächste Mal etwa ${time}`,

  attention: {
    title: 'Braucht Aufmerksamkeit',
    opening: (host) => `Weiter zu ${host} …`,
    continueButton: 'Weiter beim Hersteller',
    resolveButton: 'Erledigen',
    unavailable: 'Das lässt sich gerade nicht starten. Bitte in ein paar Minuten noch einmal versuchen.',
    contact: (name) => `${name} kontaktieren`,
  },

  live: {
    live: 'Live',
    polling: (seconds) => `Live-Verbindung unterbrochen – Abfrage alle ${seconds} s`,
    offline: 'Keine Verbindung – zuletzt bekannte Werte',
    outdated: 'Es gibt eine neue Version.',
    reload: 'Neu laden',
  },

  refresh: {
    button: 'Aktualisieren',
    busy: 'Wird aktualisiert …',
    done: 'Gerade geprüft',
    failed: 'Das Aktualisieren hat nicht geklappt. Zu sehen sind die zuletzt bekannten Werte.',
    pull: 'Zum Aktualisieren ziehen',
    release: 'Loslassen zum Aktualisieren',
  },

  flow: {
    title: 'Energiefluss',
    asTable: 'Als Tabelle zeigen',
    from: 'Von',
    to: 'Nach',
    power: 'Leistung',
    more: (n) => `+ ${n} weitere`,
    differentMinutes: 'Geräte melden zu verschiedenen Minuten; ein Teil kann kurz größer sein als das Ganze.',
    sentence: {
      solarOnly: 'Dein Zuhause läuft mit Solarstrom.',
      batteryOnly: 'Dein Zuhause läuft aus der Batterie.',
      gridOnly: 'Dein Zuhause läuft mit Netzstrom.',
      solarAndBattery: 'Dein Zuhause läuft mit Solarstrom und Batterie.',
      solarShare: (percent) => `Solarstrom deckt ${percent} deines Zuhauses.`,
      batteryShare: (percent) => `Die Batterie deckt ${percent} deines Zuhauses.`,
      idle: 'Dein Zuhause braucht gerade keinen Strom.',
      unknown: 'Einige Werte werden gerade nicht gemeldet.',
      uses: (power) => `Es braucht gerade ${power}.`,
      fromGrid: (power) => `${power} kommen aus dem Netz.`,
      toGrid: (power) => `${power} gehen ins Netz.`,
      toBattery: (power) => `${power} laden die Batterie.`,
      toBatteryAndGrid: (battery, grid) => `${battery} laden die Batterie, ${grid} gehen ins Netz.`,
    },
  },

  charging: {
    title: 'Laden',
    elapsed: (time) => `seit ${time}`,
    armed: 'Vorgemerkt. Beim nächsten Anstecken wird geladen.',
    disarmed: 'Rückgängig gemacht. Das nächste Anstecken lädt wie gewohnt.',
    cancelled: 'Der Boost wird gestoppt.',
    checking: 'Wird geprüft …',
    unconfirmed: 'Gesendet, aber noch nicht bestätigt. Bitte in einer Minute noch einmal nachsehen.',
    failed: 'Das hat nicht geklappt. Bitte gleich noch einmal versuchen.',
    tooSoon: 'Zu schnell. Bitte gleich noch einmal versuchen.',
  },

  smartOptimization: 'Intelligente Optimierung',
  heatLevel: 'Heizstufe',

  empty: {
    title: 'Noch keine Geräte',
    text: 'Sobald eine Wärmepumpe, ein Elektroauto, ein Wechselrichter oder eine Wallbox verbunden ist, erscheint sie hier mit aktuellen Werten.',
    connect: 'Gerät verbinden',
  },
  loading: { title: 'Wird geladen', text: 'Die ersten Werte sind unterwegs.' },

  demo: {
    banner: (home) => `Demo-Haus: ${home}`,
    choose: 'Ein anderes wählen',
  },
  signOut: 'Abmelden',
  notFound: 'Diese Seite gibt es nicht, oder sie gehört zu einem anderen Zuhause.',
}
