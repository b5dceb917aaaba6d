import type { DeviceType } from '@homewatt/contract'
import { createTokens, demo } from '../../simulator/src/oauth.ts'
import type { House } from './house.test-support.ts'
import { mark, type Scanner } from './scanner.test-support.ts'

/** A home with a mark of its own in every text, and the ids of what is in it. */
export type MarkedHome = {
  name: string
  user_id: string
  devices: { type: DeviceType; id: string }[]
  records: Record<RecordKind, string[]>
}

type RecordKind = 'buildings' | 'energy-contracts'

/** Puts a mark of its own into every text of every home; resolves with a text of each. */
export async function plant(
  house: House,
  homes: MarkedHome[],
  scanner: Scanner,
): Promise<[owner: number, text: string][]> {
  const own: [number, string][] = []
  const partner = await asPartner(house)
  for (const [owner, home] of homes.entries()) {
    const { name, user_id, devices } = home
    scanner.secret('a user', user_id, true)
    for (const { id } of devices) {
      const path = `/homes/${name}/devices/${id}`
      const wire = (await house.control('GET', path)) as Wire
      for (const { resolution_link } of wire.actions ?? [])
        scanner.secret('an action', new URL(resolution_link.url).searchParams.get('secret') ?? '')
      await house.control('POST', path, { set: marked(wire, owner) })
      scanner.owns(owner, id)
      own.push([owner, id])
    }
    const user = `/users/${user_id}`
    await partner('PUT', user, {
      first_name: mark(owner, 'first'),
      last_name: mark(owner, 'last'),
      street_and_number: mark(owner, 'street'),
      town: mark(owner, 'town'),
      email: `${mark(owner, 'mail')}@example.com`,
    })
    home.records = { buildings: [], 'energy-contracts': [] }
    for (const { id } of await partner('GET', `${user}/buildings`)) {
      await partner('PUT', `${user}/buildings/${id}`, {
        name: mark(owner, 'building'),
        town: mark(owner, 'town'),
      })
      scanner.owns(owner, id)
      home.records.buildings.push(id)
    }
    for (const { id } of await partner('GET', `${user}/energy-contracts`)) {
      await partner('PUT', `${user}/energy-contracts/${id}`, { supplier: mark(owner, 'supplier') })
      scanner.owns(owner, id)
      home.records['energy-contracts'].push(id)
    }
  }
  scanner.secret('the client secret', demo.clientSecret)
  scanner.secret('the credential', btoa(`${demo.clientId}:${demo.clientSecret}`))
  scanner.secret('the organisation', demo.orgId)
  for (const token of tokensToBe()) scanner.secret('a token', token)
  return own
}

type Wire = {
  owner: Record<string, unknown>
  device_model: Record<string, unknown>
  actions?: { resolution_link: { url: string } }[]
}

/** Every text of a device that is a person's or a maker's, and one that nobody has heard of. */
function marked({ owner, device_model }: Wire, whose: number): Record<string, unknown> {
  const of = (what: string) => mark(whose, what)
  return {
    comment: of('comment'),
    external_device_id: of('external'),
    lifecycle_error: of('error'),
    authorization_url: `https://manufacturer.example.com/?code=${of('code')}`,
    tomorrow: { note: of('tomorrow') },
    owner: {
      ...owner,
      email: `${of('mail')}@example.com`,
      first_name: of('first'),
      last_name: of('last'),
      external_id: of('person'),
    },
    device_model: {
      ...device_model,
      manufacturer: of('manufacturer'),
      model: of('model'),
      cloud_service: of('cloud'),
      cloud_service_instructions: of('instructions'),
      cloud_service_signup_link: `https://manufacturer.example.com/${of('signup')}`,
    },
  }
}

/** The Partner API as the organisation itself uses it. */
/** Asks the Partner API itself, as the organisation. */
export async function asPartner(house: House) {
  const answer = await fetch(`${new URL(house.partnerUrl).origin}/oauth2/token/`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${demo.clientId}:${demo.clientSecret}`)}`,
      'content-type': 'application/json',
    },
    body: '{"grant_type":"client_credentials"}',
  })
  const { access_token } = (await answer.json()) as { access_token: string }
  return async <Answer = { id: string }[]>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const told = await fetch(`${house.partnerUrl}/org/${demo.orgId}${path}`, {
      method,
      headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!told.ok) throw new Error(`${method} ${path}: ${told.status} ${await told.text()}`)
    return (await told.json()) as Answer
  }
}

/** What the simulator will give out as tokens: of one seed they are always the same. */
function tokensToBe(): string[] {
  const tokens = createTokens(1)
  const header = (name: string) =>
    name === 'authorization' ? `Basic ${btoa(`${demo.clientId}:${demo.clientSecret}`)}` : 'application/json'
  const call = { request: { header, json: () => ({ grant_type: 'client_credentials' }) }, nowMs: 0 }
  return Array.from({ length: 2_000 }, () => {
    const { json } = tokens.issue(call as unknown as Parameters<typeof tokens.issue>[0]) as {
      json: { access_token: string }
    }
    return json.access_token
  })
}
