import type { NoticeKind, NoticeTopic } from '@homewatt/contract'

/** What a notice says, formatted; what is not known is `null`. */
export type NoticeParts = {
  /** The device by its name, or by what it is. */
  device: string
  level: string | null
  target: string | null
  at: string | null
  count: number
  unplugged: boolean
  plugInBy: string | null
  /** Whether the household may charge now. */
  canBoost: boolean
}

/** Everything that notices say, in one language: for the list, for push and for mail. */
export type NoticeWords = {
  title: Record<NoticeKind, (parts: NoticeParts) => string>
  body: Record<NoticeKind, (parts: NoticeParts) => string>
  topic: Record<NoticeTopic, { label: string; explained: string }>
  /** Several at once, after quiet hours. */
  summary(n: number): string
  mail: {
    greeting: string
    open: string
    /** Why this mail came. */
    reason(brand: string): string
    unsubscribe: string
    code: { subject(brand: string): string; text(code: string, minutes: number): string; ignore: string }
  }
}
