import type { HemsSession, HemsSessionDetail } from '@homewatt/contract'
import { API, deviceOfCall, homeOfCall, type Context } from '../context.ts'
import type { Device } from '../devices.ts'
import { keyOf } from '../hash.ts'
import type { SunSpan } from '../homes/visits.ts'
import { notFound, ok } from '../http.ts'
import type { Call, Route } from '../router.ts'
import { isoTime } from '../wire.ts'
import { pageOf } from './sessions.ts'

/** Spans in which a wallbox was steered by solar surplus, §15 of the reference. */
export function hemsRoutes(context: Context): Route[] {
  const list = `${API}/org/{org_id}/users/{user_id}/wallboxes/{wallbox_id}/hems-sessions`
  const lifeOf = (call: Call) => {
    const home = homeOfCall(context, call)
    const device = deviceOfCall(home, 'wallboxes', call.params['wallbox_id'])
    return { device, life: context.history.of(home, device) }
  }
  return [
    {
      method: 'GET',
      template: list,
      bearer: true,
      handler: (call) => {
        const { device, life } = lifeOf(call)
        const { startMs, endMs, limit, offset } = pageOf(call)
        const spans = life
          .sunSpans(startMs / MINUTE_MS, (endMs + DAY_MS) / MINUTE_MS)
          .filter(({ startMin }) => startMin * MINUTE_MS >= startMs && startMin * MINUTE_MS < endMs)
          .reverse()
        return ok({
          total: spans.length,
          items: spans.slice(offset, offset + limit).map((span) => sessionOnWire(device, span)),
        })
      },
    },
    {
      method: 'GET',
      template: `${list}/{session_id}`,
      bearer: true,
      handler: (call) => {
        const { device, life } = lifeOf(call)
        const id = call.params['session_id'] ?? ''
        // The id tells the minute it began, so nothing has to be searched for.
        const startMin = /^\d{1,10}$/.test(id) ? Number(id) : Number.NaN
        const ended = Number.isNaN(startMin) ? [] : life.sunSpans(startMin, startMin + DAY_MS / MINUTE_MS)
        const span = ended.find((one) => one.startMin === startMin)
        return span ? ok(detailOnWire(device, span)) : notFound
      },
    },
  ]
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

function sessionOnWire(device: Device, span: SunSpan): HemsSession {
  const applied = span.commands.filter((command) => command.applied).length
  return {
    id: span.startMin,
    ocpp_transaction_id: keyOf('transaction', device.id, span.startMin) >>> 1,
    started_at: isoTime(span.startMin * MINUTE_MS),
    ended_at: span.endMin === null ? null : isoTime(span.endMin * MINUTE_MS),
    final_hems_state: span.final,
    energy_from_solar_kwh: thousandth(span.solarWh / 1000),
    savings_eur: thousandth(span.savedEur),
    has_complete_price_coverage: true,
    commands_sent: span.commands.length,
    commands_applied: applied,
    commands_ineffective: span.commands.length - applied,
  }
}

const detailOnWire = (device: Device, span: SunSpan): HemsSessionDetail => ({
  ...sessionOnWire(device, span),
  decisions: span.decisions.map(({ minute, state, surplusW }) => ({
    at: isoTime(minute * MINUTE_MS),
    state,
    surplus_w: surplusW,
  })),
  commands: span.commands.map(({ minute, powerW, applied }) => ({
    at: isoTime(minute * MINUTE_MS),
    power_w: powerW,
    verdict: applied ? 'applied' : 'ineffective',
  })),
})

const thousandth = (x: number) => Math.round(x * 1000) / 1000 || 0
