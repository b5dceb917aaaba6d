import { createHash } from 'node:crypto'
import type { Capability } from '@homewatt/contract'
import {
  displayWords,
  formatter,
  noticesDe,
  noticesEn,
  noticeText,
  type Language,
  type NoticeWords,
} from '@homewatt/display'
import type { Mail } from './mailer.ts'
import type { KeptNotice } from './notice-rows.ts'

/** What is sent: notices in the words of a language, as push and as mail. */
export type Messages = {
  /** What the service worker gets, as JSON; `topic` names what it is about. */
  push(notices: readonly Named[], language: Language): { json: string; topic: string }
  mail(notices: readonly Named[], to: MailTo): Mail
  code(code: string, minutes: number, to: Omit<MailTo, 'unsubscribe'>): Mail
}

/** A notice, with what its device is called. */
export type Named = { notice: KeptNotice; name: string | null }

type MailTo = { address: string; language: Language; unsubscribe: string }

const words: Record<Language, NoticeWords> = { en: noticesEn, de: noticesDe }

/** @param now the Partner API's present time, which the times in notices go by */
export function createMessages({
  publicUrl,
  brand,
  timeZone,
  now,
  switchedOff,
}: {
  publicUrl: URL
  brand: string
  timeZone: string
  now: () => Date
  /** What its people may not do. */
  switchedOff: readonly Capability[]
}): Messages {
  const textOf = ({ notice: { kind, type, facts }, name }: Named, language: Language) =>
    noticeText(
      { kind, type, facts: { ...facts, name } },
      words[language],
      displayWords[language].device,
      formatter(language, timeZone),
      now(),
      switchedOff,
    )
  const link = (path: string) => new URL(path, publicUrl).href

  function titled(notices: readonly Named[], language: Language): { title: string; lines: string[] } {
    const texts = notices.map((notice) => textOf(notice, language))
    const [only] = texts
    if (only && texts.length === 1) return { title: only.title, lines: [only.body] }
    return {
      title: words[language].summary(texts.length),
      lines: texts.map(({ title }) => title),
    }
  }

  return {
    push(notices, language) {
      const { title, lines } = titled(notices, language)
      const cause = notices.length === 1 ? (notices[0]?.notice.cause ?? '') : 'summary'
      // The end of a trouble takes the place of its beginning.
      const topic = createHash('sha256').update(cause).digest('base64url').slice(0, 32)
      const body = lines.join('\n').slice(0, 1_000)
      return {
        json: JSON.stringify({ title, body, tag: topic, url: pathOf(notices), lang: language }),
        topic,
      }
    },
    mail(notices, { address, language, unsubscribe }) {
      const { mail } = words[language]
      const { title, lines } = titled(notices, language)
      const leave = link(`/unsubscribe?token=${unsubscribe}`)
      const open = link(pathOf(notices))
      const reason = mail.reason(brand)
      return {
        to: address,
        subject: title,
        text: [
          mail.greeting,
          '',
          title,
          ...lines,
          '',
          `${mail.open}: ${open}`,
          '',
          '-- ',
          reason,
          `${mail.unsubscribe}: ${leave}`,
        ].join('\n'),
        html: page(language, [
          `<h1 style="font-size:1.25em">${escaped(title)}</h1>`,
          ...lines.map((line) => `<p>${escaped(line)}</p>`),
          `<p><a href="${escaped(open)}">${escaped(mail.open)}</a></p>`,
          `<p style="color:#666;font-size:.85em">${escaped(reason)} <a href="${escaped(leave)}">${escaped(mail.unsubscribe)}</a></p>`,
        ]),
        messageId: `<${idOf(notices)}@${publicUrl.hostname}>`,
        unsubscribeUrl: link(`/api/notices/unsubscribe?token=${unsubscribe}`),
      }
    },
    code(code, minutes, { address, language }) {
      const { mail } = words[language]
      const lines = [mail.code.text(code, minutes), mail.code.ignore]
      return {
        to: address,
        subject: mail.code.subject(brand),
        text: [mail.greeting, '', ...lines].join('\n'),
        html: page(
          language,
          lines.map((line) => `<p>${escaped(line)}</p>`),
        ),
        messageId: `<${createHash('sha256').update(`${address} ${code}`).digest('hex').slice(0, 32)}@${publicUrl.hostname}>`,
        unsubscribeUrl: null,
      }
    },
  }
}

/** The page of the one device that all of it is about, where what there is to do is a tap away; else the list. */
function pathOf(notices: readonly Named[]): string {
  const paths = new Set(
    notices.map(({ notice: { type, deviceId } }) => (type && deviceId ? `/${type}/${deviceId}` : null)),
  )
  const [only] = paths
  return only && paths.size === 1 ? only : '/notices'
}

const idOf = (notices: readonly Named[]) =>
  createHash('sha256')
    .update(notices.map(({ notice }) => notice.id).join())
    .digest('hex')
    .slice(0, 32)

const page = (language: Language, parts: readonly string[]) =>
  `<!doctype html><html lang="${language}"><meta charset="utf-8"><body style="font-family:sans-serif;line-height:1.5">${parts.join('')}</body></html>`

const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
