import { setImmediate as turn } from 'node:timers/promises'
import { SavingsResolution, type SavingsAnswer, type SavingsBucket } from '@homewatt/contract'
import { MINUTE_MS, QUARTER_MS } from '../calendar.ts'
import { API, deviceOfCall, ofOurOrganisation, type Context } from '../context.ts'
import type { Device } from '../devices.ts'
import { at, type Column } from '../homes/ledger.ts'
import { ok, type Answer } from '../http.ts'
import { periodsOf, type Period } from '../periods.ts'
import { createQuery } from '../query.ts'
import { tenth } from '../rounding.ts'
import type { Call, Route } from '../router.ts'
import { importEurPerKwh, tariff } from '../tariff.ts'
import { isoTime } from '../wire.ts'
import { sampleOf, type Home } from '../world.ts'

/** Savings and statistics of devices, and savings of the organisation, §16.3 of the reference. */
export function savingsRoutes(context: Context): Route[] {
  const user = `${API}/org/{org_id}/users/{user_id}`
  const of = (type: SavingType, id: string, answer: DeviceAnswer) => (call: Call) => {
    const { home, device } = deviceOfCall(context, call, type, id)
    return answer(context, call, home, device)
  }
  return [
    ...savingTypes.map(([type, id]): Route => ({
      method: 'GET',
      template: `${user}/${type}/{${id}}/savings`,
      bearer: true,
      handler: of(type, id, savings),
    })),
    {
      method: 'GET',
      template: `${user}/heat-pumps/{heat_pump_id}/statistics`,
      bearer: true,
      handler: of('heat-pumps', 'heat_pump_id', statistics),
    },
    {
      method: 'GET',
      template: `${API}/org/{org_id}/devices/savings`,
      bearer: true,
      handler: (call) => organisation(context, call),
    },
  ]
}

type SavingType = 'heat-pumps' | 'electric-vehicles' | 'inverters'
const savingTypes: readonly (readonly [SavingType, string])[] = [
  ['heat-pumps', 'heat_pump_id'],
  ['electric-vehicles', 'electric_vehicle_id'],
  ['inverters', 'inverter_id'],
]

type DeviceAnswer = (context: Context, call: Call, home: Home, device: Device) => Promise<Answer>

const savings: DeviceAnswer = async (context, { request, nowMs }, home, device) => {
  const zone = home.spec.place.timeZone
  const query = createQuery(request.query)
  const startMs = query.moment('from', zone, true) ?? 0
  const endMs = query.moment('to', zone, true) ?? 0
  const resolution = query.oneOf('resolution', SavingsResolution.options, '1MONTH')
  query.check()
  if (endMs <= startMs) query.complain('to', 'Should be after from')
  query.check()
  await context.history.lived(home, device, { startMs, endMs })
  const told = { from: isoTime(startMs), to: isoTime(endMs), resolution }
  const data = bucketsOf(context, home, device, resolution, { startMs, endMs }, nowMs)
  return ok(answerOf(nowMs, told, data))
}

/** Statistics ask for no span: they are about all that is known, unless `from` and `to` are given. */
const statistics: DeviceAnswer = async (context, { request, nowMs }, home, device) => {
  const zone = home.spec.place.timeZone
  const query = createQuery(request.query)
  const startMs = query.moment('from', zone, false) ?? context.history.of(home, device).fromMs
  const endMs = query.moment('to', zone, false) ?? nowMs
  const resolutions = query.someOf('resolution', SavingsResolution.options, ['1DAY'])
  const keywords = query.someOf('keywords', statisticsKeywords, statisticsKeywords)
  query.check()
  await context.history.lived(home, device, { startMs, endMs })
  const data = resolutions.flatMap((resolution) =>
    bucketsOf(context, home, device, resolution, { startMs, endMs }, nowMs).map((bucket) => {
      const told: SavingsBucket = { resolution: bucket.resolution, period: bucket.period }
      if (keywords.includes('savings')) told.savings = bucket.savings
      if (keywords.includes('consumption')) told.consumption = bucket.consumption
      if (keywords.includes('consumption')) told.heat_pump = bucket.heat_pump
      return told
    }),
  )
  const told = { resolution: resolutions.join(','), keywords: keywords.join(',') }
  return ok(answerOf(nowMs, told, data))
}

/** Homes and devices one after another, and whoever else asks in between is answered. */
async function organisation(context: Context, call: Call): Promise<Answer> {
  ofOurOrganisation(call)
  const query = createQuery(call.request.query)
  const startMs = query.moment('start_datetime', 'UTC', true) ?? 0
  const endMs = query.moment('end_datetime', 'UTC', true) ?? 0
  query.check()
  const eur: Record<SavingType, number> = { 'heat-pumps': 0, 'electric-vehicles': 0, inverters: 0 }
  // A year of ten thousand homes takes hours to live through; a sample says as much.
  const { heads, weight } = sampleOf(context.world, MOST_HOMES)
  for (const { name } of heads) {
    const home = context.world.homeNamed(name, call.nowMs)
    for (const device of home?.devices ?? []) {
      if (!home || device.deletedAtMs !== null || !isSaving(device.type)) continue
      await context.history.lived(home, device, { startMs, endMs })
      eur[device.type] += totalsOf(context, home, device, { startMs, endMs }, call.nowMs).savedEur * weight
      await turn()
    }
  }
  const parts = {
    heat_pump_savings: round(eur['heat-pumps']),
    electric_vehicle_savings: round(eur['electric-vehicles']),
    inverter_savings: round(eur.inverters),
  }
  const total = parts.heat_pump_savings + parts.electric_vehicle_savings + parts.inverter_savings
  return ok({ total_savings: round(total), ...parts })
}

const MOST_HOMES = 20
const statisticsKeywords = ['savings', 'consumption'] as const

const isSaving = (type: Device['type']): type is SavingType => type !== 'wallboxes'

function answerOf(nowMs: number, query: Record<string, string>, data: SavingsBucket[]): SavingsAnswer {
  return {
    metadata: {
      requested_at: isoTime(nowMs),
      query,
      units: { savings: 'EUR', consumption: 'Wh' },
      error: null,
    },
    data,
  }
}

/** Buckets of a span as far as anything is known of it. */
function bucketsOf(
  context: Context,
  home: Home,
  device: Device,
  resolution: SavingsResolution,
  span: Period,
  nowMs: number,
): SavingsBucket[] {
  const known = clipped(context, home, device, span, nowMs)
  if (!known) return []
  return periodsOf(resolution, home.spec.place.timeZone, known).map((period) => {
    const totals = totalsOf(context, home, device, period, nowMs)
    return {
      resolution,
      period: { start_period: isoTime(period.startMs), end_period: isoTime(period.endMs) },
      savings: {
        total: round(totals.savedEur),
        percentage: totals.plainEur > 0.01 ? round((totals.savedEur / totals.plainEur) * 100) : 0,
      },
      consumption: { total: tenth(totals.consumedWh) },
      ...totals.own,
    }
  })
}

function clipped(context: Context, home: Home, device: Device, span: Period, nowMs: number): Period | null {
  const startMs = Math.max(span.startMs, context.history.of(home, device).fromMs)
  const endMs = Math.min(span.endMs, nowMs)
  return endMs > startMs ? { startMs, endMs } : null
}

type Totals = {
  savedEur: number
  /** What the device, or for inverters the house, would have cost unoptimised. */
  plainEur: number
  consumedWh: number
  own: Pick<SavingsBucket, 'heat_pump' | 'electric_vehicle' | 'inverter'>
}

/** Sums over the quarter-hours that begin in a period. */
function totalsOf(context: Context, home: Home, device: Device, span: Period, nowMs: number): Totals {
  const type = device.type as SavingType
  const { saved, plain, consumed } = columnsOf[type]
  const known = clipped(context, home, device, span, nowMs) ?? { startMs: 0, endMs: 0 }
  const life = context.history.of(home, device)
  const { market } = context.world
  const { priceZone } = home.spec.place
  const sums: Partial<Record<Column, number>> = {}
  let plainEur = 0
  const add = (row: ArrayLike<number>, column: Column) => {
    sums[column] = (sums[column] ?? 0) + (row[at[column]] || 0)
  }
  const end = Math.ceil(known.endMs / QUARTER_MS)
  for (let quarter = Math.ceil(known.startMs / QUARTER_MS); quarter < end; quarter++) {
    const row = life.row(quarter)
    if (!row) continue
    for (const column of [...consumed, saved, ...extra]) add(row, column)
    const eurPerKwh = importEurPerKwh(market.eurPerMwh(priceZone, quarter))
    for (const column of plain)
      plainEur +=
        ((row[at[column]] || 0) / 1000) * (column === 'exportWh' ? -tariff.feedInEurPerKwh : eurPerKwh)
  }
  const sum = (column: Column) => sums[column] ?? 0
  const savedEur = sum(saved)
  // The bill that was paid and what was saved are the bill that would have been.
  if (type === 'inverters') plainEur += savedEur
  const consumedWh = consumed.reduce((wh, column) => wh + sum(column), 0)
  return { savedEur, plainEur, consumedWh, own: own() }

  function own(): Totals['own'] {
    if (type === 'heat-pumps') return { heat_pump: { estimated_consumption_wh: tenth(consumedWh) } }
    if (type === 'inverters')
      return {
        inverter: { solar_production_wh: tenth(sum('solarWh')), grid_export_wh: tenth(sum('exportWh')) },
      }
    const minutes = sum('chargingMin')
    const stays = life.visits(Math.ceil(known.startMs / MINUTE_MS), Math.ceil(known.endMs / MINUTE_MS))
    return {
      electric_vehicle: {
        estimated_consumption_wh: tenth(consumedWh),
        charge_session_count: stays.filter(({ energyWh }) => energyWh > 0).length,
        average_charge_power_w: minutes === 0 ? 0 : Math.round((consumedWh / minutes) * 60),
      },
    }
  }
}

const columnsOf: Record<SavingType, { saved: Column; plain: Column[]; consumed: Column[] }> = {
  'heat-pumps': { saved: 'heatPumpSavedEur', plain: ['twinHeatPumpWh'], consumed: ['heatPumpWh'] },
  'electric-vehicles': { saved: 'carSavedEur', plain: ['twinCarWh'], consumed: ['carWh'] },
  inverters: {
    saved: 'inverterSavedEur',
    plain: ['importWh', 'exportWh'],
    consumed: ['peopleWh', 'heatPumpWh', 'carWh'],
  },
}
const extra: readonly Column[] = ['solarWh', 'exportWh', 'chargingMin']

/** Fine enough that the buckets of a year add up to it. */
const round = (x: number) => Math.round(x * 1e6) / 1e6 || 0
