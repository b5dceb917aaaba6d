/** What a page of the Connect walk says; in German for `de`, else in English. */
export type ConnectWords = (typeof words)['en']

export const wordsIn = (language: string): ConnectWords => words[languageOf(language)]

/** The pages' own language for a language asked for, IETF tag or not. */
export const languageOf = (language: string): 'en' | 'de' => (/^de\b/i.test(language) ? 'de' : 'en')

/** A whole page; `body` is HTML. */
export function layout(title: string, body: string, language = 'en'): string {
  return `<!doctype html>
<html lang="${languageOf(language)}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}
label{display:block;margin:.8rem 0}input{display:block;width:100%;font:inherit;padding:.4rem;box-sizing:border-box}
button{font:inherit;padding:.5rem .9rem;margin:.6rem .4rem 0 0}.choice button{display:block;width:100%;text-align:left}
code{overflow-wrap:anywhere}</style></head>
<body><main><h1>${escape(title)}</h1>${body}</main></body>
</html>`
}

/** A page that only says something. */
export const message = (title: string, text: string, language = 'en') =>
  layout(title, `<p>${escape(text)}</p>`, language)

/** Fields of a form that nobody sees. */
export const hidden = (fields: Record<string, string>) =>
  Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`)
    .join('')

/** The two fields of a manufacturer's sign-in, with what went wrong the last time. */
export const credentialFields = (w: ConnectWords, complaint: string | null) =>
  `${complaint === null ? '' : `<p role="alert">${escape(complaint)}</p>`}
<label>${w.email} <input name="email" type="email" autocomplete="username"></label>
<label>${w.password} <input name="password" type="password" autocomplete="current-password"></label>`

export const escape = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)

const words = {
  en: {
    chooseType: 'What do you want to connect?',
    types: { hp: 'Heat pump', ev: 'Electric vehicle', iv: 'Solar inverter', wb: 'Wallbox' },
    chooseMaker: (type: string) => `${type}: who made it?`,
    connect: (maker: string) => `Connect ${maker}`,
    signIn: (maker: string) => `Sign in with your ${maker} account.`,
    again: (maker: string) => `Sign in with your ${maker} account to connect your device again.`,
    email: 'E-mail',
    password: 'Password',
    refused: 'E-mail or password is wrong.',
    signInButton: 'Sign in',
    signInAndAllow: 'Sign in and allow',
    consent: 'Share your device?',
    found: (device: string) => `We found: ${device}.`,
    asks: 'Your energy provider wants to read its state and to steer when it uses power.',
    allow: 'Allow',
    cancel: 'Cancel',
    claim: 'Connect your wallbox',
    claimHow: 'Enter this address as the OCPP server of your wallbox. It works once.',
    claimWaiting: 'Your wallbox has not called yet.',
    claimCheck: 'Check',
    connected: 'Connected',
    connectedAgain: (maker: string) => `${maker} is connected again.`,
    cancelled: 'Cancelled',
    stillNot: (maker: string) => `${maker} is still not connected.`,
    invalid: 'This link is no longer valid',
    startAgain: 'Go back and start again.',
  },
  de: {
    chooseType: 'Was möchten Sie verbinden?',
    types: { hp: 'Wärmepumpe', ev: 'Elektroauto', iv: 'Wechselrichter', wb: 'Wallbox' },
    chooseMaker: (type: string) => `${type}: Wer ist der Hersteller?`,
    connect: (maker: string) => `${maker} verbinden`,
    signIn: (maker: string) => `Melden Sie sich mit Ihrem ${maker}-Konto an.`,
    again: (maker: string) =>
      `Melden Sie sich mit Ihrem ${maker}-Konto an, um Ihr Gerät wieder zu verbinden.`,
    email: 'E-Mail',
    password: 'Passwort',
    refused: 'E-Mail oder Passwort ist falsch.',
    signInButton: 'Anmelden',
    signInAndAllow: 'Anmelden und erlauben',
    consent: 'Gerät freigeben?',
    found: (device: string) => `Gefunden: ${device}.`,
    asks: 'Ihr Energieversorger möchte den Zustand lesen und steuern, wann es Strom verbraucht.',
    allow: 'Erlauben',
    cancel: 'Abbrechen',
    claim: 'Wallbox verbinden',
    claimHow: 'Tragen Sie diese Adresse als OCPP-Server Ihrer Wallbox ein. Sie gilt einmal.',
    claimWaiting: 'Ihre Wallbox hat sich noch nicht gemeldet.',
    claimCheck: 'Prüfen',
    connected: 'Verbunden',
    connectedAgain: (maker: string) => `${maker} ist wieder verbunden.`,
    cancelled: 'Abgebrochen',
    stillNot: (maker: string) => `${maker} ist weiterhin nicht verbunden.`,
    invalid: 'Dieser Link gilt nicht mehr',
    startAgain: 'Gehen Sie zurück und beginnen Sie von vorn.',
  },
}
