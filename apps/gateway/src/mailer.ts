import { createTransport } from 'nodemailer'

export type Mail = {
  to: string
  subject: string
  text: string
  html: string
  /** The same for the same message, so that one that was sent twice can be told. */
  messageId: string
  /** Where one click, and no more, ends mail to this address (RFC 8058). */
  unsubscribeUrl: string | null
}

/** `refused`: this mail will never be taken. `later`: the server cannot be reached, or does not want it now. */
export type MailOutcome = 'sent' | 'refused' | 'later'

/** Brings mail to the SMTP server. Never rejects. */
export type Mailer = { send(mail: Mail): Promise<MailOutcome>; close(): void }

const WAIT = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 10_000 }

/**
 * @param url `smtp://user:password@host:587` or `smtps://…`
 * @param from address, with a name in front if wanted
 * @param onFailure hears what went wrong, in a word
 */
export function createMailer(url: string, from: string, onFailure: (why: string) => void = () => {}): Mailer {
  const { protocol, hostname, port, username, password } = new URL(url)
  const isTls = protocol === 'smtps:'
  const transport = createTransport({
    host: hostname,
    port: Number(port) || (isTls ? 465 : 587),
    secure: isTls,
    // A password never travels in the open, but for a server on this machine.
    requireTLS: !isTls && username !== '' && !isHere(hostname),
    ...(username ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } } : {}),
    ...WAIT,
  })

  return {
    async send({ to, subject, text, html, messageId, unsubscribeUrl }) {
      try {
        await transport.sendMail({
          from,
          to,
          subject,
          text,
          html,
          messageId,
          headers: {
            'Auto-Submitted': 'auto-generated',
            ...(unsubscribeUrl
              ? {
                  'List-Unsubscribe': `<${unsubscribeUrl}>`,
                  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
                }
              : {}),
          },
        })
        return 'sent'
      } catch (error) {
        const { responseCode, code } = error as { responseCode?: number; code?: string }
        onFailure(code ?? 'unknown')
        return code === 'EENVELOPE' && responseCode !== undefined && responseCode >= 500 ? 'refused' : 'later'
      }
    },
    close: () => transport.close(),
  }
}

const isHere = (host: string) => host === 'localhost' || host === '127.0.0.1' || host === '[::1]'
