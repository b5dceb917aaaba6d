import { deviceTypes, type DeviceType, type Reading } from '@homewatt/contract'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatter } from './format.ts'
import { homeView, type DeviceView } from './home.ts'
import { home, minutesBefore, noon, reading } from './made-readings.ts'
import { reasonSentence } from './reason-sentence.ts'
import { freshnessSentence } from './sentences.ts'
import { displayWords } from './words/index.ts'
import type { Language } from './words/words.ts'

type Wire = Record<string, unknown>

/** What the table is written to. */
export const reasonsFile = join(fileURLToPath(new URL('../../..', import.meta.url)), 'docs/reasons.md')

const flag = [true, false, null]
const boost = ['available', 'requested', 'ongoing', 'unavailable', 'of tomorrow', null]
const pause: Wire[] = [
  { is_pause_power_active: false, pause_power_until: null },
  { is_pause_power_active: true, pause_power_until: minutesBefore(-120) },
  { is_pause_power_active: true, pause_power_until: null },
  { is_pause_power_active: true, pause_power_until: minutesBefore(120) },
]
const deadline: Wire[] = [
  { is_charge_policy_enabled: false },
  { is_charge_policy_enabled: true, charge_deadline_at: '07:00', minimum_charge_limit: 75 },
  { is_charge_policy_enabled: true, charge_deadline_at: '07:00', minimum_charge_limit: null },
  { is_charge_policy_enabled: true, charge_deadline_at: null, minimum_charge_limit: null },
]
const column = (field: string, values: readonly unknown[]): Wire[] =>
  values.map((value) => ({ [field]: value }))
const charger = [
  pause,
  column('boost_state', boost),
  column('is_charging', flag),
  column('is_plugged_in', flag),
  column('is_smart_optimization_active', flag),
  deadline,
  column('boost_for_next_session', [false, true]),
]
/** Reported now, long ago, never; the link lapsed; the partner names it no longer. */
const standing: Wire[] = [
  {},
  { current_state_last_updated_at: minutesBefore(180) },
  { current_state_last_updated_at: null },
  { is_authenticated: false },
  { is_authenticated: null },
  { presence: 'gone' },
  { presence: 'not_reported' },
]

const columns: Record<DeviceType, Wire[][]> = {
  'heat-pumps': [
    pause,
    column('is_smart_optimization_active', flag),
    column('current_mode', ['min', 'low', 'mid', 'max', 'of tomorrow', null]),
    column('optimization_level', ['Low', 'Mid', 'Max', null]),
  ],
  'electric-vehicles': [
    ...charger,
    [
      { battery_level: 40, charge_target_max: null, is_fully_charged: false },
      { battery_level: 40, charge_target_max: 80, is_fully_charged: false },
      { battery_level: 80, charge_target_max: 80, is_fully_charged: true },
      { battery_level: null, charge_target_max: null, is_fully_charged: null },
    ],
  ],
  wallboxes: [
    ...charger.slice(0, -1),
    column('boost_for_next_session', [false]),
    [
      ...column('mode', [
        'READY',
        'PLUGGED_IN',
        'CHARGING',
        'UNAVAILABLE',
        'UNKNOWN',
        'OF TOMORROW',
        null,
      ]).map((wire) => ({ ...wire, connection: 'online' })),
      // The connection is the reason of nothing else.
      ...column('connection', ['offline', 'never_connected', 'of tomorrow', null]).map((wire) => ({
        ...wire,
        mode: 'UNAVAILABLE',
      })),
    ],
    column('charge_target_max', [80]),
  ],
  inverters: [
    pause,
    column('is_smart_optimization_active', flag),
    column('is_battery_connected', [true, false, null]),
    column('battery_charge_discharge_power_w', [-1500, 0, 1500, 4000, null]),
    column('current_solar_production_w', [0, 1000, 6000, null]),
    column('household_consumption_w', [0, 2000, null]),
    [
      { battery_charge_level_percent: 50, min_battery_charge: 20, max_battery_charge: 95 },
      { battery_charge_level_percent: 20, min_battery_charge: 20, max_battery_charge: 95 },
      { battery_charge_level_percent: 95, min_battery_charge: 20, max_battery_charge: 95 },
      { battery_charge_level_percent: null, min_battery_charge: null, max_battery_charge: null },
    ],
    column('current_power_to_grid_w', [null]),
  ],
}

export type State = { wire: Wire; device: Reading; view: DeviceView }

/** Every state of a device that a sentence can differ by: first all that it reports, then how it stands. */
export function* statesOf(type: DeviceType): Generator<State> {
  const inEach = product(columns[type])
  for (const [n, wire] of inEach.entries()) {
    yield state(type, wire)
    // What stands above all states does so over any of them.
    if (n % 97 === 0) for (const over of standing.slice(1)) yield state(type, { ...wire, ...over })
  }
}

function product(of: Wire[][]): Wire[] {
  return of.reduce<Wire[]>(
    (states, values) => states.flatMap((state) => values.map((value) => ({ ...state, ...value }))),
    [{}],
  )
}

function state(type: DeviceType, wire: Wire): State {
  const { presence, ...reported } = wire
  const device = { ...reading(type, reported), ...(presence ? { presence } : {}) } as Reading
  const { inverters, vehicles, heatPumps, wallboxes } = homeView(
    home({ [type]: [device] } as { [T in DeviceType]?: never[] }),
    noon,
  )
  const [view] = [...inverters, ...vehicles, ...heatPumps, ...wallboxes]
  if (!view) throw new Error(`No view of ${type}.`)
  return { wire, device, view }
}

/** All that is said of a device: what, why, what next; and how old that is. */
export function sentences({ view }: State, language: Language): { reason: string; age: string } {
  const words = displayWords[language]
  const format = formatter(language, 'Europe/Berlin')
  return {
    reason: reasonSentence(view.reason, { words, format, now: noon }),
    age: freshnessSentence(view.reason.asOf, noon, words, format),
  }
}

/** The page of the documentation: each sentence once, beside the first state it is said in. */
export function reasonsPage(): string {
  return `# Why a device does what it does

Made by \`npm run reasons\`. Each device says what it does, why, and what comes next. That is made of the fields that the
partner reports and of nothing else; what is not reported is said to be not known. The age of the facts stands in a line
of its own under it. Of facts that are old, or of a device that the partner's list lacks, the same is said after
“Last known:” or “Zuletzt bekannt:”.

Below is every sentence of every device, over all flags, enums, values of tomorrow and blanks, and how many of the generated
states say it. Times are those of a summer's noon in UTC, for a home in Berlin. On cards and pages that show the deadline
or what was armed in a line of its own, it is not said a second time.

The Partner API v2.0 names prices in one place alone, the time series of vehicles (partner reference, §16.2 and §21.20). Where a
home has one, the page of each device that is steered says what this hour costs against the others of the day, in a line of
its own (see \`GET /api/prices\`): a fact beside the reason and no cause, because no field says that a device
runs for the sake of the price. That a heat pump's level changes with the price is documented of its mode (§10), and said.

${deviceTypes.map(section).join('\n\n')}
`
}

function section(type: DeviceType): string {
  const rows = new Map<string, { state: State; count: number }>()
  for (const state of statesOf(type)) {
    if (state.view.reason.isPast) continue
    const { reason } = sentences(state, 'en')
    const row = rows.get(reason)
    if (row) row.count++
    else rows.set(reason, { state, count: 1 })
  }
  const lines = [...rows].map(([english, { state, count }]) => {
    const { doing, why, next } = state.view.reason
    const parts = [doing.kind, why?.kind, next?.kind].filter(Boolean).join(' · ')
    return `| ${parts} | ${english} | ${sentences(state, 'de').reason} | ${count} |`
  })
  return `## ${displayWords.en.device[type]}

| facts | English | German | states |
|---|---|---|---|
${lines.join('\n')}`
}
