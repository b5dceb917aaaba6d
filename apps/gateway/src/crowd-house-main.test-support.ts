import type { CrowdJob } from './crowd-house.test-support.ts'
import { memoryNow } from '../../../bench/src/usage.ts'
import { openHouse } from './house.test-support.ts'

/** See `openCrowdHouse`. The partner allows as much as anybody asks: this is about browsers. */
const policy = { ratePerS: 100_000, burst: 100_000, maxInFlight: 64 }
const house = await openHouse({ homes: Number(process.argv[2]), policy })
const homes = (await house.control('GET', '/homes')) as { name: string; devices: unknown[] }[]
const cookies: string[] = []
for (const { name } of homes.filter(({ devices }) => devices.length > 0)) {
  const person = await house.signIn(name)
  await person.home()
  cookies.push(person.cookie, (await house.signIn(name)).cookie)
}

const jobs: Record<CrowdJob, (arg: number) => unknown> = {
  async change() {
    await house.control('POST', '/advance', { seconds: 3_600 })
    // All lists are asked for anew within this.
    await house.time.advance(33_000)
  },
  advance: (ms) => house.time.advance(ms),
  streams: () => house.streams(),
  memory: () => memoryNow(),
}
process.on('message', ({ job, arg }: { job: CrowdJob; arg: number }) => {
  void Promise.resolve(jobs[job](arg)).then((result) => process.send?.({ result: result ?? null }))
})
process.send?.({ port: Number(new URL(house.url).port), cookies })
