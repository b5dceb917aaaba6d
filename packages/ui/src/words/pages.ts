import type { SignInReason } from '@homewatt/contract'
import type { Language } from './words.ts'

/** What pages say that nothing is live on. Apart from the other words: no browser has to load these. */
export type QuietWords = {
  demo: {
    title: string
    text: string
    open: string
    current: string
    homes: Record<string, string>
    otherHome: string
  }
  signIn: {
    title: string
    /** For the demo, where nobody signs in here. */
    text: string
    lead(brand: string): string
    button: string
    goingOn: string
    continueButton: string
    signedOut: string
    reasons: Record<SignInReason, string>
  }
  error: {
    notFoundTitle: string
    unavailableTitle: string
    unavailable: string
    brokenTitle: string
    broken: string
    home: string
    retry: string
  }
}

const en: QuietWords = {
  demo: {
    title: 'Demo homes',
    text: 'Each of these homes is simulated minute by minute: sun, people, cars and heating. Choose one to look around.',
    open: 'Open',
    current: 'Open now',
    homes: {
      full: 'Heat pump, car, solar with battery, wallbox',
      solar: 'Solar with a home battery',
      'solar-only': 'Solar without a battery',
      heat: 'A heat pump without a room sensor',
      car: 'An electric vehicle',
      reconnect: 'A device that lost its connection',
      empty: 'No device yet',
      many: 'Three of everything',
      konstanz: 'A recorded house in Konstanz',
    },
    otherHome: 'A simulated home',
  },
  signIn: {
    title: 'Sign in',
    text: 'Please open this page from your energy provider’s app or portal. You will be signed in there.',
    lead: (brand) => `Sign in with your ${brand} account to see your home.`,
    button: 'Sign in',
    goingOn: 'One moment, this leads to the sign-in page of your provider.',
    continueButton: 'Continue',
    signedOut: 'You are signed out.',
    reasons: {
      cancelled: 'You were not signed in. Try again whenever you like.',
      expired: 'That took too long, or began in another window. Please sign in again.',
      failed: 'That did not work. Please sign in again.',
      not_linked: 'Your account is not linked to a home yet. Please ask your energy provider to link it.',
      unavailable: 'Signing in is not possible just now. Please try again in a few minutes.',
    },
  },
  error: {
    notFoundTitle: 'Not found',
    unavailableTitle: 'Your home cannot be reached',
    unavailable:
      'The service is taking a break. Your devices keep working, and this page will be back shortly.',
    brokenTitle: 'Something went wrong',
    broken: 'That was our fault, not yours. Please try again.',
    home: 'Back to the overview',
    retry: 'Try again',
  },
}

const de: QuietWords = {
  demo: {
    title: 'Demo-Häuser',
    text: 'Jedes dieser Häuser wird Minute für Minute simuliert: Sonne, Menschen, Autos und Heizung. Eines auswählen und umsehen.',
    open: 'Öffnen',
    current: 'Gerade offen',
    homes: {
      full: 'Wärmepumpe, Auto, Solar mit Batterie, Wallbox',
      solar: 'Solar mit Hausbatterie',
      'solar-only': 'Solar ohne Batterie',
      heat: 'Eine Wärmepumpe ohne Raumfühler',
      car: 'Ein Elektroauto',
      reconnect: 'Ein Gerät ohne Verbindung',
      empty: 'Noch kein Gerät',
      many: 'Von allem drei',
      konstanz: 'Ein aufgezeichnetes Haus in Konstanz',
    },
    otherHome: 'Ein simuliertes Haus',
  },
  signIn: {
    title: 'Anmelden',
    text: 'Bitte diese Seite aus der App oder dem Portal deines Energieversorgers öffnen. Die Anmeldung geschieht dort.',
    lead: (brand) => `Melde dich mit deinem Konto bei ${brand} an, um dein Zuhause zu sehen.`,
    button: 'Anmelden',
    goingOn: 'Einen Moment, gleich öffnet sich die Anmeldeseite deines Anbieters.',
    continueButton: 'Weiter',
    signedOut: 'Du bist abgemeldet.',
    reasons: {
      cancelled: 'Du wurdest nicht angemeldet. Du kannst es jederzeit noch einmal versuchen.',
      expired:
        'Das hat zu lange gedauert oder begann in einem anderen Fenster. Bitte melde dich noch einmal an.',
      failed: 'Das hat nicht geklappt. Bitte melde dich noch einmal an.',
      not_linked:
        'Dein Konto ist noch mit keinem Zuhause verknüpft. Bitte deinen Energieversorger, das nachzuholen.',
      unavailable:
        'Die Anmeldung ist gerade nicht möglich. Bitte versuche es in ein paar Minuten noch einmal.',
    },
  },
  error: {
    notFoundTitle: 'Nicht gefunden',
    unavailableTitle: 'Dein Zuhause ist nicht erreichbar',
    unavailable:
      'Der Dienst macht eine Pause. Deine Geräte arbeiten weiter, und diese Seite ist gleich zurück.',
    brokenTitle: 'Etwas ist schiefgegangen',
    broken: 'Das lag an uns. Bitte noch einmal versuchen.',
    home: 'Zur Übersicht',
    retry: 'Noch einmal versuchen',
  },
}

export const quietWords: Readonly<Record<Language, QuietWords>> = { en, de }
