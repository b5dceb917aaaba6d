import type { HomeSnapshot } from '@homewatt/contract'
import { expect } from 'vitest'
import type { House } from './house.test-support.ts'

/** Somebody else in the same house, to whom nothing happens while a fault does. */
export type Bystander = {
  /**
   * The process answers, and the bystander still sees the home as it was.
   *
   * @param isSpared whether the fault is of somebody else alone, so that even its values go on being renewed
   */
  expectUntouched(isSpared: boolean): Promise<void>
}

/** A home with a device of a type that few faults are about. */
const HOME = 'heat'

export async function bystanderIn(house: House): Promise<Bystander> {
  // Where people sign in at a provider, the tests of that bring people of their own.
  const isDemo = (await house.request('/api/demo/homes')).status === 200
  const person = isDemo ? await house.signIn(HOME) : null
  const before = await person?.home()
  return {
    async expectUntouched(isSpared) {
      expect((await house.request('/api/health')).status, 'health').toBe(200)
      if (!person || !before) return
      // Nobody looked meanwhile: the first look asks, the second sees.
      await person.home()
      await house.time.advance(2_000)
      const answer = await person.get('/api/home')
      expect(answer.status, 'the home of another person').toBe(200)
      const after = (await answer.json()) as HomeSnapshot
      expect(idsOf(after), 'the devices of another person').toEqual(idsOf(before))
      if (!isSpared) return
      for (const [type, { problem, devices, asked_at }] of Object.entries(after.groups)) {
        if (devices.length === 0) continue
        expect(problem, `${type} of another person`).toBeNull()
        expect(Date.parse(after.at) - Date.parse(asked_at ?? '')).toBeLessThan(60_000)
      }
    },
  }
}

const idsOf = ({ groups }: HomeSnapshot) =>
  Object.values(groups).map(({ devices }) => devices.map(({ id }) => id))
