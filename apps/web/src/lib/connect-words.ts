import type { DeviceType } from '@homewatt/contract'
import type { Language } from '@homewatt/ui/words'

/** What the pages of connecting a device say. Rendered on the server only, so no script carries it. */
export type ConnectWords = {
  title: string
  lead: string
  types: Record<DeviceType, string>
  connect(type: string): string
  where: string
  somewhere: string
  going(host: string): string
  goOn: string
  unavailable: string
  failed: string
  tooSoon: string
  pending(type: string): string
  pendingLink: string
  claim: {
    title: string
    text: string
    button: string
    url: string
    token: string
    expires(at: string): string
    once: string
    next: string
  }
  back: {
    title: string
    cancelled: string
    cancelledText: string
    again: string
    nothing: string
    steps: { linked: string; found: string; reporting: string }
    doing: string
    done: string
    waitText: string
    longText: string
    /** Instead of either, while the list of devices cannot be asked for. */
    blindText: string
    look: string
    doneTitle(name: string): string
    open: string
  }
}

const en: ConnectWords = {
  title: 'Connect a device',
  lead: 'You sign in at the manufacturer once. Then the device is in your home, and you can disconnect it there whenever you like.',
  types: {
    'heat-pumps': 'Heat pump',
    'electric-vehicles': 'Electric vehicle',
    inverters: 'Inverter, with or without a battery',
    wallboxes: 'Wallbox',
  },
  connect: (type) => `Connect: ${type}`,
  where: 'Where it stands',
  somewhere: 'Not said',
  going: (host) => `One moment, this leads to ${host}, where you choose the manufacturer.`,
  goOn: 'Continue',
  unavailable: 'Connecting is not possible just now. Nothing was begun; please try again in a few minutes.',
  failed: 'That did not work. Nothing was begun; please try again in a moment.',
  tooSoon: 'That was a lot in a short time. Please wait a minute.',
  pending: (type) => `You have begun to connect: ${type}.`,
  pendingLink: 'See how far it is',
  claim: {
    title: 'A wallbox that calls by itself',
    text: 'Some wallboxes have no manufacturer to sign in at. They are told once whom to call (OCPP), by you or your electrician.',
    button: 'Get address and token',
    url: 'Address (WebSocket)',
    token: 'Token',
    expires: (at) => `Good until ${at}.`,
    once: 'The token is shown this one time only. Whoever has it can connect a wallbox to your home, so give it to nobody but your electrician.',
    next: 'The wallbox is set up',
  },
  back: {
    title: 'Connecting',
    cancelled: 'Nothing was connected',
    cancelledText: 'You came back before the device was connected. You can begin again at any time.',
    again: 'Connect a device',
    nothing: 'There is nothing to wait for. If your link was from yesterday, it is over: just begin again.',
    steps: {
      linked: 'You gave your permission',
      found: 'The device is in your home',
      reporting: 'It reports its first values',
    },
    doing: 'under way',
    done: 'done',
    waitText: 'This page looks again by itself. First values usually come within a few minutes.',
    longText:
      'This takes longer than usual. Some manufacturers need half an hour. You can leave this page: the device appears in the overview by itself.',
    blindText:
      'We cannot look just now. Nothing is lost: we go on trying, and the device appears in the overview by itself.',
    look: 'Look again now',
    doneTitle: (name) => `${name} is connected`,
    open: 'Open the device',
  },
}

const de: ConnectWords = {
  title: 'Gerät verbinden',
  lead: 'Du meldest dich einmal beim Hersteller an. Dann gehört das Gerät zu deinem Zuhause, und du kannst es dort jederzeit wieder trennen.',
  types: {
    'heat-pumps': 'Wärmepumpe',
    'electric-vehicles': 'Elektroauto',
    inverters: 'Wechselrichter, mit oder ohne Batterie',
    wallboxes: 'Wallbox',
  },
  connect: (type) => `Verbinden: ${type}`,
  where: 'Wo es steht',
  somewhere: 'Keine Angabe',
  going: (host) => `Einen Moment, gleich öffnet sich ${host}. Dort wählst du den Hersteller.`,
  goOn: 'Weiter',
  unavailable:
    'Verbinden ist gerade nicht möglich. Es wurde nichts begonnen; bitte versuch es in ein paar Minuten noch einmal.',
  failed: 'Das hat nicht geklappt. Es wurde nichts begonnen; bitte versuch es gleich noch einmal.',
  tooSoon: 'Das war viel in kurzer Zeit. Bitte eine Minute warten.',
  pending: (type) => `Du hast begonnen, ein Gerät zu verbinden: ${type}.`,
  pendingLink: 'Nachsehen, wie weit es ist',
  claim: {
    title: 'Eine Wallbox, die selbst anruft',
    text: 'Manche Wallboxen haben keinen Hersteller, bei dem man sich anmeldet. Ihnen wird einmal gesagt, wen sie anrufen (OCPP), von dir oder deiner Elektrikerin.',
    button: 'Adresse und Token holen',
    url: 'Adresse (WebSocket)',
    token: 'Token',
    expires: (at) => `Gültig bis ${at}.`,
    once: 'Das Token ist nur dieses eine Mal zu sehen. Wer es hat, kann eine Wallbox mit deinem Zuhause verbinden; gib es nur deiner Elektrikerin.',
    next: 'Die Wallbox ist eingerichtet',
  },
  back: {
    title: 'Wird verbunden',
    cancelled: 'Es wurde nichts verbunden',
    cancelledText: 'Du bist zurückgekommen, bevor das Gerät verbunden war. Du kannst jederzeit neu beginnen.',
    again: 'Gerät verbinden',
    nothing:
      'Es gibt nichts, worauf zu warten wäre. War dein Link von gestern, gilt er nicht mehr: einfach neu beginnen.',
    steps: {
      linked: 'Du hast zugestimmt',
      found: 'Das Gerät gehört zu deinem Zuhause',
      reporting: 'Es meldet seine ersten Werte',
    },
    doing: 'läuft',
    done: 'erledigt',
    waitText: 'Diese Seite sieht von selbst wieder nach. Erste Werte kommen meist nach wenigen Minuten.',
    longText:
      'Das dauert länger als üblich. Manche Hersteller brauchen eine halbe Stunde. Du kannst diese Seite verlassen: Das Gerät erscheint von selbst in der Übersicht.',
    blindText:
      'Wir können gerade nicht nachsehen. Es geht nichts verloren: Wir versuchen es weiter, und das Gerät erscheint von selbst in der Übersicht.',
    look: 'Jetzt noch einmal nachsehen',
    doneTitle: (name) => `${name} ist verbunden`,
    open: 'Gerät öffnen',
  },
}

export const connectWords: Readonly<Record<Language, ConnectWords>> = { en, de }
