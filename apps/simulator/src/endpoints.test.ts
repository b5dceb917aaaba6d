import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { demo } from './oauth.ts'
import { openDoor, tokenFrom, type Door, type Loose } from './testing.ts'

let door: Door
beforeAll(async () => {
  door = await openDoor()
  const full = await user('full')
  known['u'] = full
  for (const [type, name] of [
    ['heat-pumps', 'hp'],
    ['electric-vehicles', 'ev'],
    ['inverters', 'iv'],
    ['wallboxes', 'wb'],
  ] as const)
    known[name] = `${full}/${type}/${(await door.api('GET', `${full}/${type}`)).body[0].id}`
})
afterAll(() => door.close())

/** What earlier answers said and later requests need. */
const known: Record<string, string> = {}
const at = (name: string) => known[name] ?? ''

const user = async (home: string) => (await door.devices(home, 'x')).replace(/\/x$/, '')
const org = `/org/${demo.orgId}`
const year = 'from=2025-07-01T00:00:00Z&to=2026-06-01T00:00:00Z'
const month = 'from=2026-05-01&to=2026-05-31'
const urls = { success_url: 'https://partner.example.com/ok', cancel_url: 'https://partner.example.com/no' }
const trading = '/organizations/trading/dayahead'

/** 96 quarter-hours of a day, as a partner uploads them. */
const forecast = (date: string) => ({
  date,
  prices: Array.from({ length: 96 }, (_, i) => ({
    timestamp: new Date(Date.parse(`${date}T00:00:00Z`) + i * 900_000).toISOString().replace('.000Z', 'Z'),
    price_eur_mwh: 80 - 60 * Math.sin((i / 96) * Math.PI),
  })),
})

/** A request as the documents describe it, and what it should come to. */
type Step = {
  status?: number
  path: () => string
  body?: () => unknown
  /** Takes what later steps need. */
  then?: (body: Loose) => void
  /** Goes there by itself instead. */
  ask?: () => Promise<{ status: number; body: Loose }>
}

/** Every endpoint of the reference's index, in an order in which they can be asked. */
const endpoints: Record<string, Step> = {
  'POST /oauth2/token/': {
    path: () => '',
    ask: async () => ({ status: (await tokenFrom(door.url)) ? 200 : 401, body: null }),
  },
  'GET /org/{org_id}/users': { path: () => `${org}/users` },
  'POST /org/{org_id}/users': {
    path: () => `${org}/users`,
    body: () => ({ role: 'user', email: 'peter.schmidt@example.com' }),
    then: ({ id }) => (known['new'] = `${org}/users/${id}`),
  },
  'GET {u}': { path: () => at('new') },
  'PUT {u}': { path: () => at('new'), body: () => ({ town: 'Berlin' }) },
  'POST {u}/buildings': {
    path: () => `${at('new')}/buildings`,
    body: () => ({ name: 'Home' }),
    then: ({ id }) => (known['building'] = `${at('new')}/buildings/${id}`),
  },
  'GET {u}/buildings': { path: () => `${at('new')}/buildings` },
  'GET {u}/buildings/{building_id}': { path: () => at('building') },
  'PUT {u}/buildings/{building_id}': { path: () => at('building'), body: () => ({ name: 'House' }) },
  'DELETE {u}/buildings/{building_id}': { status: 204, path: () => at('building') },
  'GET {u}/energy-contracts': { path: () => `${at('u')}/energy-contracts` },
  'POST {u}/energy-contracts': {
    path: () => `${at('u')}/energy-contracts`,
    body: () => ({ energy_contract_type: 'spot_hourly' }),
    then: ({ id }) => (known['contract'] = `${at('u')}/energy-contracts/${id}`),
  },
  'PUT {u}/energy-contracts/{energy_contract_id}': {
    path: () => at('contract'),
    body: () => ({ supplier: 'Good Energy Company' }),
  },
  'POST /device-onboarding': {
    path: () => '/device-onboarding',
    body: () => ({
      user_id: at('new').split('/').at(-1),
      ...urls,
      language: 'de',
      price_zone_default: 'DE_LU',
    }),
    then: ({ id }) => (known['session'] = `/device-onboarding/${id}`),
  },
  'GET /device-onboarding/{onboarding_session_id}': { path: () => at('session') },
  'POST {u}/wallboxes/claim-tokens': {
    status: 201,
    path: () => `${at('new')}/wallboxes/claim-tokens`,
    then: ({ token }) => (known['token'] = token),
  },
  'GET /device-onboarding/{onboarding_session_id}/wallbox-claim-tokens/{token}/status': {
    path: () => `${at('session')}/wallbox-claim-tokens/${at('token')}/status`,
  },
  'GET {u}/heat-pumps': { path: () => `${at('u')}/heat-pumps` },
  'POST {u}/heat-pumps': { path: () => `${at('new')}/heat-pumps`, body: () => ({}) },
  'GET {u}/heat-pumps/{heat_pump_id}': { path: () => at('hp') },
  'PUT {u}/heat-pumps/{heat_pump_id}': {
    path: () => at('hp'),
    body: () => ({ optimization_level: 'Mid' }),
  },
  'GET {u}/heat-pumps/{heat_pump_id}/statistics': { path: () => `${at('hp')}/statistics` },
  'GET {u}/heat-pumps/{heat_pump_id}/savings': { path: () => `${at('hp')}/savings?${year}` },
  'GET {u}/heat-pumps/{heat_pump_id}/data': { path: () => `${at('hp')}/data` },
  'POST {u}/heat-pumps/{heat_pump_id}/auth_session': {
    path: () => `${at('hp')}/auth_session`,
    body: () => urls,
  },
  'GET {u}/electric-vehicles': { path: () => `${at('u')}/electric-vehicles` },
  'POST {u}/electric-vehicles': { path: () => `${at('new')}/electric-vehicles`, body: () => ({}) },
  'GET {u}/electric-vehicles/{electric_vehicle_id}': { path: () => at('ev') },
  'PUT {u}/electric-vehicles/{electric_vehicle_id}': {
    path: () => at('ev'),
    body: () => ({ minimum_charge_limit: 75 }),
  },
  'DELETE {u}/electric-vehicles/{electric_vehicle_id}/boost': {
    status: 204,
    path: () => `${at('ev')}/boost`,
  },
  'POST {u}/electric-vehicles/{electric_vehicle_id}/boost': { status: 204, path: () => `${at('ev')}/boost` },
  'GET {u}/electric-vehicles/{electric_vehicle_id}/charge-policy': {
    path: () => `${at('ev')}/charge-policy`,
    then: ({ data }) => (known['policy'] = JSON.stringify(data)),
  },
  'PUT {u}/electric-vehicles/{electric_vehicle_id}/charge-policy': {
    path: () => `${at('ev')}/charge-policy`,
    body: () => JSON.parse(at('policy')) as unknown,
  },
  'GET {u}/electric-vehicles/{electric_vehicle_id}/sessions': {
    path: () => `${at('ev')}/sessions?${month}`,
  },
  'GET {u}/electric-vehicles/{electric_vehicle_id}/sessions/current': {
    path: () => `${at('ev')}/sessions/current`,
  },
  'GET {u}/electric-vehicles/{electric_vehicle_id}/data': { path: () => `${at('ev')}/data` },
  'GET {u}/electric-vehicles/{electric_vehicle_id}/savings': { path: () => `${at('ev')}/savings?${year}` },
  'POST {u}/electric-vehicles/{electric_vehicle_id}/auth_session': {
    path: () => `${at('ev')}/auth_session`,
    body: () => urls,
  },
  'GET {u}/inverters': { path: () => `${at('u')}/inverters` },
  'POST {u}/inverters': { path: () => `${at('new')}/inverters`, body: () => ({}) },
  'GET {u}/inverters/{inverter_id}': { path: () => at('iv') },
  'PUT {u}/inverters/{inverter_id}': { path: () => at('iv'), body: () => ({ min_battery_charge: 20 }) },
  'GET {u}/inverters/{inverter_id}/data': { path: () => `${at('iv')}/data` },
  'GET {u}/inverters/{inverter_id}/savings': { path: () => `${at('iv')}/savings?${year}` },
  'POST {u}/inverters/{inverter_id}/auth_session': {
    path: () => `${at('iv')}/auth_session`,
    body: () => urls,
  },
  'GET {u}/wallboxes': { path: () => `${at('u')}/wallboxes` },
  'GET {u}/wallboxes/{wallbox_id}': { path: () => at('wb') },
  'PUT {u}/wallboxes/{wallbox_id}': { path: () => at('wb'), body: () => ({ charge_target_max: 90 }) },
  'POST {u}/wallboxes/{wallbox_id}/boost': { status: 204, path: () => `${at('wb')}/boost` },
  'DELETE {u}/wallboxes/{wallbox_id}/boost': { status: 204, path: () => `${at('wb')}/boost` },
  'GET {u}/wallboxes/{wallbox_id}/hems-sessions': {
    path: () => `${at('wb')}/hems-sessions?from=2025-07-01&to=2026-06-01`,
    then: ({ items }) => (known['hems'] = items[0]?.id),
  },
  'GET {u}/wallboxes/{wallbox_id}/hems-sessions/{session_id}': {
    path: () => `${at('wb')}/hems-sessions/${at('hems')}`,
  },
  'GET {u}/charging-config': { path: () => `${at('u')}/charging-config` },
  'PUT {u}/charging-config': { path: () => `${at('u')}/charging-config`, body: () => ({ mode: 'spot' }) },
  'GET /org/{org_id}/devices/savings': {
    path: () =>
      `${org}/devices/savings?start_datetime=2026-05-01T00:00:00Z&end_datetime=2026-06-01T00:00:00Z`,
  },
  'POST /cues/{cue_id}/resolve': {
    path: () => at('cue'),
    body: () => ({ successUrl: urls.success_url, cancelUrl: urls.cancel_url }),
  },
  'POST /cues/{cue_id}/state': {
    path: () => at('cue').replace('/resolve?', '/state?'),
    body: () => ({ state: 'success' }),
  },
  'POST /organizations/trading/dayahead/prices': {
    path: () => `${trading}/prices`,
    body: () => forecast('2026-06-18'),
    then: () => door.clock.advance(6 * 3600),
  },
  'GET /organizations/trading/dayahead/load-curves': {
    path: () => `${trading}/load-curves?date=2026-06-18`,
    then: ({ trade_id }) => (known['trade'] = trade_id),
  },
  'GET /organizations/trading/dayahead/load-curves/by-price-zone': {
    path: () => `${trading}/load-curves/by-price-zone?date=2026-06-18`,
  },
  'POST /organizations/trading/dayahead/load-curve-confirmation': {
    path: () => `${trading}/load-curve-confirmation`,
    body: () => ({ trade_id: at('trade'), accepted: true }),
  },
  'DELETE {u}': { status: 204, path: () => at('new') },
}

describe('the endpoint index', () => {
  beforeAll(async () => {
    // A boost is refused or accepted by situation, so the car is put into one.
    await door.control('POST', '/homes/full/devices/electric-vehicles', {
      plugged_in: true,
      level: 40,
      charge_plan: 'wait',
    })
    const { actions } = await door.device('reconnect', 'electric-vehicles')
    known['cue'] = actions[0].resolution_link.url.replace(/^.*\/api\/partners\/v2\.0/, '')
  })

  test.each(Object.entries(endpoints))('%s', async (name, { status = 200, path, body, then, ask }) => {
    const method = name.split(' ')[0] ?? ''
    const answer = await (ask ? ask() : door.api(method, path(), body?.()))
    expect({ status: answer.status, body: answer.status >= 300 ? answer.body : '' }).toEqual({
      status,
      body: '',
    })
    then?.(answer.body)
  })
})

describe('the README', () => {
  const rows = [...readme().matchAll(/^\| `((?:GET|POST|PUT|DELETE) [^`]+)` \| [PGI] \| (.+) \|$/gm)]

  test('has every endpoint in its table, and no other', () => {
    expect(rows.map(([, name]) => name).sort()).toEqual(Object.keys(endpoints).sort())
  })

  test('calls them all done, since they all answer', () => {
    expect(rows.filter(([, , state]) => !state?.startsWith('done')).map(([, name]) => name)).toEqual([])
  })
})

/** The document lies beside the repository where this was built; elsewhere there is nothing to compare with. */
const reference = fileURLToPath(new URL('../../../../shared/reference/partner-api.md', import.meta.url))

test.skipIf(!existsSync(reference))('the list here is the list of the reference (needs ../shared)', () => {
  const section = /\n## 4\. ([\s\S]*?)\nNotes/.exec(readFileSync(reference, 'utf8'))?.[1] ?? ''
  const told = [...section.matchAll(/^\| (GET|POST|PUT|DELETE)[^|]* \| `([^`?]+)/gm)].map(
    ([, m, p]) => `${m} ${p}`,
  )
  expect(told.sort()).toEqual(Object.keys(endpoints).sort())
})

function readme(): string {
  return readFileSync(new URL('../README.md', import.meta.url), 'utf8')
}
