import { afterEach, beforeEach, expect } from 'vitest'
import { faultRow } from './fault-row.test-support.ts'
import { openHouse, type House } from './house.test-support.ts'
import { expectShown, pageOf, webBuild } from './page.test-support.ts'

let house: House
beforeEach(async () => {
  house = await openHouse({ webBuild })
})
afterEach(() => house.close())

faultRow('F10', async ({ row, sees, does, never }) => {
  const person = await house.signIn('full')
  const before = await person.home()
  await house.fault({ kind: 'status', status: 503 })
  await house.control('DELETE', '/requests')
  await house.time.advance(60_000)
  await person.home()
  await house.time.advance(10_000)

  await sees(() => expectShown(house, person, row.sees))
  await does(async () => {
    const counts = await house.counts()
    for (const count of Object.values(counts)) expect(count).toBeLessThanOrEqual(5)
  })
  await never(async () => {
    const page = await pageOf(house, person)
    expect(page.status).toBe(200)
    expect((await person.home()).groups.inverters.devices).toHaveLength(
      before.groups.inverters.devices.length,
    )
  })
})
