/** What a person reads while a fault lasts: whole phrases of the page. `null`: nothing changes for them. */
export type Phrases = { en: readonly string[]; de: readonly string[] } | null

/** One thing that goes wrong, in its three columns. The tests assert each of them; `docs/faults.md` is made of this. */
export type FaultRow = {
  fault: string
  sees: Phrases
  does: string
  never: string
  /** Whom it reaches: one home, unless the trouble is the organisation's or the process's. */
  reach?: 'all'
}

/** The reason for which values are no longer renewed, and that they stay. */
const stale: Phrases = {
  en: ['We cannot fetch new data at the moment. The last known values are shown.'],
  de: ['Wir können gerade keine neuen Daten abrufen. Du siehst die letzten bekannten Werte.'],
}
const unreadable: Phrases = {
  en: ['We received data that we cannot read. The last known values are shown.'],
  de: ['Wir haben Daten erhalten, die wir nicht lesen können. Du siehst die letzten bekannten Werte.'],
}
const slower: Phrases = {
  en: ['Updating less often than usual at the moment.'],
  de: ['Neue Daten kommen gerade seltener als sonst.'],
}
const blank: Phrases = { en: ['– not reported'], de: ['– keine Angabe'] }

/** F: faults of the Partner API. I: faults of our own parts. */
export const faultRows = {
  F1: {
    fault: '401, because the token has ended',
    sees: null,
    does: 'renews the token once for everybody who met its end, and plays each request again once, writes too',
    never: 'a renewal per request, a loop, anybody signed out, a token in an error or a log line',
  },
  F2: {
    fault: '401 with a fresh token, or the token endpoint refuses the credential',
    sees: {
      en: ['Live data paused', 'Not available at the moment'],
      de: ['Aktuelle Daten pausiert', 'Im Moment nicht möglich'],
    },
    does: 'serves the last values, raises an alarm, and asks the token endpoint after 30 s, then ever more seldom, up to every 5 min',
    never: 'a 401 to a browser, a hammered token endpoint, a value thrown away',
    reach: 'all',
  },
  F3: {
    fault: '403 for one user, or for one device',
    sees: {
      en: ['This is not available for your account.'],
      de: ['Das ist für dein Konto nicht verfügbar.'],
    },
    does: 'asks once and not again for a minute, whoever wants newer data; writes it down, in the log and in the trail of commands; when more than half of all homes meet it, it is the credential (F2)',
    never: 'another path tried, a word of the partner shown',
  },
  F4: {
    fault: '404 for a device that the list still had',
    sees: { en: ['No longer connected'], de: ['Nicht mehr verbunden'] },
    does: 'asks the list, follows the boost no longer, and takes the device away only when lists and a question about it alone agree',
    never: 'history deleted, another device in its place under a tap',
  },
  F5: {
    fault: '404 for the user',
    sees: {
      en: ['Your account is not linked to any devices yet.', 'Contact Homewatt'],
      de: ['Dein Konto ist noch mit keinem Gerät verknüpft.', 'Homewatt kontaktieren'],
    },
    does: 'asks again after a minute at the earliest, whoever wants newer data',
    never: 'a user created, an empty home shown as the truth',
  },
  F6: {
    fault: '409 for a boost, with each of its reasons',
    sees: {
      en: [
        'The vehicle is already charging.',
        'The vehicle is full.',
        'No charging session is running. Unplug the car, plug it in again and try once more.',
        'Charging could not be started. Please try again in a few minutes.',
        'Charging could not be started.',
      ],
      de: [
        'Das Auto lädt bereits.',
        'Das Auto ist voll.',
        'Es läuft kein Ladevorgang. Zieh das Ladekabel ab, steck es wieder an und versuch es noch einmal.',
        'Das Laden konnte nicht gestartet werden. Versuch es in ein paar Minuten noch einmal.',
        'Das Laden konnte nicht gestartet werden.',
      ],
    },
    does: 'passes on the reasons it knows, reads the device at once, and sends nothing again',
    never: 'success shown, a start that is waited for, a breaker that counts it',
  },
  F7: {
    fault: '422 or 400 for a setting',
    sees: {
      en: ['Nothing was saved: please look at the marked fields.', 'This value cannot be used.'],
      de: ['Es wurde nichts gespeichert: bitte die markierten Felder ansehen.', 'Dieser Wert geht nicht.'],
    },
    does: 'names the field by our own name, and keeps the old value',
    never: 'a word of the partner in the page, a second try, the refused value left standing',
  },
  F8: {
    fault: '429 with Retry-After, in seconds or as a date',
    sees: slower,
    does: 'pauses for the whole organisation as long as asked, between 1 s and 15 min and up to a fifth more; a write that cannot wait 5 s says when',
    never: 'one user’s own retry, a pause of nothing or for ever after odd values',
    reach: 'all',
  },
  F9: {
    fault: '429 without Retry-After',
    sees: slower,
    does: 'halves the rate, pauses 5 s and twice as long each time up to 2 min, and lets the rate grow back bit by bit',
    never: 'requests that come back in step',
    reach: 'all',
  },
  F10: {
    fault: '500 or 503 for a question',
    sees: stale,
    does: 'at most two more tries out of the retry budget, then the last values; waits as long as a 503 says',
    never: 'an empty list, an error page in place of values that are known',
    reach: 'all',
  },
  F11: {
    fault: '5xx for a setting',
    sees: {
      en: ['Not confirmed. What you see is what the device says now; please look again in a minute.'],
      de: [
        'Nicht bestätigt. Zu sehen ist, was das Gerät jetzt meldet; bitte in einer Minute noch einmal nachsehen.',
      ],
    },
    does: 'reads the device: what is there is saved, what is not there is sent once more',
    never: 'saved without proof, a value that goes to and fro',
  },
  F12: {
    fault: 'a boost that gets no answer, done or not',
    sees: {
      en: ['Checking…', 'Sent, but not confirmed yet. Please check again in a minute.'],
      de: [
        'Wird geprüft …',
        'Gesendet, aber noch nicht bestätigt. Bitte in einer Minute noch einmal nachsehen.',
      ],
    },
    does: 'sends nothing again, reads the device until the truth shows, and takes “already charging” after a doubt as success',
    never: 'two boosts of one tap, a boost lost in silence',
  },
  F13: {
    fault: '502 or 504 with a web page',
    sees: stale,
    does: 'looks at the media type before it reads',
    never: 'HTML in a page, a log line or an error',
    reach: 'all',
  },
  F14: {
    fault: '200 with a web page',
    sees: unreadable,
    does: 'refuses it by its type and counts it',
    never: 'a sign-in page taken for a home without devices',
  },
  F15: {
    fault: 'a redirect',
    sees: unreadable,
    does: 'does not follow it, counts it and says so in the log',
    never: 'the token sent to another host',
  },
  F16: {
    fault: 'no connection: refused, no name, a certificate that nobody vouches for',
    sees: stale,
    does: 'fails within 2 s',
    never: 'a certificate taken unchecked',
    reach: 'all',
  },
  F17: {
    fault: 'taken, and never answered',
    sees: stale,
    does: 'gives up after 5 s without headers and frees the place',
    never: 'others waiting behind one user',
  },
  F18: {
    fault: 'a body that drips',
    sees: stale,
    does: 'gives up after 8 s in all and destroys the socket',
    never: 'trust in a timeout that each byte winds up again',
  },
  F19: {
    fault: 'a huge body, a bomb, codings upon codings',
    sees: unreadable,
    does: 'stops at 1 MB and takes no coding',
    never: 'more than 20 MB of memory',
  },
  F20: {
    fault: 'a body cut off, too short or no JSON',
    sees: stale,
    does: 'drops the whole answer',
    never: 'half of it applied',
  },
  F21: {
    fault: 'the partner ends an idle connection just as it is used',
    sees: null,
    does: 'asks again at once on another one; a write is read back',
    never: 'taken for an outage',
  },
  F22: {
    fault: 'JSON of another shape than a list',
    sees: unreadable,
    does: 'drops the answer, counts it and says so in the log',
    never: 'a crash',
  },
  F23: {
    fault: 'a field of the wrong type',
    sees: blank,
    does: 'makes that field unknown, counts it and names it once; a device without an id is left out and counted, the others stay',
    never: 'a number made of "12abc", a yes made of 1',
  },
  F24: {
    fault: 'a mode that nobody has heard of',
    sees: { en: ['Optimizing'], de: ['Optimierung aktiv'] },
    does: 'names the field in the log, at most once an hour',
    never: 'a crash, a guess at a level',
  },
  F25: {
    fault: 'a boost state that nobody has heard of',
    sees: { en: ['Charge Now'], de: ['Jetzt laden'] },
    does: 'goes on asking as usual',
    never: 'a button that can be pressed, a question every 3 s',
  },
  F26: {
    fault: 'a field is missing',
    sees: { en: ['Status unknown', '– not reported'], de: ['Status unbekannt', '– keine Angabe'] },
    does: 'keeps unknown apart from no and from zero',
    never: '“unplugged” because nobody said otherwise',
  },
  F27: {
    fault: 'fields nobody has heard of',
    sees: null,
    does: 'drops them at the door',
    never: 'passed on, an answer refused for them',
  },
  F28: {
    fault: 'null',
    sees: blank,
    does: 'keeps it as unknown, in the history too',
    never: '0 W, 0 °C or 0 kWh',
  },
  F29: {
    fault: 'NaN, 1e999, a battery at 140 %, water at −300 °C',
    sees: blank,
    does: 'drops what is no JSON, and makes unknown what no home can have',
    never: 'a broken axis, a poisoned mean',
  },
  F30: {
    fault: 'dates such as 0001-01-01 and the epoch',
    sees: {
      en: ['This device has not reported any data yet'],
      de: ['Dieses Gerät hat noch keine Daten gemeldet'],
    },
    does: 'takes them for no date',
    never: 'an age of two thousand years',
  },
  F31: {
    fault: 'times in the future',
    sees: {
      en: ['The device’s clock differs, so the age of these values is not known'],
      de: ['Die Uhr des Geräts geht anders, daher ist das Alter dieser Werte nicht bekannt'],
    },
    does: 'orders answers by when they were asked for, and reckons the partner’s time from its Date header',
    never: 'a negative age, newer values held up for hours',
  },
  F32: {
    fault: 'states that go back in time, from a replica that lags',
    sees: null,
    does: 'leaves older states out for three answers or 90 s, then takes them for the truth',
    never: 'values that go to and fro',
  },
  F33: {
    fault: 'the same device twice in a list',
    sees: null,
    does: 'takes the newest state and counts it',
    never: 'totals doubled',
  },
  F34: {
    fault: 'the same answer again',
    sees: null,
    does: 'sends no change, keeps no row',
    never: 'a flood of events',
  },
  F35: {
    fault: 'answers that overtake each other',
    sees: null,
    does: 'drops what was asked for earlier, and what was asked for before a write ended',
    never: 'a setting that flickers back',
  },
  F36: {
    fault: 'a list that gets shorter, or is empty at once',
    sees: { en: ['Not reported at the moment'], de: ['Derzeit nicht gemeldet'] },
    does: 'keeps the device until two lists a minute apart (three and five minutes for an empty one) and a question about it alone agree',
    never: 'a home that vanishes with one answer',
  },
  F37: {
    fault: 'a device of somebody else in an answer',
    sees: unreadable,
    does: 'drops the whole answer, raises an alarm and asks nothing of this kind for this home for 5 min, whoever wants it',
    never: 'shown to anybody',
  },
  F38: {
    fault: 'a device moves to another user',
    sees: null,
    does: 'keeps history by tenant, user and device',
    never: 'the history of the one before',
  },
  F39: {
    fault: 'a boost that stays requested',
    sees: { en: ['Takes longer than usual'], de: ['Dauert länger als üblich'] },
    does: 'asks every 3 s for two minutes, every 10 s up to five, then every 30 s',
    never: 'a question every 3 s without end',
  },
  F40: {
    fault: 'a boost is taken and the state does not say so yet',
    sees: { en: ['Starting…'], de: ['Startet …'] },
    does: 'believes what it was told for 30 s',
    never: 'a button that jumps back at once',
  },
  F41: {
    fault: 'a link has lapsed and nothing is offered to renew it, or a link to a host nobody named',
    sees: {
      en: ['Reconnect needed', 'Support can help you renew it.', 'Contact Homewatt'],
      de: ['Verbindung abgelaufen', 'Der Support hilft dir, sie zu erneuern.', 'Homewatt kontaktieren'],
    },
    does: 'offers no link and logs the code',
    never: 'a dead link, a link to another host',
  },
  F42: {
    fault: 'the secret of an action has run out',
    sees: null,
    does: 'asks once for the device and goes on with its new link',
    never: 'a page of the partner that is not there',
  },
  F43: {
    fault: 'planned maintenance: 503 for hours',
    sees: { en: ['Without new data since 12:30'], de: ['Ohne neue Daten seit 12:30'] },
    does: 'asks every 5 s for the first ten minutes, then ever more seldom, once a minute at last',
    never: 'a flooded log',
    reach: 'all',
  },
  I1: {
    fault: 'the gateway is killed',
    sees: null,
    does: 'comes back with all it had kept, on a higher version, and sends every stream a whole snapshot',
    never: 'a kept row lost, a command given twice',
  },
  I2: {
    fault: 'the gateway is told to stop',
    sees: null,
    does: 'says that it is not ready, finishes what it began, and ends its streams over up to 10 s',
    never: 'all streams cut at once',
  },
  I3: {
    fault: 'a full disk, a locked database',
    sees: {
      en: ['Readings cannot be kept at the moment.'],
      de: ['Messwerte lassen sich gerade nicht aufheben.'],
    },
    does: 'goes on live, holds back a bounded number of readings, raises an alarm and marks the gap',
    never: 'live reads that fail, a damaged file',
  },
  I4: {
    fault: 'PostgreSQL is away',
    sees: {
      en: [
        'This could not be saved just now. Nothing was changed.',
        'That did not work. Please try again in a moment.',
      ],
      de: [
        'Das ließ sich gerade nicht speichern. Es wurde nichts geändert.',
        'Das hat nicht geklappt. Bitte gleich noch einmal versuchen.',
      ],
    },
    does: 'shows live values from memory to people it knows, for 5 min at most; refuses writes honestly and sends none of them on',
    never: 'somebody let in, or a device steered, while the session cannot be proven',
  },
  I5: {
    fault: 'Valkey is away, or cuts off in the middle of a command',
    sees: null,
    does: 'shares the limits out by the number of nodes, falls back on asking, and destroys a connection in doubt',
    never: 'an answer handed to the next question',
  },
  I6: {
    fault: 'messages between nodes doubled, lost, in another order',
    sees: null,
    does: 'takes a message for a hint to look; a list that another gateway was answered is read as strictly as an answer, keeps the age it has, and counts only while it is a few seconds old; looks every half minute without one',
    never: 'an old list shown as just asked for, a setting undone by a message',
  },
  I7: {
    fault: 'two recorders at once',
    sees: null,
    does: 'keeps one row per user, device and source time, whoever comes first',
    never: 'energy counted twice',
  },
  I8: {
    fault: 'the sign-in provider is away, slow or changes its keys',
    sees: {
      en: ['Signing in is not possible just now. Please try again in a few minutes.'],
      de: ['Die Anmeldung ist gerade nicht möglich. Bitte versuche es in ein paar Minuten noch einmal.'],
    },
    does: 'goes on with the people it knows, and asks for keys again at most every 30 s',
    never: 'everybody signed out, a token taken unchecked',
  },
  I9: {
    fault: 'the wall clock jumps by an hour or a day',
    sees: null,
    does: 'measures with the clock that only grows',
    never: 'everybody’s session over at once, a storm of renewals',
  },
  I10: {
    fault: 'the process is stuck for 2 s',
    sees: null,
    does: 'goes on where it was, and tells the delay in its metrics',
    never: 'its own stall taken for an outage of the partner',
  },
  I11: {
    fault: 'the clocks of two nodes differ by 30 s',
    sees: null,
    does: 'lets versions decide what is newer',
    never: 'the newer overwritten by the older',
  },
  I12: {
    fault: 'a page of the release before meets the gateway of today',
    sees: { en: ['A new version is here.', 'Reload'], de: ['Es gibt eine neue Version.', 'Neu laden'] },
    does: 'serves what the page before asks for',
    never: 'a white page',
  },
} as const satisfies Record<string, FaultRow>

export type FaultId = keyof typeof faultRows
