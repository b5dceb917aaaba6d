import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import type { Time } from '@homewatt/client'
import type { EmailOutcome } from '@homewatt/contract'
import type { Language } from '@homewatt/display'
import type { ContactRows } from './contact-rows.ts'
import type { DeliveryRows } from './delivery-rows.ts'
import type { HomeOwner } from './home-key.ts'
import type { Mailer } from './mailer.ts'
import type { Messages } from './messages.ts'
import type { OnceRows } from './once-rows.ts'

type Outcome = EmailOutcome['outcome']

/** The address that somebody wants mail at: theirs once they have read the code that was sent to it. */
export type EmailAddresses = {
  /** Sends a code. The address that counted before counts no more. */
  want(owner: HomeOwner, address: string, language: Language): Promise<Outcome>
  confirm(owner: HomeOwner, code: string): Promise<Outcome>
  remove(owner: HomeOwner): Promise<Outcome>
  /** By the link in a mail. `false`: there is no such link, or not any more. */
  unsubscribe(token: string): Promise<boolean>
}

const CODE_MS = 30 * 60_000
const MOST_GUESSES = 5
const HOUR_MS = 60 * 60_000
/** An address of somebody else must not be filled with codes, whoever asks for them. */
const PER_HOUR = 3

export function createEmailAddresses({
  tenant,
  contacts,
  deliveries,
  once,
  mailer,
  messages,
  time,
}: {
  tenant: string
  contacts: ContactRows
  deliveries: DeliveryRows
  once: OnceRows
  mailer: Mailer | null
  messages: Messages
  time: Time
}): EmailAddresses {
  /** Whether one more is allowed this hour. */
  async function admits(who: string): Promise<boolean> {
    const nowMs = time.wallMs()
    const hour = Math.floor(nowMs / HOUR_MS)
    for (let n = 0; n < PER_HOUR; n++)
      if (await once.take(`email-code/${tenant}/${hash(who)}/${hour}/${n}`, nowMs + HOUR_MS, nowMs))
        return true
    return false
  }

  async function remove(owner: HomeOwner) {
    await deliveries.dropChannel(owner, 'email')
    await contacts.dropEmail(owner)
  }

  return {
    async want(owner, address, language) {
      if (!mailer) return 'not_sent'
      if (!(await admits(owner.userId)) || !(await admits(address.toLowerCase()))) return 'too_many'
      const code = String(randomInt(0, 1_000_000)).padStart(6, '0')
      const minutes = CODE_MS / 60_000
      const outcome = await mailer.send(messages.code(code, minutes, { address, language }))
      if (outcome !== 'sent') return 'not_sent'
      await deliveries.dropChannel(owner, 'email')
      await contacts.putEmail({
        owner,
        address,
        language,
        confirmedMs: null,
        codeHash: hash(code),
        codeUntilMs: time.wallMs() + CODE_MS,
        unsubscribe: randomBytes(24).toString('base64url'),
      })
      return 'code_sent'
    },
    async confirm(owner, code) {
      const email = await contacts.email(owner)
      if (email?.confirmedMs != null) return 'confirmed'
      if (!email?.codeHash || time.wallMs() >= email.codeUntilMs) return 'code_over'
      // Counted first, so that many guesses at once are many guesses.
      if ((await contacts.guessed(owner)) > MOST_GUESSES) return 'code_over'
      if (!timingSafeEqual(Buffer.from(hash(code)), Buffer.from(email.codeHash))) return 'wrong_code'
      await contacts.confirmEmail(owner, time.wallMs())
      return 'confirmed'
    },
    async remove(owner) {
      await remove(owner)
      return 'removed'
    },
    async unsubscribe(token) {
      const email = /^[\w-]{32}$/.test(token) ? await contacts.emailByUnsubscribe(tenant, token) : null
      if (!email) return false
      await remove(email.owner)
      return true
    },
  }
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex')
