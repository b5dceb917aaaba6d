import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHouse, type House, type Person } from './house.test-support.ts'
import { pageInTime, webBuild } from './page.test-support.ts'

/** A gateway that was started anew while the partner is away: who was signed in still is, and nothing is known. */

let directory: string
let house: House
let person: Person
let car: string
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-unknown-'))
  house = await openHouse({ storeFile: join(directory, 'store.sqlite'), webBuild })
  person = await house.signIn('car')
  car = await person.deviceId('electric-vehicles')
  const state = { plugged_in: true, level: 40, charge_plan: 'wait' }
  await house.control('POST', `/homes/car/devices/${car}`, state)
  await house.killPartner()
  await house.restart()
})
afterEach(async () => {
  await house.close()
  rmSync(directory, { recursive: true })
})

async function comeBack() {
  await house.revivePartner()
  await house.time.advance(60_000)
}

const nobodys = crypto.randomUUID()

async function boost(id: string): Promise<unknown> {
  const asking = person.send('POST', `/api/devices/electric-vehicles/${id}/boost`)
  await house.time.advance(12_000)
  return (await asking).json()
}

test('nobody is told that a device is not there, nor whose it is, before anything is known', async () => {
  const own = await boost(car)
  expect(own).toMatchObject({ error: { code: 'partner_unavailable' } })
  expect(await boost(nobodys)).toEqual(own)
  await comeBack()
  expect(await boost(nobodys)).toMatchObject({ error: { code: 'not_found' } })
  expect(await boost(car)).toEqual({ outcome: 'requested' })
})

test('nor by asking for the history of what nothing is kept of', async () => {
  const history = async () => {
    const day = 'from=2026-06-20T00:00:00Z&to=2026-06-21T00:00:00Z'
    const asking = person.get(`/api/history?type=electric-vehicles&id=${nobodys}&${day}`)
    await house.time.advance(12_000)
    return (await asking).status
  }
  expect(await history()).toBe(503)
  await comeBack()
  expect(await history()).toBe(404)
})

test.each(['settings', 'plan'])('nor by the page of its %s', async (page) => {
  const shown = (id: string) => pageInTime(house, person, `/electric-vehicles/${id}/${page}`)
  for (const id of [car, nobodys]) {
    const { status, text } = await shown(id)
    expect(status).toBe(503)
    expect(text).toContain('Your home cannot be reached')
  }
  await comeBack()
  expect((await shown(car)).status).toBe(200)
  expect((await shown(nobodys)).status).toBe(404)
})
