import type { Language } from './words.ts'

/** What is said to somebody who comes back from the manufacturer. Apart from the other words: one page alone has it. */
export type ActionReturnWords = {
  title: string
  checking: string
  checkingText: string
  /** The link is there again; `linkedText` until the device has reported, `doneText` from then on. */
  done: string
  linkedText: string
  doneText: string
  waiting: string
  waitingText: string
  cancelled: string
  cancelledText: string
  home: string
}

export const actionReturnWords: Record<Language, ActionReturnWords> = {
  en: {
    title: 'Reconnecting',
    checking: 'Checking the connection…',
    checkingText: 'This usually takes a few seconds. You can leave this page; nothing gets lost.',
    done: 'Connected again',
    linkedText: 'The first new values arrive within a few minutes. You need not wait for them.',
    doneText: 'The first new values are here.',
    waiting: 'Not confirmed yet',
    waitingText: 'The manufacturer has not confirmed the connection so far. The overview shows when it does.',
    cancelled: 'Not reconnected',
    cancelledText: 'Nothing was changed. You can try again from the overview at any time.',
    home: 'Back to the overview',
  },
  de: {
    title: 'Neu verbinden',
    checking: 'Die Verbindung wird geprüft …',
    checkingText: 'Das dauert meist nur Sekunden. Du kannst diese Seite verlassen, es geht nichts verloren.',
    done: 'Wieder verbunden',
    linkedText: 'Die ersten neuen Werte kommen in wenigen Minuten. Du musst nicht darauf warten.',
    doneText: 'Die ersten neuen Werte sind da.',
    waiting: 'Noch nicht bestätigt',
    waitingText:
      'Der Hersteller hat die Verbindung noch nicht bestätigt. Die Übersicht zeigt es, sobald es so weit ist.',
    cancelled: 'Nicht neu verbunden',
    cancelledText: 'Es wurde nichts geändert. Von der Übersicht aus geht es jederzeit noch einmal.',
    home: 'Zur Übersicht',
  },
}
