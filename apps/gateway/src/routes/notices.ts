import {
  EmailCode,
  EmailWish,
  NoticeSettings,
  NoticesRead,
  type EmailOutcome,
  type NoticeList,
  type NoticeSettingsAnswer,
  type NoticesUnread,
} from '@homewatt/contract'
import { Hono, type Context } from 'hono'
import { deviceNameIn } from '../device-name.ts'
import { bodyOf } from './body-of.ts'
import type { Env, Parts } from './context.ts'
import { languageOf } from './language-of.ts'
import { beforeOf, nextOf } from './list-page.ts'

const MOST_ENTRIES = 50

/** What happened, what of it is told, and where. */
export function noticeRoutes({
  telling: { notices, emails, timeZone, canMail },
  poller,
  store,
  audit,
}: Pick<Parts, 'telling' | 'poller' | 'store' | 'audit'>) {
  const unread = async (c: Context<Env>) =>
    c.json({ unread: await store.notices.unread(c.get('session')) } satisfies NoticesUnread)
  const said = (c: Context<Env>, outcome: EmailOutcome['outcome']) =>
    c.json({ outcome } satisfies EmailOutcome)

  async function settingsAnswer(c: Context<Env>): Promise<NoticeSettingsAnswer> {
    const owner = c.get('session')
    const [settings, email, browsers] = await Promise.all([
      notices.settingsOf(owner),
      store.contacts.email(owner),
      store.contacts.subscriptions(owner),
    ])
    const failing = browsers.map(({ failingMs }) => failingMs).filter((ms) => ms !== null)
    return {
      settings,
      time_zone: timeZone,
      email: {
        is_offered: canMail,
        address: email?.address ?? null,
        is_confirmed: email !== null && email.confirmedMs !== null,
        failing_since: isoOf(email?.failingMs ?? null),
      },
      push: {
        browsers: browsers.length,
        failing_since: isoOf(failing.length === 0 ? null : Math.min(...failing)),
      },
    }
  }

  return new Hono<Env>()
    .get('/', async (c) => {
      const owner = c.get('session')
      const rows = await store.notices.of(owner, beforeOf(c), MOST_ENTRIES)
      // Devices are called by their names, which are kept nowhere.
      await poller.load(c.get('home'))
      return c.json({
        notices: rows.map(({ id, kind, atMs, type, deviceId, facts, isRead }) => ({
          id,
          kind,
          at: new Date(atMs).toISOString(),
          type,
          device_id: deviceId,
          facts: { ...facts, name: deviceNameIn(c.get('home'), type, deviceId) },
          is_read: isRead,
        })),
        unread: await store.notices.unread(owner),
        next: nextOf(rows, MOST_ENTRIES),
      } satisfies NoticeList)
    })
    .get('/unread', unread)
    .post('/read', async (c) => {
      const { until } = await bodyOf(c, NoticesRead)
      await store.notices.read(c.get('session'), Date.parse(until))
      return unread(c)
    })
    .get('/settings', async (c) => c.json(await settingsAnswer(c)))
    .put('/settings', async (c) => {
      const asked = await bodyOf(c, NoticeSettings)
      const put = () => notices.choose(c.get('session'), asked)
      await audit.note(c.get('session'), { command: 'notice_settings', asked }, put, () => 'saved')
      return c.json(await settingsAnswer(c))
    })
    .put('/email', async (c) => {
      const { address } = await bodyOf(c, EmailWish)
      const want = () => emails.want(c.get('session'), address, languageOf(c))
      // Where somebody reads mail is kept in one place only.
      return said(c, await audit.note(c.get('session'), { command: 'notice_email' }, want, String))
    })
    .post('/email/confirm', async (c) => {
      const { code } = await bodyOf(c, EmailCode)
      return said(c, await emails.confirm(c.get('session'), code))
    })
    .delete('/email', async (c) => {
      const remove = () => emails.remove(c.get('session'))
      return said(c, await audit.note(c.get('session'), { command: 'notice_email_end' }, remove, String))
    })
}

const isoOf = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
