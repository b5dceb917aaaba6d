import type { HemsSession, HemsSessionDetail } from '@homewatt/contract'
import { DAY_MS, MINUTE_MS } from '../calendar.ts'
import { API, deviceOfCall, type Context } from '../context.ts'
import type { Device } from '../devices.ts'
import { keyOf } from '../hash.ts'
import type { SunSpan } from '../homes/visits.ts'
import { notFound, ok } from '../http.ts'
import { thousandth } from '../rounding.ts'
import type { Call, Route } from '../router.ts'
import { isoTime } from '../wire.ts'
import { pageAnswer, pageOf } from './session-page.ts'

/** Spans in which a wallbox was steered by solar surplus, §15 of the reference. */
export function hemsRoutes(context: Context): Route[] {
  const list = `${API}/org/{org_id}/users/{user_id}/wallboxes/{wallbox_id}/hems-sessions`
  const wallboxOf = (call: Call) => deviceOfCall(context, call, 'wallboxes', 'wallbox_id')
  return [
    {
      method: 'GET',
      template: list,
      bearer: true,
      handler: async (call) => {
        const { home, device } = wallboxOf(call)
        const page = pageOf(call)
        const endMs = page.endMs + DAY_MS
        const life = await context.history.lived(home, device, { startMs: page.startMs, endMs })
        const spans = life.sunSpans(page.startMs / MINUTE_MS, endMs / MINUTE_MS)
        return pageAnswer(
          page,
          spans,
          ({ startMin }) => startMin,
          (span) => sessionOnWire(device, span),
        )
      },
    },
    {
      method: 'GET',
      template: `${list}/{session_id}`,
      bearer: true,
      handler: (call) => {
        const { home, device } = wallboxOf(call)
        const life = context.history.of(home, device)
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
