import * as v from 'valibot'
import { claimWallbox } from '../claims.ts'
import type { Context } from '../context.ts'
import { Fault } from '../faults.ts'
import { HttpError, noContent, ok, type Request } from '../http.ts'
import { deviceNamed, homeNamed, intervene, Intervention, refusal } from '../interventions.ts'
import type { Handler, Route } from '../router.ts'
import { VariantChange } from '../variants.ts'
import { deviceDetailOnWire, isoTime } from '../wire.ts'
import type { Home } from '../world.ts'
import { actionLinks } from './cues.ts'

/** The control door: what tests and demonstrations move the world with. Open to this machine only. */
export function controlRoutes(context: Context): Route[] {
  const { world, clock, faults, requests, variants } = context
  const route = (method: string, path: string, handler: Handler): Route => ({
    method,
    template: `/_control${path}`,
    bearer: false,
    handler: (call) =>
      call.request.isLocal
        ? handler(call)
        : { status: 403, json: { error: 'The control door is open to this machine only.' } },
  })
  const now = () => ok({ now: isoTime(clock.nowMs()), speed: clock.speed })

  return [
    route('GET', '/homes', ({ nowMs }) =>
      ok(world.heads().map(({ name }) => homeSummary(homeNamed(context, name, nowMs)))),
    ),
    route('GET', '/clock', now),
    route('POST', '/clock', ({ request }) => {
      clock.setSpeed(
        body(v.strictObject({ speed: v.pipe(v.number(), v.minValue(0), v.maxValue(100_000)) }), request)
          .speed,
      )
      return now()
    }),
    route('POST', '/advance', ({ request }) => {
      clock.advance(
        body(
          v.strictObject({ seconds: v.pipe(v.number(), v.minValue(0), v.maxValue(400 * 86_400)) }),
          request,
        ).seconds,
      )
      return now()
    }),
    route('GET', '/variants', () => ok(variants.of(null))),
    route('POST', '/variants', ({ request }) => {
      variants.change(null, body(VariantChange, request))
      return ok(variants.of(null))
    }),
    route('POST', '/homes/{name}', ({ request, params, nowMs }) => {
      const home = homeNamed(context, params['name'], nowMs)
      variants.change(home.name, body(VariantChange, request))
      return ok(homeSummary(home))
    }),
    route('GET', '/homes/{name}/devices/{device_id}', (call) => {
      const home = homeNamed(context, call.params['name'], call.nowMs)
      return ok(
        deviceDetailOnWire(home, deviceNamed(home, call.params['device_id']), actionLinks(context, call)),
      )
    }),
    route('POST', '/homes/{name}/devices/{device_id}', (call) => {
      const home = homeNamed(context, call.params['name'], call.nowMs)
      const device = deviceNamed(home, call.params['device_id'])
      intervene(context, home, device, body(Intervention, call.request), call.nowMs)
      return ok(deviceDetailOnWire(home, device, actionLinks(context, call)))
    }),
    route('POST', '/claims', ({ request, nowMs }) => {
      const { token, manufacturer, model, firmware_version } = body(ChargerCall, request)
      const wallbox = claimWallbox(context, token, { manufacturer, model, firmware: firmware_version }, nowMs)
      return wallbox
        ? ok({ wallbox_id: wallbox.id })
        : refusal(422, `The claim token "${token}" is unknown, used or too old.`)
    }),
    route('GET', '/invitations', () => ok(context.invitations)),
    route('GET', '/faults', () => ok(faults.list())),
    route('POST', '/faults', ({ request }) => {
      faults.add(body(Fault, request))
      return ok(faults.list())
    }),
    route('DELETE', '/faults', () => {
      faults.clear()
      return noContent
    }),
    route('GET', '/requests', () => ok(requests.report())),
    route('DELETE', '/requests', () => {
      requests.clear()
      return noContent
    }),
  ]
}

/** A charger's first call with a claim token. */
const ChargerCall = v.strictObject({
  token: v.string(),
  manufacturer: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(60)), 'go-e'),
  model: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(60)), 'Charger Gemini'),
  firmware_version: v.optional(v.pipe(v.string(), v.maxLength(60)), '59.4'),
})

const homeSummary = (home: Home) => ({
  name: home.name,
  user_id: home.userId,
  devices: home.devices.map(({ id, type, spec }) => ({
    type,
    id,
    name: `${spec.manufacturer} ${spec.model}`,
  })),
})

function body<S extends v.GenericSchema>(schema: S, request: Request): v.InferOutput<S> {
  const result = v.safeParse(schema, request.json() ?? {})
  if (result.success) return result.output
  const told = result.issues.map((issue) => `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`)
  throw new HttpError(refusal(422, told.join(' ')))
}
