import type { ChildProcess } from 'node:child_process'
import { loadavg } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Asked } from './crowd.ts'
import { openSetup, type Setup } from './gateway-setup.ts'
import { openConnection, requestOf } from './raw-client.ts'
import { cpuSOf, memoryOf } from './usage.ts'

/** All counts and times of the bench are these times `SCALE`: 0.1 for a look, 1 for figures. */
const scale = Number(process.env['SCALE'] ?? 1)
const scaled = (count: number) => Math.max(1, Math.round(count * scale))

/** Names of parts with commas between; all unless set. */
const only = process.env['PARTS']?.split(',')

/** One figure, beside a bare `node:http` server that does the same in the same run, where that says anything. */
type Figure = { what: string; gateway: number; floor: number | null; target: string; holds: boolean }

/** The gateway under load from another process: what it is to hold, figure by figure. */
export async function gatewayBench(): Promise<unknown> {
  const setup = await openSetup(scaled(500))
  const figures: Figure[] = []
  const load = loadavg()[0] ?? Number.NaN
  try {
    for (const [name, part] of Object.entries({
      reads,
      strangers,
      outage,
      slowClients,
      overload,
      flood,
      aborts,
      streams,
    })) {
      if (only && !only.includes(name)) continue
      const found = await part(setup)
      figures.push(...found)
      for (const { what, gateway, target, holds } of found)
        console.log(`${holds ? 'holds' : 'FAILS'}  ${what}: ${round(gateway)} (${target})`)
    }
  } finally {
    await setup.close()
  }
  console.log(
    `Gateway, crowd and simulator on one machine; load average ${round(load)} before, scale ${scale}`,
  )
  console.table(
    Object.fromEntries(
      figures.map(({ what, gateway, floor, target, holds }) => [
        what,
        { gateway: round(gateway), floor: floor === null ? '' : round(floor), target, holds },
      ]),
    ),
  )
  return { figures, scale, loadAverage: load }
}

const get = (path: string, host: string, cookie?: string): Asked => ({
  method: 'GET',
  path,
  headers: { host, ...(cookie === undefined ? {} : { cookie }) },
})

/** Reads by 50 connections, in turns with the bare server, so that both have the same neighbours. */
async function reads({ port, host, cookies, crowd, floor, gateway }: Setup): Promise<Figure[]> {
  const bare = await floor()
  const asked = cookies.slice(0, 100).map((cookie) => get('/api/home', host, cookie))
  // Known, and compiled.
  await crowd('askInTurn', port, asked, 20, scaled(3_000))
  const ask = async (at: number, child: ChildProcess) => {
    const beforeS = await cpuSOf(child)
    const answers = await crowd('askInTurn', at, asked, 50, scaled(5_000))
    const usedS = (await cpuSOf(child)) - beforeS
    return { ...answers, perCoreSecond: total(answers.statuses) / usedS }
  }
  const ours = []
  const theirs = []
  for (let round = 0; round < 3; round++) {
    theirs.push(await ask(bare.port, bare.child))
    ours.push(await ask(port, gateway()))
  }
  bare.child.kill()
  const rate = median(ours.map(({ perSecond }) => perSecond))
  const floorRate = median(theirs.map(({ perSecond }) => perSecond))
  const p99 = median(ours.map(({ givenMs }) => givenMs[1]))
  const notGiven = ours.reduce((sum, { statuses }) => sum + total(statuses) - (statuses['200'] ?? 0), 0)
  const share = (rate / floorRate) * 100
  const perCore = median(ours.map(({ perCoreSecond }) => perCoreSecond))
  const floorPerCore = median(theirs.map(({ perCoreSecond }) => perCoreSecond))
  return [
    figure('reads per second, 50 connections', rate, floorRate, '≥ 4,000', rate >= 4_000),
    figure('share of the bare server, %', share, null, '≥ 40', share >= 40),
    figure('reads per second of processor time', perCore, floorPerCore, '', true),
    figure('p99 of reads, ms', p99, median(theirs.map(({ givenMs }) => givenMs[1])), '≤ 40', p99 <= 40),
    figure('reads without an answer', notGiven, null, '0', notGiven === 0),
  ]
}

/** Whether it can be told by the time of a refusal that a device is somebody's: it must look like one that nobody has. */
async function strangers({ port, host, cookies, body }: Setup): Promise<Figure[]> {
  const [foreign = ''] = idsIn(body)
  const mine = await fetch(`http://${host}/api/home`, { headers: { cookie: cookies[1] ?? '' } })
  if (idsIn(await mine.text()).includes(foreign)) throw new Error('The device is no stranger’s.')
  const refusalOf = (id: string) =>
    requestOf('GET', `/api/devices/inverters/${id}`, { host, cookie: cookies[1] ?? '' })
  // The third is like the second, and as far from it as chance puts it.
  const kinds = [foreign, ...[1, 2].map((n) => `${n}0000000-0000-4000-8000-000000000000`)].map(refusalOf)
  const times: number[][] = [[], [], []]
  const connection = openConnection(port)
  const warmUp = 200
  const tries = Math.max(100, scaled(1_000))
  for (let n = 0; n < warmUp + tries; n++)
    for (let turn = 0; turn < kinds.length; turn++) {
      // Whoever comes first in a round must not always be the same.
      const kind = (n + turn) % kinds.length
      const askedMs = performance.now()
      const status = await connection.ask(kinds[kind] as Buffer)
      if (status !== 404) throw new Error(`A stranger's device was answered with ${status}.`)
      if (n >= warmUp) times[kind]?.push(performance.now() - askedMs)
    }
  connection.close()
  const [theirs = 0, nobodys = 0, nobodysToo = 0] = times.map((all) => median(all) * 1_000)
  const [apart, noise] = [Math.abs(theirs - nobodys), Math.abs(nobodys - nobodysToo)]
  const most = Math.max(20, 3 * noise)
  return [
    figure(`median refusal of a stranger's device in ${tries} tries, µs`, theirs, null, '', true),
    figure('of a device that nobody has, µs', nobodys, null, '', true),
    figure('how far the two are apart, µs', apart, noise, '≤ 20, or 3 × chance', apart <= most),
  ]
}

/** Ids of the inverters in a home as it is read. */
function idsIn(body: string): string[] {
  const { groups } = JSON.parse(body) as { groups: { inverters: { devices: { id: string }[] } } }
  return groups.inverters.devices.map(({ id }) => id)
}

/** The same reads while the partner fails, in turns with while it answers. */
async function outage(setup: Setup): Promise<Figure[]> {
  const { port, host, cookies, crowd } = setup
  const asked = cookies.slice(0, 100).map((cookie) => get('/api/home', host, cookie))
  const ask = () => crowd('askInTurn', port, asked, 50, scaled(5_000))
  await crowd('askInTurn', port, asked, 20, scaled(3_000))
  const usual: Awaited<ReturnType<typeof ask>>[] = []
  const without: typeof usual = []
  for (let round = 0; round < 3; round++) {
    usual.push(await ask())
    await setup.breakPartner()
    // Until everybody knows.
    await delay(35_000)
    without.push(await ask())
    await setup.mendPartner()
    await delay(10_000)
  }
  const p99Of = (all: typeof usual) => median(all.map(({ givenMs }) => givenMs[1]))
  const change = (p99Of(without) / p99Of(usual) - 1) * 100
  const failed = without.reduce((sum, { statuses }) => sum + total(statuses) - (statuses['200'] ?? 0), 0)
  return [
    figure(
      'reads per second during an outage',
      median(without.map(({ perSecond }) => perSecond)),
      null,
      '',
      true,
    ),
    figure('the same without it', median(usual.map(({ perSecond }) => perSecond)), null, '', true),
    figure('how much more their p99 is during it, %', change, null, '≤ 20', change <= 20),
    figure('reads without an answer during it', failed, null, '0', failed === 0),
  ]
}

/** Healthy reads while thousands of connections drip headers. */
async function slowClients({ port, host, cookies, crowd }: Setup): Promise<Figure[]> {
  const asked = cookies.slice(0, 100).map((cookie) => get('/api/home', host, cookie))
  await crowd('askInTurn', port, asked, 20, Math.max(6_000, scaled(3_000)))
  const before = await crowd('askSteadily', port, asked, 200, 50, scaled(10_000))
  await crowd('beginSlow', port, scaled(3_000))
  const { givenMs, statuses } = await crowd(
    'askSteadily',
    port,
    asked,
    200,
    50,
    Math.max(10_000, scaled(20_000)),
  )
  const { cut, longestMs } = await crowd('endSlow')
  const failed = total(statuses) - (statuses['200'] ?? 0)
  return [
    figure(
      `healthy p99 beside ${scaled(3_000)} slow clients, ms`,
      givenMs[1],
      null,
      '≤ 100',
      givenMs[1] <= 100,
    ),
    figure('the same without them, ms', before.givenMs[1], null, '', true),
    figure('healthy requests that failed', failed, null, '0', failed === 0),
    figure(
      `slow client that lived longest (${cut} cut off), s`,
      longestMs / 1_000,
      null,
      '≤ 8',
      longestMs <= 8_000,
    ),
  ]
}

/** Twenty thousand streams of a few people, and twenty others who have one each and read. */
async function flood({ port, host, cookies, crowd }: Setup): Promise<Figure[]> {
  const count = scaled(20_000)
  const homes = cookies.length / 2
  const others = Math.min(20, homes / 2)
  const mine = (_: string, n: number) => n % homes < others
  const healthy = cookies.filter(mine)
  const asked = healthy.map((cookie) => get('/api/home', host, cookie))
  await crowd('openStreams', port, host, healthy, others, 20)
  await untilAllWatch(crowd, others, performance.now(), 30_000)
  await crowd('broken')
  const before = await crowd('askSteadily', port, asked, 100, 20, scaled(10_000))
  const rest = cookies.filter((cookie, n) => !mine(cookie, n))
  await crowd('beginFlood', port, host, rest, count, 500)
  const meanwhile = await crowd('askSteadily', port, asked, 100, 20, count * 2 + 5_000)
  const opened = await crowd('flooded')
  const broken = await crowd('broken')
  const { left } = await crowd('endFlood')
  await crowd('closeStreams')
  const failed = total(meanwhile.statuses) - (meanwhile.statuses['200'] ?? 0)
  const most = Math.min(10_000, (homes - others) * 12)
  return [
    figure(`streams of a flood of ${count} that were asked for`, opened, null, `${count}`, opened === count),
    figure('of these left open', left, null, `≤ ${most}`, left <= most),
    figure('healthy streams that broke meanwhile', broken, null, '0', broken === 0),
    figure('healthy reads that failed meanwhile', failed, null, '0', failed === 0),
    figure('healthy p99 meanwhile, ms', meanwhile.givenMs[1], null, '', true),
    figure('the same without the flood, ms', before.givenMs[1], null, '', true),
  ]
}

/** What people ask for: pages, reads, what can wait, and commands. */
function mixOf({ host, cookies }: Setup): Asked[] {
  return cookies.slice(0, 100).flatMap((cookie, n): Asked[] => {
    const home = get('/api/home', host, cookie)
    const page = get('/', host, cookie)
    const background = n % 2 === 0 ? get('/demo', host) : get('/api/audit', host, cookie)
    const command = {
      method: 'PUT',
      path: '/api/history/settings',
      headers: { host, cookie },
      body: '{"is_kept":true}',
    }
    // One in a hundred wants something done.
    const asked = [home, page, home, background, home, background, home, page, home, home]
    return n % 10 === 0 ? [...asked, command] : asked
  })
}

/** Three times as much as can be done, and then next to nothing. */
async function overload(setup: Setup): Promise<Figure[]> {
  const { port, host, cookies, crowd } = setup
  const mix = mixOf(setup)
  await crowd('askInTurn', port, mix, 5, 3_000)
  const few = await crowd('askInTurn', port, mix, 8, Math.max(3_000, scaled(6_000)))
  const capacity = few.perSecond
  await delay(5_000)
  await crowd('openStreams', port, host, cookies, 50, 50)
  await delay(2_000)
  await crowd('broken')
  const much = await crowd('askSteadily', port, mix, 3 * capacity, 1_000, Math.max(5_000, scaled(20_000)))
  const after = await crowd('askSteadily', port, mix, capacity / 4, 50, 7_000)
  const brokenStreams = await crowd('broken')
  await crowd('closeStreams')
  const refusedShare = ((much.statuses['503'] ?? 0) / total(much.statuses)) * 100
  const failed = [...Object.entries(much.statuses), ...Object.entries(after.statuses)]
    .filter(([status]) => !['200', '204', '503'].includes(status))
    .reduce((sum, [, count]) => sum + count, 0)
  return [
    figure('mixed requests per second that can be done', capacity, null, '', true),
    figure('refused of 3 × as many, %', refusedShare, null, '> 0', refusedShare > 0),
    figure('p99 of a refusal, ms', much.refusedP99Ms, null, '≤ 50', much.refusedP99Ms <= 50),
    figure('p99 of a command meanwhile, ms', much.writeP99Ms, null, '≤ 1,000', much.writeP99Ms <= 1_000),
    figure('p99 of what was done meanwhile, ms', much.givenMs[1], null, '', true),
    figure('failed, and streams that broke', failed + brokenStreams, null, '0', failed + brokenStreams === 0),
    figure(
      'last refusal after the overload, s',
      after.lastRefusedMs / 1_000,
      null,
      '≤ 5',
      after.lastRefusedMs <= 5_000,
    ),
  ]
}

/** Streams that are opened and broken off leave nothing behind. */
async function aborts({ port, host, cookies, crowd, gateway }: Setup): Promise<Figure[]> {
  const cycles = scaled(50_000)
  // What is made once is made.
  await crowd('connectAndAbort', port, host, cookies, Math.round(cycles / 10), 50)
  await delay(15_000)
  const before = await memoryOf(gateway())
  const { perSecond } = await crowd('connectAndAbort', port, host, cookies, cycles, 50)
  await delay(15_000)
  const grown = (await memoryOf(gateway())).heapMb - before.heapMb
  return [
    figure(`heap after ${cycles} streams broken off, MB`, grown, null, '± 5', Math.abs(grown) <= 5),
    figure('broken off per second', perSecond, null, '', true),
  ]
}

/** Thousands of streams: what they weigh, how soon they hear, and how soon they are back after a kill. */
async function streams(setup: Setup): Promise<Figure[]> {
  const { port, host, cookies, crowd, gateway } = setup
  const count = scaled(5_000)
  const bare = await setup.floor()
  const floor = await watch(setup, bare.port, () => bare.child, 16_000)
  bare.child.kill()
  await crowd('closeStreams')

  // A process that has done nothing else, and knows the homes: those weigh the same without streams.
  await setup.killAndStart()
  const known = cookies.map((cookie) => get('/api/home', host, cookie))
  await crowd('askSteadily', port, known, 100, 100, scaled(50_000))
  const ours = await watch(setup, port, gateway, 35_000)

  const inAMinute = async () => {
    const before = await setup.partnerAsked()
    await delay(60_000)
    return (await setup.partnerAsked()) - before
  }
  const usual = await inAMinute()
  const began = performance.now()
  const [, backMs, after] = await Promise.all([
    setup.killAndStart(),
    untilAllWatch(crowd, count, began, 60_000),
    inAMinute(),
  ])
  await crowd('closeStreams')
  return [
    figure(`memory of each of ${count} streams, KB`, ours.eachKb, floor.eachKb, '≤ 30', ours.eachKb <= 30),
    figure(`p99 of ${ours.changes} changes, ms`, ours.changeP99Ms, null, '≤ 500', ours.changeP99Ms <= 500),
    figure('p99 of a beat to all, ms', ours.beatP99Ms, floor.beatP99Ms, '≤ 750', ours.beatP99Ms <= 750),
    figure('streams that broke', ours.broken, floor.broken, '0', ours.broken === 0),
    figure('all back after a kill, s', backMs / 1_000, null, '≤ 15', backMs <= 15_000),
    figure(
      'what the partner is asked in the minute after it',
      after,
      null,
      '≤ 1.1 × usual',
      after <= 1.1 * usual,
    ),
    figure('the same in a usual minute', usual, null, '', true),
  ]

  async function watch({ advance }: Setup, at: number, child: typeof gateway, ms: number) {
    const before = await memoryOf(child())
    await crowd('openStreams', at, host, cookies, count, 500)
    await untilAllWatch(crowd, count, performance.now(), 60_000)
    const after = await memoryOf(child())
    // A quarter of an hour on, every device has something new to say; the first answers tell the gateway what time it is.
    await advance(900)
    await delay(3_000)
    await crowd('heard')
    await crowd('broken')
    await delay(ms)
    return {
      eachKb: ((after.rssMb - before.rssMb) * 1024) / count,
      broken: await crowd('broken'),
      ...(await crowd('heard')),
    }
  }
}

/** How long it took until all have a snapshot, ms; `Infinity` when it takes too long. */
async function untilAllWatch(
  crowd: Setup['crowd'],
  count: number,
  beganMs: number,
  mostMs: number,
): Promise<number> {
  // Those of before do not count.
  await delay(500)
  while ((await crowd('watching')) < count) {
    if (performance.now() - beganMs > mostMs) return Infinity
    await delay(100)
  }
  return performance.now() - beganMs
}

const figure = (
  what: string,
  gateway: number,
  floor: number | null,
  target: string,
  holds: boolean,
): Figure => ({ what, gateway, floor, target, holds })

const total = (statuses: Record<string, number>) => Object.values(statuses).reduce((sum, n) => sum + n, 0)

const median = (values: number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const round = (x: number) => (Math.abs(x) >= 100 ? Math.round(x) : Math.round(x * 10) / 10)
