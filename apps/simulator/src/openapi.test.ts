import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { conformanceTo } from './conformance.ts'
import { descriptions } from './descriptions.ts'
import { openDoor, type Door, type Loose } from './testing.ts'

let door: Door
beforeEach(async () => {
  door = await openDoor()
})
afterEach(() => door.close())

const document = async (): Promise<Loose> =>
  (await fetch(`${door.url}/api/partners/v2.0/openapi.json`)).json()

describe('the OpenAPI document', () => {
  test('is there without a token, in version 3.1', async () => {
    expect(await document()).toMatchObject({
      openapi: '3.1.0',
      info: { version: '2.0' },
      security: [],
      components: { schemas: { HeatPump: {}, ValidationError: {} } },
    })
  })

  test('has every endpoint that is described, and the other way round', async () => {
    const { paths } = await document()
    const shape = (path: string) => path.replace(/^\/api\/partners\/v2\.0/, '').replace(/\{[^}]+\}/g, '{}')
    const there = Object.entries(paths as Loose).flatMap(([path, methods]) =>
      Object.keys(methods as Loose).map((method) => `${method.toUpperCase()} ${shape(path)}`),
    )
    expect(there.sort()).toEqual(Object.keys(descriptions()).map(shape).sort())
  })

  test('refers to nothing that it does not have, and names every operation once', async () => {
    const json = await document()
    const text = JSON.stringify(json)
    for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/(\w+)/g))
      expect(json.components.schemas).toHaveProperty(name)
    const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('says what a field must be, not only what a tolerant reader takes', async () => {
    const { Inverter } = (await document()).components.schemas
    expect(Inverter.required).toContain('current_solar_production_w')
    expect(Inverter.properties.current_solar_production_w).not.toHaveProperty('default')
  })

  test('holds answers to account', async () => {
    const conformance = conformanceTo(await document())
    const seen = (json: unknown, status = 200) => ({
      method: 'GET',
      path: '/x',
      template: '/api/partners/v2.0/org/{org_id}/users/{user_id}/inverters',
      answer: { status, json },
      home: null,
      plain: true,
    })
    const { body } = await door.api('GET', await door.devices('full', 'inverters'))
    expect(conformance.check(seen(body))).toBeNull()
    expect(conformance.check(seen([{ ...body[0], is_authenticated: 'yes' }]))).toContain('is_authenticated')
    expect(conformance.check(seen([{ ...body[0], secret: 1 }]))).toContain('secret')
    expect(conformance.check(seen([], 418))).toContain('418')
  })
})

test('the page lists every operation and needs nothing from elsewhere', async () => {
  const response = await fetch(`${door.url}/api/partners/v2.0/docs`)
  expect(response.headers.get('content-type')).toContain('text/html')
  const html = await response.text()
  for (const path of Object.keys((await document()).paths)) expect(html).toContain(path)
  expect(html).not.toMatch(/<script|https?:\/\/(?!localhost)[^"]*\.(js|css)/)
})
