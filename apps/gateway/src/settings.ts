import type { PartnerClient, Time } from '@homewatt/client'
import type {
  ChargePlan,
  ChargingConfig,
  ChargingConfigChange,
  DeviceSettings,
  DeviceType,
  ElectricVehicleReading,
  SaveOutcome,
  WeeklyChargePolicy,
} from '@homewatt/contract'
import {
  configComplaints,
  planComplaints,
  settingsComplaints,
  type SettingsComplaints,
} from '@homewatt/display'
import type { CommandLimits } from './command-limits.ts'
import { complaintsOf, notFound } from './errors.ts'
import { doubtSettings, expectSettings, fence, type KnownDevice } from './group.ts'
import type { Home } from './homes.ts'
import type { InTurn } from './in-turn.ts'
import type { Plans } from './plans.ts'
import type { Poller } from './poller.ts'
import { provedWrite } from './proved-write.ts'

/**
 * What a household decides about its devices. Whatever cannot hold is refused before anything is sent, with
 * `invalid_request`; outcomes are `saved` with proof, or `unconfirmed`. Rejects with the errors of the client. All is
 * said by `byMs`, as `Time.monotonicMs`.
 */
export type DeviceSettingsWriter = {
  save(home: Home, type: DeviceType, id: string, change: DeviceSettings, byMs: number): Promise<SaveOutcome>
  plan(home: Home, vehicleId: string, byMs: number): Promise<WeeklyChargePolicy>
  savePlan(home: Home, vehicleId: string, plan: ChargePlan, byMs: number): Promise<SaveOutcome>
  config(home: Home, byMs: number): Promise<ChargingConfig>
  saveConfig(home: Home, change: ChargingConfigChange, byMs: number): Promise<SaveOutcome>
}

/** The partner may need a moment until its own reads show what it took. */
const EXPECT_MS = 30_000
/** Two tries and a look between them fit into the ten seconds that a browser waits. */
const WRITE = { deadlineMs: 3_500 }
/** Whoever changes these changes what the weekly plan means. */
const ofPlan = ['is_charge_policy_enabled', 'charge_deadline_at', 'minimum_charge_limit']
const LOOK = { priority: 'command', attempts: 1, deadlineMs: 2_500 } as const

export function createDeviceSettings({
  client,
  poller,
  plans,
  limits,
  inTurn,
  time,
}: {
  client: Pick<PartnerClient, 'saveSettings' | 'saveChargePolicy' | 'chargingConfig' | 'saveChargingConfig'>
  poller: Poller
  plans: Plans
  limits: CommandLimits
  /** Writes about one device, or a home's charging, come one after the other; boosts too. */
  inTurn: InTurn
  time: Time
}): DeviceSettingsWriter {
  function admit(home: Home, id: string): string {
    const key = `${home.key}/${id}`
    limits.admit(home.key, key)
    return key
  }

  async function save(home: Home, type: DeviceType, id: string, change: DeviceSettings, byMs: number) {
    const { reading: before } = knownOf(home, type, id)
    refuse(settingsComplaints(type, before, change))
    const outcome = await provedWrite({
      send: () => client.saveSettings(type, home.userId, id, change, { ...WRITE, byMs }),
      isThere: async () => {
        const known = knownOf(home, type, id)
        fence(known, poller.moment().seq)
        doubtSettings(known, change)
        const read = await poller.readDevice(home, type, id, { ...LOOK, byMs, anew: true })
        if (!read) throw notFound()
        const values: Readonly<Record<string, unknown>> = read.reading
        return Object.entries(change).every(([name, value]) => values[name] === value)
      },
      mayResend: true,
    })
    if (outcome === 'saved') {
      const untilMs = time.monotonicMs() + EXPECT_MS
      expectSettings(knownOf(home, type, id), { change, before }, poller.moment(), untilMs)
      home.publish()
    }
    if (type === 'electric-vehicles' && ofPlan.some((name) => name in change)) {
      plans.doubt(home, id)
      // It says which change of its plan is the last, and with that the plan is asked for.
      void poller.readDevice(home, type, id, { ...LOOK, anew: true }).catch(() => null)
    }
    return outcome
  }

  /** The mode switches the optimisation of every charging device with it, §14. */
  function readChargers(home: Home) {
    for (const type of ['electric-vehicles', 'wallboxes'] as const)
      for (const [id, known] of home.groups[type].devices) {
        fence(known, poller.moment().seq)
        void poller.readDevice(home, type, id, { ...LOOK, anew: true }).catch(() => null)
      }
  }

  const config = async (home: Home, byMs: number) =>
    (await client.chargingConfig(home.userId, { ...LOOK, byMs })).value
  const plan = (home: Home, id: string, byMs: number) => plans.read(home, id, { ...LOOK, byMs })

  return {
    async save(home, type, id, change, byMs) {
      const key = admit(home, id)
      return inTurn(key, byMs, () => save(home, type, id, change, byMs))
    },
    plan,
    async savePlan(home, id, wanted, byMs) {
      const key = admit(home, id)
      refuse(planComplaints(knownOf(home, 'electric-vehicles', id).reading as ElectricVehicleReading, wanted))
      const write = async () => {
        const outcome = await provedWrite({
          send: () => client.saveChargePolicy(home.userId, id, wanted, { ...WRITE, byMs }),
          isThere: async () => isSame(await plan(home, id, byMs), wanted),
          mayResend: true,
        })
        if (outcome === 'saved') plans.wrote(home, id, wanted)
        else plans.doubt(home, id)
        return outcome
      }
      return inTurn(key, byMs, write)
    },
    config,
    async saveConfig(home, change, byMs) {
      const key = admit(home, 'charging-config')
      const write = async () => {
        refuse(configComplaints(await config(home, byMs), change))
        const outcome = await provedWrite({
          send: () => client.saveChargingConfig(home.userId, change, { ...WRITE, byMs }),
          isThere: async () => {
            const present: Readonly<Record<string, unknown>> = await config(home, byMs)
            return Object.entries(change).every(([name, value]) => present[name] === value)
          },
          mayResend: true,
        })
        readChargers(home)
        return outcome
      }
      return inTurn(key, byMs, write)
    },
  }
}

function knownOf(home: Home, type: DeviceType, id: string): KnownDevice {
  const known = home.device(type, id)
  if (!known) throw notFound()
  return known
}

function refuse(complaints: SettingsComplaints) {
  if (Object.keys(complaints).length > 0) throw complaintsOf(complaints)
}

/** Whether two plans are the same, whatever the order of their keys. */
function isSame(read: WeeklyChargePolicy, wanted: ChargePlan): boolean {
  return (Object.keys(wanted) as (keyof ChargePlan)[]).every((name) => {
    const [one, other] = [read[name], wanted[name]]
    if (typeof one === 'string' || typeof other === 'string' || !one || !other) return one === other
    return one.charge_percentage === other.charge_percentage && one.charge_deadline === other.charge_deadline
  })
}
