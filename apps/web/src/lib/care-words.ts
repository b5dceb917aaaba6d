import type { AwayDeviceState, AwayPhase, DeviceType, EmailOutcome } from '@homewatt/contract'
import type { Language } from '@homewatt/ui/words'

/** What the pages of times away and notices say. Rendered on the server only, so no script carries it. */
export type CareWords = {
  /** While a page is on its way. */
  busy: string
  away: {
    title: string
    lead: string
    from: string
    fromHint: string
    until: string
    /** The zone that times are meant in. */
    zone(zone: string): string
    start: string
    change: string
    end: string
    cancel: string
    /** `from`, `until`: moments as text. */
    phase: Record<AwayPhase, (from: string, until: string) => string>
    waiting(since: string): string
    device: Record<AwayDeviceState, string>
    whatTitle: string
    /** What pauses, and what goes on all the same, by kind of device. */
    what: Record<DeviceType, { pauses: string; goesOn: string }>
    resumes: string
    /** While nobody is away; `remindsAt` of a time away that one is due for. */
    reminds: string
    remindsAt(at: string): string
    ended: string
    failed: string
    errors: { past: string; order: string; far: string; time: string }
    banner(until: string): string
    bannerPlanned(from: string): string
  }
  notices: {
    title: string
    none: string
    unread(n: number): string
    markRead: string
    older: string
    settings: string
    open: string
    seenAt: string
  }
  settings: {
    title: string
    lead: string
    topicsTitle: string
    topicsHint: string
    quietTitle: string
    quietHint: string
    quietOn: string
    from: string
    to: string
    save: string
    saved: string
    refused: string
    failed: string
    pushTitle: string
    push: Record<'unknown' | 'unsupported' | 'denied' | 'off' | 'on' | 'lost' | 'failed', string>
    pushOn: string
    pushOff: string
    browsers(n: number): string
    pushFailing: string
    mailTitle: string
    mailOff: string
    mailHint: string
    address: string
    sendCode: string
    code: string
    confirm: string
    remove: string
    mailTo(address: string): string
    mailWaits(address: string): string
    mailFailing(since: string): string
    notAnAddress: string
    outcome: Record<EmailOutcome['outcome'], string>
  }
  unsubscribe: { title: string; text: string; button: string; done: string }
}

/** Whether what was asked for is done, and not why it is not. */
export const isDone = (outcome: string) =>
  outcome === 'code_sent' || outcome === 'confirmed' || outcome === 'removed'

const en: CareWords = {
  busy: 'One moment …',
  away: {
    title: 'Away',
    lead: 'One switch for all devices: nothing is optimised while nobody is at home, and everything goes on by itself when you are back.',
    from: 'From',
    fromHint: 'Leave it empty to begin now.',
    until: 'Until',
    zone: (zone) => `Times are by the clock of your home (${zone}).`,
    start: 'Begin',
    change: 'Change the end',
    end: 'End now',
    cancel: 'Do not go away',
    phase: {
      planned: (from, until) => `You will be away from ${from} until ${until}.`,
      pausing: (_, until) => `Your devices are being paused. You are away until ${until}.`,
      away: (_, until) => `You are away until ${until}.`,
      resuming: () => 'You are back. Your devices are being switched on again.',
    },
    waiting: (since) => `Not all devices can be reached since ${since}. We go on trying by ourselves.`,
    device: {
      pausing: 'being paused',
      paused: 'paused',
      untouched: 'was not optimised before, stays as it is',
      resuming: 'being switched on again',
      resumed: 'optimised again',
      kept: 'was switched on meanwhile, stays on',
      refused: 'cannot be switched from here',
      gone: 'no longer connected',
    },
    whatTitle: 'What pauses and what does not',
    what: {
      'heat-pumps': {
        pauses: 'Heating is no longer moved to cheap hours; the pump keeps to its own schedule.',
        goesOn: 'Frost protection and hot water by its own programme. Turn them down at the device itself.',
      },
      'electric-vehicles': {
        pauses: 'Charging is no longer moved to cheap hours.',
        goesOn:
          'A car that is plugged in charges as it is set at the car, at once and up to its own limit. A charge deadline stays set.',
      },
      inverters: {
        pauses: 'The battery is no longer charged and discharged by price.',
        goesOn: 'Solar power, and the battery by its own rules. Its reserve stays as it is set.',
      },
      wallboxes: {
        pauses: 'Charging is no longer moved to cheap hours.',
        goesOn: 'The wallbox gives power to a car that is plugged in. A charge deadline stays set.',
      },
    },
    resumes: 'At the end exactly the devices that were paused here are switched on again.',
    reminds: 'If you are away by then, you get a reminder the evening before it ends.',
    remindsAt: (at) => `Reminder of the end: ${at}.`,
    ended: 'Your time away is over.',
    failed: 'That did not work. Nothing was changed; please try again in a moment.',
    errors: {
      past: 'The end has to be in the future.',
      order: 'The end has to come after the beginning.',
      far: 'The end can be a year ahead at most.',
      time: 'Please give a date and a time.',
    },
    banner: (until) => `Away until ${until}`,
    bannerPlanned: (from) => `Away from ${from}`,
  },
  notices: {
    title: 'Messages',
    none: 'Nothing has happened yet that you would have to know.',
    unread: (n) => (n === 1 ? '1 new message' : `${n} new messages`),
    markRead: 'Mark all as read',
    older: 'Older messages',
    settings: 'Message settings',
    open: 'Open device',
    seenAt: 'Seen',
  },
  settings: {
    title: 'Message settings',
    lead: 'Everything that happens is in the list. Here you choose what also comes to your phone or by mail.',
    topicsTitle: 'Tell me about',
    topicsHint: 'One message for each cause, and one when it is over.',
    quietTitle: 'Quiet hours',
    quietHint: 'What happens then comes together afterwards, if it is still true.',
    quietOn: 'Keep quiet at night',
    from: 'from',
    to: 'to',
    save: 'Save',
    saved: 'Saved.',
    refused: 'Please give two times of day.',
    failed: 'That did not work. Nothing was changed; please try again in a moment.',
    pushTitle: 'Messages on this device',
    push: {
      unknown: 'Messages to this browser need its script.',
      unsupported: 'This browser cannot show messages. On an iPhone, add the page to the home screen first.',
      denied: 'This browser does not let us show messages. You can allow it in its settings.',
      off: 'Off in this browser.',
      on: 'On in this browser.',
      lost: 'Off in this browser: its push service takes no more messages for it. Turn them on again to get them.',
      failed: 'That did not work. Please try again in a moment.',
    },
    pushOn: 'Turn on here',
    pushOff: 'Turn off here',
    browsers: (n) => (n === 1 ? 'One browser gets messages.' : `${n} browsers get messages.`),
    pushFailing: 'Some messages could not be delivered. They are tried again.',
    mailTitle: 'By mail',
    mailOff: 'No mail can be sent from here.',
    mailHint: 'We send a code to the address first, so that it is surely yours.',
    address: 'Mail address',
    sendCode: 'Send code',
    code: 'Code from the mail',
    confirm: 'Confirm',
    remove: 'No more mails',
    mailTo: (address) => `Messages go to ${address}.`,
    mailWaits: (address) =>
      `We have sent a code to ${address}. Nothing else is sent there until you confirm it.`,
    mailFailing: (since) => `Mails cannot be delivered since ${since}. They wait and are tried again.`,
    notAnAddress: 'This is no mail address.',
    outcome: {
      code_sent: 'The code is on its way.',
      not_sent:
        'The mail server cannot be reached just now. Nothing was sent; please try again in a few minutes.',
      too_many: 'Those were enough codes for now. Please try again in an hour.',
      confirmed: 'Confirmed. Messages come by mail from now on.',
      wrong_code: 'That is not the code.',
      code_over: 'This code does not count any more. Have a new one sent.',
      removed: 'No more mails.',
    },
  },
  unsubscribe: {
    title: 'No more mails',
    text: 'From now on no messages come by mail. The list in your home stays.',
    button: 'No more mails',
    done: 'Done. No more mails come to this address.',
  },
}

const de: CareWords = {
  busy: 'Einen Moment …',
  away: {
    title: 'Abwesend',
    lead: 'Ein Schalter für alle Geräte: Solange niemand zu Hause ist, wird nichts optimiert, und wenn du zurück bist, geht alles von selbst weiter.',
    from: 'Von',
    fromHint: 'Leer lassen, um jetzt zu beginnen.',
    until: 'Bis',
    zone: (zone) => `Die Zeiten gelten nach der Uhr deines Zuhauses (${zone}).`,
    start: 'Beginnen',
    change: 'Ende ändern',
    end: 'Jetzt beenden',
    cancel: 'Doch nicht weg',
    phase: {
      planned: (from, until) => `Du bist abwesend von ${from} bis ${until}.`,
      pausing: (_, until) => `Deine Geräte werden pausiert. Du bist abwesend bis ${until}.`,
      away: (_, until) => `Du bist abwesend bis ${until}.`,
      resuming: () => 'Du bist zurück. Deine Geräte werden wieder eingeschaltet.',
    },
    waiting: (since) =>
      `Seit ${since} sind nicht alle Geräte erreichbar. Wir versuchen es von selbst weiter.`,
    device: {
      pausing: 'wird pausiert',
      paused: 'pausiert',
      untouched: 'war vorher nicht optimiert, bleibt so',
      resuming: 'wird wieder eingeschaltet',
      resumed: 'wieder optimiert',
      kept: 'wurde inzwischen eingeschaltet, bleibt an',
      refused: 'lässt sich von hier nicht schalten',
      gone: 'nicht mehr verbunden',
    },
    whatTitle: 'Was pausiert und was nicht',
    what: {
      'heat-pumps': {
        pauses:
          'Das Heizen wird nicht mehr in günstige Stunden verschoben; die Wärmepumpe folgt ihrem eigenen Programm.',
        goesOn:
          'Frostschutz und Warmwasser nach ihrem eigenen Programm. Absenken lässt sich das am Gerät selbst.',
      },
      'electric-vehicles': {
        pauses: 'Das Laden wird nicht mehr in günstige Stunden verschoben.',
        goesOn:
          'Ein angestecktes Auto lädt, wie es am Auto eingestellt ist: sofort und bis zu seinem eigenen Limit. Ein Ladeziel bleibt eingestellt.',
      },
      inverters: {
        pauses: 'Die Batterie wird nicht mehr nach dem Preis geladen und entladen.',
        goesOn:
          'Solarstrom, und die Batterie nach ihren eigenen Regeln. Ihre Reserve bleibt, wie sie eingestellt ist.',
      },
      wallboxes: {
        pauses: 'Das Laden wird nicht mehr in günstige Stunden verschoben.',
        goesOn: 'Die Wallbox gibt einem angesteckten Auto Strom. Ein Ladeziel bleibt eingestellt.',
      },
    },
    resumes: 'Am Ende werden genau die Geräte wieder eingeschaltet, die hier pausiert wurden.',
    reminds: 'Bist du am Abend vor dem Ende schon weg, kommt dann eine Erinnerung.',
    remindsAt: (at) => `Erinnerung an das Ende: ${at}.`,
    ended: 'Deine Abwesenheit ist beendet.',
    failed: 'Das hat nicht geklappt. Es wurde nichts geändert; bitte versuch es gleich noch einmal.',
    errors: {
      past: 'Das Ende muss in der Zukunft liegen.',
      order: 'Das Ende muss nach dem Beginn liegen.',
      far: 'Das Ende kann höchstens ein Jahr entfernt sein.',
      time: 'Bitte gib Datum und Uhrzeit an.',
    },
    banner: (until) => `Abwesend bis ${until}`,
    bannerPlanned: (from) => `Abwesend ab ${from}`,
  },
  notices: {
    title: 'Nachrichten',
    none: 'Es ist noch nichts passiert, was du wissen müsstest.',
    unread: (n) => (n === 1 ? '1 neue Nachricht' : `${n} neue Nachrichten`),
    markRead: 'Alle als gelesen markieren',
    older: 'Ältere Nachrichten',
    settings: 'Nachrichten einstellen',
    open: 'Gerät öffnen',
    seenAt: 'Gesehen',
  },
  settings: {
    title: 'Nachrichten einstellen',
    lead: 'Alles, was passiert, steht in der Liste. Hier wählst du, was auch auf dein Telefon oder per E-Mail kommt.',
    topicsTitle: 'Sag mir Bescheid über',
    topicsHint: 'Eine Nachricht je Ursache, und eine, wenn es vorbei ist.',
    quietTitle: 'Ruhezeit',
    quietHint: 'Was in dieser Zeit passiert, kommt danach zusammen, wenn es noch gilt.',
    quietOn: 'Nachts ruhig bleiben',
    from: 'von',
    to: 'bis',
    save: 'Speichern',
    saved: 'Gespeichert.',
    refused: 'Bitte gib zwei Uhrzeiten an.',
    failed: 'Das hat nicht geklappt. Es wurde nichts geändert; bitte versuch es gleich noch einmal.',
    pushTitle: 'Nachrichten auf diesem Gerät',
    push: {
      unknown: 'Nachrichten an diesen Browser brauchen sein Skript.',
      unsupported:
        'Dieser Browser kann keine Nachrichten zeigen. Auf einem iPhone die Seite zuerst zum Home-Bildschirm hinzufügen.',
      denied: 'Dieser Browser lässt keine Nachrichten zu. In seinen Einstellungen lässt sich das erlauben.',
      off: 'In diesem Browser aus.',
      on: 'In diesem Browser an.',
      lost: 'In diesem Browser aus: Sein Push-Dienst nimmt keine Nachrichten mehr für ihn an. Schalte sie wieder ein, um sie zu bekommen.',
      failed: 'Das hat nicht geklappt. Bitte versuch es gleich noch einmal.',
    },
    pushOn: 'Hier einschalten',
    pushOff: 'Hier ausschalten',
    browsers: (n) => (n === 1 ? 'Ein Browser bekommt Nachrichten.' : `${n} Browser bekommen Nachrichten.`),
    pushFailing: 'Einige Nachrichten konnten nicht zugestellt werden. Es wird weiter versucht.',
    mailTitle: 'Per E-Mail',
    mailOff: 'Von hier lassen sich keine E-Mails senden.',
    mailHint: 'Zuerst senden wir einen Code an die Adresse, damit es sicher deine ist.',
    address: 'E-Mail-Adresse',
    sendCode: 'Code senden',
    code: 'Code aus der E-Mail',
    confirm: 'Bestätigen',
    remove: 'Keine E-Mails mehr',
    mailTo: (address) => `Nachrichten gehen an ${address}.`,
    mailWaits: (address) =>
      `Wir haben einen Code an ${address} gesendet. Bis du ihn bestätigst, geht sonst nichts dorthin.`,
    mailFailing: (since) =>
      `Seit ${since} lassen sich E-Mails nicht zustellen. Sie warten, und es wird weiter versucht.`,
    notAnAddress: 'Das ist keine E-Mail-Adresse.',
    outcome: {
      code_sent: 'Der Code ist unterwegs.',
      not_sent:
        'Der Mailserver ist gerade nicht erreichbar. Es wurde nichts gesendet; bitte versuch es in ein paar Minuten noch einmal.',
      too_many: 'Das waren genug Codes für jetzt. Bitte versuch es in einer Stunde noch einmal.',
      confirmed: 'Bestätigt. Ab jetzt kommen Nachrichten per E-Mail.',
      wrong_code: 'Das ist nicht der Code.',
      code_over: 'Dieser Code gilt nicht mehr. Lass dir einen neuen senden.',
      removed: 'Es kommen keine E-Mails mehr.',
    },
  },
  unsubscribe: {
    title: 'Keine E-Mails mehr',
    text: 'Ab jetzt kommen keine Nachrichten per E-Mail. Die Liste in deinem Zuhause bleibt.',
    button: 'Keine E-Mails mehr',
    done: 'Erledigt. An diese Adresse kommen keine E-Mails mehr.',
  },
}

export const careWords: Readonly<Record<Language, CareWords>> = { en, de }
