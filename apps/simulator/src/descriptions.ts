import * as c from '@homewatt/contract'
import * as v from 'valibot'
import { API } from './context.ts'

/** A value in the query or in a header of a request. */
export type Parameter = { schema: v.GenericSchema; required: boolean; about: string }

/** What the OpenAPI document says of an endpoint. */
export type Description = {
  tag: string
  summary: string
  query?: Record<string, Parameter>
  headers?: Record<string, Parameter>
  /** Body of the request, JSON. */
  body?: v.GenericSchema
  /** Bodies by status; `null`: none. What every endpoint may answer (400, 401, 404 …) is not repeated here. */
  answers: Record<number, v.GenericSchema | null>
}

/**
 * The one table of endpoints. Keys are method and path with `{names}`; a route of the API that is not in it does
 * not start. Paths are relative to the API's base but for the token's.
 */
export const descriptions = (): Readonly<Record<string, Description>> => ({
  ...access(),
  ...people(),
  ...onboarding(),
  ...devices('heat-pumps', c.HeatPump, c.HeatPumpChange, c.HeatPumpRegistration),
  ...devices('electric-vehicles', c.ElectricVehicle, c.ElectricVehicleChange, c.ElectricVehicleRegistration),
  ...devices('inverters', c.Inverter, c.InverterChange, c.InverterRegistration),
  ...devices('wallboxes', c.Wallbox, c.WallboxChange, null),
  ...charging(),
  ...history(),
  ...trading(),
})

/** The description of a route, whatever its template calls the ids. */
export function describe(method: string, template: string): Description | null {
  byShape ??= new Map(
    Object.entries(descriptions()).map(([key, description]) => {
      const [verb = '', path = ''] = key.split(' ')
      return [shapeOf(verb, path.startsWith('/oauth2') ? path : API + path), description]
    }),
  )
  return byShape.get(shapeOf(method, template)) ?? null
}

let byShape: Map<string, Description> | null = null

const shapeOf = (method: string, template: string) => `${method} ${template.replace(/\{[^}]+\}/g, '{}')}`

type Table = Record<string, Description>

const U = '/org/{org_id}/users/{user_id}'

const optional = (schema: v.GenericSchema, about: string): Parameter => ({ schema, required: false, about })
const required = (schema: v.GenericSchema, about: string): Parameter => ({ schema, required: true, about })
const flag = v.boolean()
const dateTime = v.pipe(v.string(), v.isoTimestamp())
const date = v.pipe(v.string(), v.isoDate())
const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most))

function access(): Table {
  return {
    'POST /oauth2/token/': {
      tag: 'Access',
      summary: 'Get an access token',
      body: v.object({ grant_type: v.literal('client_credentials') }),
      answers: {
        200: c.TokenAnswer,
        400: v.union([v.object({ error: v.string() }), v.object({ detail: v.string() })]),
        401: v.object({ error: v.literal('invalid_client') }),
      },
    },
    'GET /openapi.json': {
      tag: 'Access',
      summary: 'This document',
      answers: { 200: v.record(v.string(), v.unknown()) },
    },
    'GET /docs': { tag: 'Access', summary: 'This document, to browse', answers: { 200: null } },
  }
}

function people(): Table {
  const deleted = { include_deleted: optional(flag, 'Also what was deleted.') }
  return {
    'GET /org/{org_id}/users': {
      tag: 'Users',
      summary: 'List users',
      query: deleted,
      answers: { 200: v.array(c.User) },
    },
    'POST /org/{org_id}/users': {
      tag: 'Users',
      summary: 'Create a user',
      body: c.UserCreate,
      answers: { 200: c.User },
    },
    [`GET ${U}`]: { tag: 'Users', summary: 'Read a user', query: deleted, answers: { 200: c.User } },
    [`PUT ${U}`]: {
      tag: 'Users',
      summary: 'Change what is named of a user',
      body: c.UserChange,
      answers: { 200: c.User },
    },
    [`DELETE ${U}`]: { tag: 'Users', summary: 'Remove a user', answers: { 204: null } },
    [`GET ${U}/buildings`]: {
      tag: 'Buildings',
      summary: 'List buildings',
      answers: { 200: v.array(c.Building) },
    },
    [`POST ${U}/buildings`]: {
      tag: 'Buildings',
      summary: 'Create a building',
      body: c.BuildingWrite,
      answers: { 200: c.Building },
    },
    [`GET ${U}/buildings/{building_id}`]: {
      tag: 'Buildings',
      summary: 'Read a building',
      answers: { 200: c.Building },
    },
    [`PUT ${U}/buildings/{building_id}`]: {
      tag: 'Buildings',
      summary: 'Change a building',
      body: c.BuildingWrite,
      answers: { 200: c.Building },
    },
    [`DELETE ${U}/buildings/{building_id}`]: {
      tag: 'Buildings',
      summary: 'Delete a building',
      answers: { 204: null },
    },
    [`GET ${U}/energy-contracts`]: {
      tag: 'Energy contracts',
      summary: 'List energy contracts',
      answers: { 200: v.array(c.EnergyContract) },
    },
    [`POST ${U}/energy-contracts`]: {
      tag: 'Energy contracts',
      summary: 'Register an energy contract',
      body: c.EnergyContractWrite,
      answers: { 200: c.EnergyContract },
    },
    [`PUT ${U}/energy-contracts/{energy_contract_id}`]: {
      tag: 'Energy contracts',
      summary: 'Change an energy contract',
      body: c.EnergyContractWrite,
      answers: { 200: c.EnergyContract },
    },
  }
}

function onboarding(): Table {
  const secret = {
    secret: required(v.string(), 'Signed, for one user and one hour; in the link of the action.'),
  }
  return {
    'POST /device-onboarding': {
      tag: 'Onboarding',
      summary: 'Create an onboarding session',
      body: c.OnboardingRequest,
      answers: { 200: c.OnboardingSession },
    },
    'GET /device-onboarding/{onboarding_session_id}': {
      tag: 'Onboarding',
      summary: 'Read an onboarding session',
      answers: { 200: c.OnboardingSession },
    },
    'GET /device-onboarding/{onboarding_session_id}/wallbox-claim-tokens/{token}/status': {
      tag: 'Onboarding',
      summary: 'Whether a charger has claimed its token',
      answers: { 200: c.WallboxClaimStatus },
    },
    [`POST ${U}/wallboxes/claim-tokens`]: {
      tag: 'Onboarding',
      summary: 'Mint a claim token for a charger',
      answers: { 201: c.WallboxClaimToken },
    },
    'POST /cues/{cue_id}/resolve': {
      tag: 'Actions',
      summary: 'Start a pending action',
      query: secret,
      body: c.ResolveCueRequest,
      answers: { 200: c.ResolveCueAnswer },
    },
    'POST /cues/{cue_id}/state': {
      tag: 'Actions',
      summary: 'Report how a started action ended',
      query: secret,
      body: c.CueStateRequest,
      answers: { 200: c.CueStateAnswer },
    },
  }
}

function devices(
  type: c.DeviceType,
  device: v.GenericSchema,
  { entries }: { entries: v.ObjectEntries },
  registration: v.GenericSchema | null,
): Table {
  const tag = tags[type]
  const change = v.object({
    ...entries,
    building_id: v.optional(v.nullable(v.pipe(v.string(), v.uuid()))),
    price_zone: v.optional(c.PriceZone),
    comment: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(300)))),
    is_trading_enabled: v.optional(v.boolean()),
    is_inverter_forced_mode_enabled: v.optional(v.boolean()),
  })
  const list = `${U}/${type}`
  const one = `${list}/{device_id}`
  const table: Table = {
    [`GET ${list}`]: { tag, summary: 'List devices', answers: { 200: v.array(device) } },
    [`GET ${one}`]: {
      tag,
      summary: 'Read a device, with its actions',
      query: { include_deleted: optional(flag, 'Also when it was deleted.') },
      answers: { 200: device },
    },
    [`PUT ${one}`]: {
      tag,
      summary: 'Change what is named of a device',
      body: change,
      answers: { 200: device },
    },
  }
  if (registration) {
    table[`POST ${list}`] = {
      tag,
      summary: 'Register a device without the Connect page',
      body: registration,
      answers: { 200: device },
    }
    table[`POST ${one}/auth_session`] = {
      tag,
      summary: 'Authenticate again',
      body: c.AuthSessionRequest,
      answers: { 200: c.AuthSession },
    }
  }
  if (type === 'electric-vehicles' || type === 'wallboxes') {
    table[`POST ${one}/boost`] = {
      tag,
      summary: 'Boost now, or at the next plug-in',
      answers: { 204: null, 409: c.BoostRefusal },
    }
    table[`DELETE ${one}/boost`] = {
      tag,
      summary: type === 'wallboxes' ? 'Stop and disarm a boost' : 'Disarm a boost',
      answers: { 204: null },
    }
  }
  return table
}

const tags: Record<c.DeviceType, string> = {
  'heat-pumps': 'Heat pumps',
  'electric-vehicles': 'Electric vehicles',
  inverters: 'Inverters',
  wallboxes: 'Wallboxes',
}

function charging(): Table {
  const policy = `${U}/electric-vehicles/{device_id}/charge-policy`
  return {
    [`GET ${policy}`]: {
      tag: 'Charging',
      summary: 'Weekly charge policy',
      answers: { 200: c.ChargePolicyAnswer },
    },
    [`PUT ${policy}`]: {
      tag: 'Charging',
      summary: 'Set the weekly charge policy',
      body: c.WeeklyChargePolicy,
      answers: { 200: c.ChargePolicyAnswer },
    },
    [`GET ${U}/charging-config`]: {
      tag: 'Charging',
      summary: 'How all charging devices are steered',
      answers: { 200: c.ChargingConfig },
    },
    [`PUT ${U}/charging-config`]: {
      tag: 'Charging',
      summary: 'Change how all charging devices are steered',
      body: c.ChargingConfigChange,
      answers: { 200: c.ChargingConfig },
    },
  }
}

function history(): Table {
  const tag = 'History'
  const page = {
    from: required(date, 'First day, UTC.'),
    to: required(date, 'Last day, UTC.'),
    limit: optional(whole(1, 200), 'Most entries; 50 when left out.'),
    offset: optional(whole(0, 1_000_000_000), 'Entries to skip.'),
  }
  const series = (keywords: string) => ({
    query: {
      from_datetime: optional(dateTime, 'Beginning.'),
      to_datetime: optional(dateTime, 'End.'),
      resolution: optional(c.SeriesResolution, 'Length of a step; 15MIN when left out.'),
      keywords: optional(v.string(), keywords),
    },
    headers: { 'fill-missing': optional(flag, 'Rows of nulls where nothing is known.') },
  })
  const span = {
    from: required(dateTime, 'Beginning.'),
    to: required(v.string(), 'End.'),
    resolution: optional(c.SavingsResolution, 'Length of a bucket; 1MONTH when left out.'),
  }
  const table: Table = {}
  for (const type of ['heat-pumps', 'electric-vehicles', 'inverters'])
    table[`GET ${U}/${type}/{device_id}/savings`] = {
      tag,
      summary: 'Savings by buckets of local time',
      query: span,
      answers: { 200: c.SavingsAnswer },
    }
  const keywordsOf = ({ options }: { options: readonly string[] }) => `Some of ${options.join(', ')}.`
  return {
    ...table,
    [`GET ${U}/heat-pumps/{device_id}/statistics`]: {
      tag,
      summary: 'Statistics of a heat pump',
      query: {
        resolution: optional(v.string(), 'Some of 1DAY, 1WEEK, 1MONTH, 1QUARTER, 1YEAR; 1DAY when left out.'),
        keywords: optional(v.string(), 'Some of savings, consumption.'),
      },
      answers: { 200: c.SavingsAnswer },
    },
    [`GET ${U}/heat-pumps/{device_id}/data`]: {
      tag,
      summary: 'Time series of a heat pump (inferred)',
      ...series(keywordsOf(c.HeatPumpKeyword)),
      answers: { 200: c.HeatPumpSeries },
    },
    [`GET ${U}/electric-vehicles/{device_id}/data`]: {
      tag,
      summary: 'Time series of a vehicle',
      ...series(keywordsOf(c.VehicleKeyword)),
      answers: { 200: c.VehicleSeries },
    },
    [`GET ${U}/inverters/{device_id}/data`]: {
      tag,
      summary: 'Time series of an inverter (beta)',
      ...series(keywordsOf(c.InverterKeyword)),
      answers: { 200: c.InverterSeries },
    },
    [`GET ${U}/electric-vehicles/{device_id}/sessions`]: {
      tag,
      summary: 'Completed charging sessions',
      query: page,
      answers: { 200: c.ChargingSessions },
    },
    [`GET ${U}/electric-vehicles/{device_id}/sessions/current`]: {
      tag,
      summary: 'The charging session that runs',
      answers: { 200: c.CurrentChargingSession },
    },
    [`GET ${U}/wallboxes/{device_id}/hems-sessions`]: {
      tag,
      summary: 'Sessions of solar steering',
      query: page,
      answers: { 200: c.HemsSessions },
    },
    [`GET ${U}/wallboxes/{device_id}/hems-sessions/{session_id}`]: {
      tag,
      summary: 'One session of solar steering, with its commands',
      answers: { 200: c.HemsSessionDetail },
    },
    'GET /org/{org_id}/devices/savings': {
      tag,
      summary: 'Savings of the whole organisation',
      query: {
        start_datetime: required(dateTime, 'Beginning.'),
        end_datetime: required(dateTime, 'End.'),
      },
      answers: { 200: c.OrganisationSavings },
    },
  }
}

function trading(): Table {
  const tag = 'Day-ahead trading'
  const day = { date: required(date, 'The day to trade.') }
  const base = '/organizations/trading/dayahead'
  return {
    [`POST ${base}/prices`]: {
      tag,
      summary: 'Upload a price forecast of 96 quarter-hours',
      body: c.DayAheadPrices,
      answers: { 200: c.DayAheadPricesAnswer },
    },
    [`GET ${base}/load-curves`]: {
      tag,
      summary: 'Optimised and unoptimised load',
      query: day,
      answers: { 200: c.LoadCurves },
    },
    [`GET ${base}/load-curves/by-price-zone`]: {
      tag,
      summary: 'The same by price zone',
      query: day,
      answers: { 200: c.LoadCurvesByPriceZone },
    },
    [`POST ${base}/load-curve-confirmation`]: {
      tag,
      summary: 'Accept or reject a trade',
      body: c.LoadCurveConfirmation,
      answers: {
        200: v.object({ trade_id: v.string(), accepted: v.boolean(), state: v.string() }),
      },
    },
  }
}
