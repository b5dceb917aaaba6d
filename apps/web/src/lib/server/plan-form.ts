import { weekdays, type ChargePlan, type Weekday, type WeeklyChargePolicy } from '@homewatt/contract'
import { isTimeOfDay } from '@homewatt/display'

/** One day of the form, as typed. */
export type PlanRow = { on: boolean; time: string; level: string }
export type PlanRows = Record<Weekday, PlanRow>

/** What is wrong with a day, by its fields. */
export type PlanFaults = Partial<
  Record<Weekday, { time?: 'time'; level?: 'level' | 'above_limit' | 'invalid' }>
>

/** Whom a day can be copied to. */
export const copyTargets = {
  weekdays: weekdays.slice(0, 5),
  weekend: weekdays.slice(5),
  all: weekdays,
} as const satisfies Record<string, readonly Weekday[]>
export type CopyTarget = keyof typeof copyTargets

/** The form of a plan; a day without an entry proposes the usual time and level. */
export function rowsOf(
  plan: WeeklyChargePolicy,
  daily: { at: string | null; percent: number | null },
): PlanRows {
  return byDay((day) => ({
    on: plan[day] !== null,
    time: plan[day]?.charge_deadline ?? daily.at ?? '07:00',
    level: String(plan[day]?.charge_percentage ?? daily.percent ?? 80),
  }))
}

/** What was typed, as it was. */
export function rowsIn(form: FormData): PlanRows {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  return byDay((day) => ({
    on: form.has(`${day}_on`),
    time: text(`${day}_time`),
    level: text(`${day}_level`),
  }))
}

/** The rows after one day was copied to others; unchanged when the form names no such day or target. */
export function copied(rows: PlanRows, from: string, to: string): PlanRows {
  const source = weekdays.find((day) => day === from)
  const targets: readonly Weekday[] = Object.hasOwn(copyTargets, to) ? copyTargets[to as CopyTarget] : []
  return byDay((day) => (source && targets.includes(day) ? { ...rows[source] } : rows[day]))
}

/** The plan that rows ask for, or what is wrong with them. A day that is not ticked is not looked at. */
export function planOf(rows: PlanRows, timezone: string): { plan: ChargePlan } | { faults: PlanFaults } {
  const faults: PlanFaults = {}
  const days = byDay((day) => {
    const { on, time, level } = rows[day]
    if (!on) return null
    const percent = level === '' ? NaN : Number(level)
    const isLevel = Number.isInteger(percent) && percent >= 0 && percent <= 100
    if (!isTimeOfDay(time) || !isLevel)
      faults[day] = { ...(isTimeOfDay(time) ? {} : { time: 'time' }), ...(isLevel ? {} : { level: 'level' }) }
    return { charge_deadline: time, charge_percentage: percent }
  })
  return Object.keys(faults).length > 0 ? { faults } : { plan: { ...days, timezone } }
}

/** What the gateway found wrong, by day. */
export const faultsIn = (complaints: Readonly<Record<string, string>>): PlanFaults =>
  Object.fromEntries(
    weekdays
      .filter((day) => day in complaints)
      .map((day) => [day, { level: complaints[day] === 'above_limit' ? 'above_limit' : 'invalid' }]),
  ) as PlanFaults

const byDay = <T>(of: (day: Weekday) => T) =>
  Object.fromEntries(weekdays.map((day) => [day, of(day)])) as Record<Weekday, T>
