import { expect, test } from 'vitest'
import { deviceTypes } from '@homewatt/contract'
import { openHouse } from './house.test-support.ts'

type Owner = { id: string; email: string; first_name: string; last_name: string; external_id: string }
type Summary = { name: string; user_id: string; devices: { type: string; id: string }[] }

test('neither people nor secrets nor other homes are in anything that leaves the gateway', async () => {
  const house = await openHouse()
  const homes = (await house.control('GET', '/homes')) as Summary[]
  const owners: Owner[] = []
  for (const { name, devices } of homes) {
    const [device] = devices
    if (!device) continue
    const wire = (await house.control('GET', `/homes/${name}/devices/${device.id}`)) as { owner: Owner }
    owners.push(wire.owner)
  }
  expect(owners.length).toBeGreaterThan(5)

  let left = ''
  const keep = async (answer: Response) => {
    left += JSON.stringify([...answer.headers.entries()].filter(([name]) => name !== 'set-cookie'))
    left += await answer.text()
  }
  for (const name of ['full', 'reconnect', 'many']) {
    const person = await house.signIn(name)
    const stream = await person.stream()
    for (const path of [
      '/api/home',
      '/api/session',
      '/api/health',
      '/api/openapi.json',
      '/api/demo/homes',
      '/api/x',
    ])
      await keep(await person.get(path))
    const { groups } = await person.home()
    for (const type of deviceTypes)
      for (const { id } of groups[type].devices) {
        await keep(await person.get(`/api/devices/${type}/${id}`))
        await keep(await person.send('POST', `/api/devices/${type}/${id}/boost`))
      }
    await house.time.advance(40_000)
    for (const kind of ['wrong_owner', 'truncate', 'invalid_json', 'html', 'reset', 'token_expire'])
      await house.fault({ kind, count: 6 })
    await house.time.advance(2 * 60_000)
    await keep(await person.send('POST', '/api/refresh'))
    await house.control('DELETE', '/faults')
    await house.time.advance(40_000)
    left += JSON.stringify(stream.events)
    const own = homes.find((home) => home.name === name)
    for (const other of homes) {
      if (other === own) continue
      for (const { id } of other.devices) expect(left).not.toContain(id)
    }
    left += house.logged()
    await person.send('POST', '/api/session/end')
    for (const text of [
      person.cookie.split('=')[1] ?? '',
      'homewatt-demo-secret',
      'Bearer',
      'Basic',
      '/cues/',
      'secret=',
    ])
      expect(left).not.toContain(text)
    for (const { id, email, last_name } of owners)
      for (const text of [id, email, `"${last_name}"`, '"first_name"', '"external_id"', '"owner"'])
        expect(left).not.toContain(text)
    left = ''
  }
  await house.close()
})
