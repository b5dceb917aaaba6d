import { isUuid, type RecordKind, type RecordWrite } from '@homewatt/client'
import {
  BuildingForm,
  EnergyContractForm,
  type Buildings,
  type EnergyContracts,
  type Saved,
} from '@homewatt/contract'
import { Hono, type Context } from 'hono'
import { invalidRequest, notFound } from '../errors.ts'
import { bodyOf } from './body-of.ts'
import type { Env, Parts } from './context.ts'

type Needs = Pick<Parts, 'records' | 'audit'>

/** The buildings of the home, in which devices are optimised together. */
export function buildingRoutes(parts: Needs) {
  const { read, save } = recordCalls(parts, 'buildings', 'building')
  return new Hono<Env>()
    .get('/', async (c) => c.json({ buildings: await read(c) } satisfies Buildings))
    .post('/', async (c) => save(c, { method: 'POST', id: null, body: await bodyOf(c, BuildingForm) }))
    .put('/:id', async (c) => save(c, { method: 'PUT', id: idOf(c), body: await bodyOf(c, BuildingForm) }))
    .delete('/:id', async (c) => save(c, { method: 'DELETE', id: idOf(c), body: null }))
}

/** How the home pays for electricity. */
export function energyContractRoutes(parts: Needs) {
  const { read, save } = recordCalls(parts, 'energy-contracts', 'energy_contract')
  const contractOf = async (c: Context<Env>) => {
    const body = await bodyOf(c, EnergyContractForm)
    if (Object.keys(body).length === 0) throw invalidRequest({ energy_contract_type: 'Say what changes.' })
    if (body.energy_prices?.length && !body.currency_energy_price)
      throw invalidRequest({ currency_energy_price: 'Name the currency of the prices, for example EUR.' })
    return body
  }
  return new Hono<Env>()
    .get('/', async (c) => c.json({ contracts: await read(c) } satisfies EnergyContracts))
    .post('/', async (c) => save(c, { method: 'POST', id: null, body: await contractOf(c) }))
    .put('/:id', async (c) => save(c, { method: 'PUT', id: idOf(c), body: await contractOf(c) }))
}

function recordCalls<K extends RecordKind>({ records, audit }: Needs, kind: K, name: string) {
  return {
    read: (c: Context<Env>) => records.list(c.get('home'), kind, c.get('byMs')),
    async save(c: Context<Env>, write: RecordWrite<K>) {
      const command = `${{ POST: 'add', PUT: 'change', DELETE: 'remove' }[write.method]}_${name}`
      const run = () => records.write(c.get('home'), kind, write, c.get('byMs'))
      // What is written about a house is the household's own affair: the trail says that, not what.
      const outcome = await audit.note(c.get('session'), { command }, run, String)
      return c.json({ outcome } satisfies Saved)
    },
  }
}

function idOf(c: Context<Env>): string {
  const id = c.req.param('id') ?? ''
  if (!isUuid(id)) throw notFound()
  return id.toLowerCase()
}
