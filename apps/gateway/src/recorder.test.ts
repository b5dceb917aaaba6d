import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { DatabaseSync } from 'node:sqlite'
import { virtualTime } from '@homewatt/client/virtual-time'
import { Inverter, samples } from '@homewatt/contract'
import * as v from 'valibot'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { mergeList } from './group.ts'
import { createHomes } from './homes.ts'
import { createLog } from './log.ts'
import { createRecorder } from './recorder.ts'
import { openStore, type Store } from './store.ts'
import { createUpstreamClock } from './upstream-clock.ts'

const noon = Date.parse('2026-06-21T12:00:00Z')
const owner = { tenant: 'default', userId: 'user-1' }
const id = samples.inverters.id
const device = { owner, type: 'inverters' as const, deviceId: id }

let directory: string
let store: Store
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'homewatt-'))
  store = await openStore(file())
})
afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true })
})

const file = () => join(directory, 'store.sqlite')

/** A home whose inverter reports when it is told to, on a clock that is pushed. */
function recorded(mostWaiting: number) {
  const time = virtualTime({
    settle: async () => {
      for (let n = 0; n < 20; n++) await turn()
    },
  })
  const recorder = createRecorder({ rows: store.readings, time, log: createLog('silent'), mostWaiting })
  const homes = createHomes({
    epoch: 1,
    clock: createUpstreamClock(time),
    time,
    timeZone: 'Europe/Berlin',
    learnedOf: () => ({
      ready: Promise.resolve(),
      updatesOf: () => [],
      updated: () => {},
      spellsOf: () => [],
      charged: () => {},
      planOf: () => undefined,
      planned: () => {},
    }),
    onChange: (home, types) => recorder.saw(home, types),
  })
  const home = homes.of(owner)
  return {
    time,
    recorder,
    report(minute: number) {
      const at = new Date(noon + minute * 60_000).toISOString()
      const inverter = v.parse(Inverter, { ...samples.inverters, current_state_last_updated_at: at })
      const moment = { seq: homes.nextSeq(), nowMs: time.monotonicMs(), at }
      mergeList(home.groups.inverters, [inverter], moment, home.learned)
      home.publish()
    },
  }
}

const minutesKept = async () =>
  (await store.readings.of(device, 0, Infinity, 1_000)).map(({ atMs }) => (atMs - noon) / 60_000)

test('what cannot be kept is held, and what is too much becomes a gap that is told', async () => {
  const { time, recorder, report } = recorded(3)
  report(0)
  await time.advance(1_000)
  const other = new DatabaseSync(file())
  other.exec('BEGIN IMMEDIATE')
  for (const minute of [1, 2, 3, 4, 5, 6]) {
    report(minute)
    await time.advance(10_000)
  }
  // A lock is waited for in real time.
  await expect.poll(() => recorder.isPaused()).toBe(true)
  await time.advance(10_000)
  await expect.poll(() => recorder.waiting()).toBe(3)
  other.exec('ROLLBACK')
  other.close()
  await time.advance(60_000)
  await expect.poll(() => recorder.isPaused()).toBe(false)
  expect(await minutesKept()).toEqual([0, 4, 5, 6])
  expect(await store.readings.gapsOf(device, 0, Infinity)).toEqual([
    { fromMs: noon + 60_000, toMs: noon + 3 * 60_000 },
  ])
})

test('an orderly end keeps what waits', async () => {
  const { recorder, report } = recorded(100)
  report(0)
  report(5)
  await recorder.close()
  expect(await minutesKept()).toEqual([0, 5])
})

test('an end while nothing can be kept is an end all the same', async () => {
  const { time, recorder, report } = recorded(100)
  const other = new DatabaseSync(file())
  other.exec('BEGIN IMMEDIATE')
  report(0)
  await recorder.close()
  expect(time.pending()).toBe(0)
  other.close()
})

test('a device that says the same again makes no second row', async () => {
  const { time, report } = recorded(100)
  for (const minute of [0, 0, 5, 5, 5]) {
    report(minute)
    await time.advance(2_000)
  }
  expect(await minutesKept()).toEqual([0, 5])
})
