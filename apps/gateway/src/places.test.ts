import { expect, test } from 'vitest'
import { createPlaces } from './places.ts'

test('no more than the places are taken, who waits goes on in order, and how long the next has waited is told', async () => {
  let nowMs = 0
  const places = createPlaces(2, () => nowMs)
  const begun: string[] = []
  const arrive = (name: string) => {
    const place = places.take()
    if (place) void place.then(() => begun.push(name))
    else begun.push(name)
  }
  for (const name of 'abcd') arrive(name)
  expect(begun.join('')).toBe('ab')
  nowMs = 30
  expect(places.waitMs()).toBe(30)
  places.leave()
  await null
  expect(begun.join('')).toBe('abc')
  arrive('e')
  for (let n = 0; n < 3; n++) places.leave()
  await null
  expect(begun.join('')).toBe('abcde')
  expect(places.waitMs()).toBe(0)
  for (let n = 0; n < 1; n++) places.leave()
  // All have left: there is room for two again, and not for three.
  for (const name of 'fgh') arrive(name)
  expect(begun.join('')).toBe('abcdefg')
})
