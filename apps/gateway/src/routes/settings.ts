import {
  ChargePlan,
  ChargingConfigChange,
  deviceSettings,
  type ChargePlanAnswer,
  type ChargingConfigAnswer,
  type DeviceSettings,
  type Saved,
} from '@homewatt/contract'
import { isTimeZone } from '@homewatt/display'
import { Hono, type Context } from 'hono'
import { refuseSwitchedOffFields } from '../capabilities.ts'
import { invalidRequest, notFound } from '../errors.ts'
import { bodyOf } from './body-of.ts'
import type { Env, Parts } from './context.ts'
import { deviceOf } from './device-of.ts'

type Needs = Pick<Parts, 'settings' | 'audit' | 'poller' | 'switchedOff'>

/** What a household may decide about one device. */
export function settingsRoutes({ settings, audit, poller, switchedOff }: Needs) {
  async function vehicleOf(c: Context<Env>): Promise<string> {
    const { type, id } = await deviceOf(c, poller)
    if (type !== 'electric-vehicles') throw notFound()
    return id
  }

  return new Hono<Env>()
    .put('/:type/:id', async (c) => {
      const { type, id } = await deviceOf(c, poller)
      const change: DeviceSettings = await bodyOf(c, deviceSettings[type])
      demandSomething(change)
      refuseSwitchedOffFields(change, switchedOff)
      const save = () => settings.save(c.get('home'), type, id, change, c.get('byMs'))
      const asked = { command: 'settings', type, deviceId: id, asked: change }
      const outcome = await audit.note(c.get('session'), asked, save, String)
      return c.json({ outcome } satisfies Saved)
    })
    .get('/:type/:id/charge-policy', async (c) => {
      const id = await vehicleOf(c)
      return c.json({
        policy: await settings.plan(c.get('home'), id, c.get('byMs')),
      } satisfies ChargePlanAnswer)
    })
    .put('/:type/:id/charge-policy', async (c) => {
      const deviceId = await vehicleOf(c)
      const plan = await bodyOf(c, ChargePlan)
      if (!isTimeZone(plan.timezone))
        throw invalidRequest({ timezone: 'Use an IANA name such as Europe/Berlin.' })
      const save = () => settings.savePlan(c.get('home'), deviceId, plan, c.get('byMs'))
      const asked = { command: 'charge_plan', type: 'electric-vehicles', deviceId, asked: plan }
      const outcome = await audit.note(c.get('session'), asked, save, String)
      return c.json({ outcome } satisfies Saved)
    })
}

/** How all charging devices of the home are steered. */
export function chargingConfigRoutes({ settings, audit }: Needs) {
  return new Hono<Env>()
    .get('/', async (c) =>
      c.json({ config: await settings.config(c.get('home'), c.get('byMs')) } satisfies ChargingConfigAnswer),
    )
    .put('/', async (c) => {
      const change = await bodyOf(c, ChargingConfigChange)
      demandSomething(change)
      const save = () => settings.saveConfig(c.get('home'), change, c.get('byMs'))
      const asked = { command: 'charging_config', asked: change }
      const outcome = await audit.note(c.get('session'), asked, save, String)
      return c.json({ outcome } satisfies Saved)
    })
}

function demandSomething(change: object) {
  if (Object.keys(change).length === 0) throw invalidRequest({ body: 'Name at least one setting.' })
}
