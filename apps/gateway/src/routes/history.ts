import {
  DeviceType,
  HistoryQuery,
  HistorySettings,
  measuredFields,
  type History,
  type HistoryState,
} from '@homewatt/contract'
import { Hono, type Context } from 'hono'
import * as v from 'valibot'
import { invalidRequest, notFound } from '../errors.ts'
import type { DeviceOfOwner } from '../reading-rows.ts'
import type { Env, Parts } from './context.ts'
import { missing } from './device-of.ts'

/** A year and a day of readings every few minutes comes in a dozen answers. */
const MOST_READINGS = 20_000

/** What devices reported, as it was kept; and whether it is kept. */
export function historyRoutes({
  store,
  recorder,
  poller,
  audit,
}: Pick<Parts, 'store' | 'recorder' | 'poller' | 'audit'>) {
  /** The device asked for, if this home has it, or had it. */
  async function deviceOf(c: Context<Env>): Promise<DeviceOfOwner> {
    const home = c.get('home')
    const type = c.req.query('type')
    const deviceId = c.req.query('id')?.toLowerCase()
    if (!v.is(DeviceType, type) || !deviceId) throw notFound()
    const device = { owner: ownerOf(c), type, deviceId }
    if (home.device(type, deviceId) || (await store.readings.knows(device))) return device
    await poller.load(home)
    if (!home.device(type, deviceId)) throw missing(home, type)
    return device
  }

  return new Hono<Env>()
    .get('/', async (c) => {
      const { fromMs, toMs } = spanOf(c)
      const device = await deviceOf(c)
      const readings = await store.readings.of(device, fromMs, toMs, MOST_READINGS + 1)
      const gaps = await store.readings.gapsOf(device, fromMs, toMs)
      const rest = readings.splice(MOST_READINGS)[0]
      const columns = measuredFields[device.type].map(
        (name, n) => [name, readings.map(({ measured }) => measured[n] ?? null)] as const,
      )
      return c.json({
        at_ms: readings.map(({ atMs }) => atMs),
        values: Object.fromEntries(columns),
        gaps: gaps.map((gap) => ({ from_ms: gap.fromMs, to_ms: gap.toMs })),
        is_paused: recorder?.isPaused() ?? false,
        next: rest ? new Date(rest.atMs).toISOString() : null,
      } satisfies History)
    })
    .delete('/', async (c) => {
      const forget = () => store.readings.forget(ownerOf(c))
      await audit.note(c.get('session'), { command: 'delete_history' }, forget, () => 'deleted')
      return c.body(null, 204)
    })
    .get('/settings', async (c) => {
      const value = await store.settings.find(ownerOf(c), 'history')
      const is_paused = recorder?.isPaused() ?? false
      return c.json({ is_kept: value !== 'off', is_paused } satisfies HistoryState)
    })
    .put('/settings', async (c) => {
      const body = v.safeParse(HistorySettings, await c.req.json().catch(() => null))
      if (!body.success) throw invalidRequest({ is_kept: 'Say true or false.' })
      const asked = body.output
      const put = () => store.settings.put(ownerOf(c), 'history', asked.is_kept ? 'on' : 'off')
      await audit.note(c.get('session'), { command: 'history_settings', asked }, put, () => 'saved')
      return c.json(asked satisfies HistorySettings)
    })
}

function spanOf(c: Context<Env>): { fromMs: number; toMs: number } {
  const query = v.safeParse(HistoryQuery, { from: c.req.query('from'), to: c.req.query('to') })
  if (!query.success)
    throw invalidRequest({
      from: 'Say from and to as times with their zone, for example 2026-06-21T00:00:00Z.',
    })
  const [fromMs, toMs] = [Date.parse(query.output.from), Date.parse(query.output.to)]
  if (!(fromMs < toMs)) throw invalidRequest({ to: 'The end comes after the beginning.' })
  return { fromMs, toMs }
}

function ownerOf(c: Context<Env>) {
  const { tenant, userId } = c.get('session')
  return { tenant, userId }
}
