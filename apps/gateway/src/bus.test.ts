import { realTime } from '@homewatt/client'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Bus } from './bus.ts'
import { createBusHub } from './bus-hub.test-support.ts'
import { createLog } from './log.ts'
import { openValkey, valkeyMissing, type Valkey } from './valkey.test-support.ts'
import { createValkeyBus } from './valkey-bus.ts'

const patience = { timeout: 20_000, interval: 20 }

describe('in one process', () => {
  const hub = createBusHub()
  carriesHints({ join: () => hub.join(), lose: () => hub.cut(), bring: () => hub.mend() })
})

describe.skipIf(valkeyMissing !== null)(
  `over a real server${valkeyMissing ? ` (${valkeyMissing})` : ''}`,
  () => {
    let valkey: Valkey
    const join = () =>
      createValkeyBus({ url: valkey.url, time: realTime, random: Math.random, log: createLog('silent') })
    beforeAll(async () => {
      valkey = await openValkey()
    })
    afterAll(() => valkey.close())

    carriesHints({ join, lose: () => valkey.kill(), bring: () => valkey.start() })

    test('a server that hangs with its connections open is noticed, and what was told meanwhile is not told later', async () => {
      const [one, other] = [join(), join()]
      const heard: unknown[] = []
      other.hear('hint', (message) => heard.push(message))
      await expect.poll(() => one.isThere() && other.isThere(), patience).toBe(true)
      valkey.freeze()
      await expect.poll(() => one.isThere() || other.isThere(), patience).toBe(false)
      one.tell('hint', 'while it hung')
      valkey.thaw()
      await expect.poll(() => one.isThere() && other.isThere(), patience).toBe(true)
      one.tell('hint', 'after')
      await expect.poll(() => heard, patience).toEqual(['after'])
      await Promise.all([one.close(), other.close()])
    })

    test('deployments that share a server do not hear each other', async () => {
      const one = join()
      const stranger = createValkeyBus({
        url: valkey.url.replace(/\d$/, '4'),
        time: realTime,
        random: Math.random,
        log: createLog('silent'),
      })
      const twin = join()
      const heard: string[] = []
      stranger.hear('hint', () => heard.push('stranger'))
      twin.hear('hint', () => heard.push('twin'))
      await expect.poll(() => one.isThere() && stranger.isThere() && twin.isThere(), patience).toBe(true)
      one.tell('hint', 1)
      await expect.poll(() => heard, patience).toEqual(['twin'])
      await Promise.all([one.close(), stranger.close(), twin.close()])
    })
  },
)

function carriesHints(kind: {
  join: () => Bus
  lose: () => void | Promise<void>
  bring: () => void | Promise<void>
}) {
  const joined: Bus[] = []
  const join = async () => {
    const bus = kind.join()
    joined.push(bus)
    await expect.poll(() => bus.isThere(), patience).toBe(true)
    return bus
  }
  afterEach(() => Promise.all(joined.splice(0).map((bus) => bus.close())))

  test('what one tells all others hear, with who told it, and it does not hear itself', async () => {
    const [one, other, third] = [await join(), await join(), await join()]
    const heard: unknown[] = []
    for (const bus of [one, other, third])
      bus.hear('hint', (message, from) => heard.push([bus.node, from, message]))
    one.tell('hint', { home: 'a', count: 3 })
    const message = { home: 'a', count: 3 }
    await expect.poll(() => heard.length, patience).toBe(2)
    expect(heard).toEqual(
      expect.arrayContaining([
        [other.node, one.node, message],
        [third.node, one.node, message],
      ]),
    )
  })

  test('a topic is heard alone, and no more once that was stopped', async () => {
    const [one, other] = [await join(), await join()]
    const heard: unknown[] = []
    const stop = other.hear('hint', (message) => heard.push(message))
    other.hear('end', (message) => heard.push(message))
    one.tell('something else', 1)
    one.tell('hint', 2)
    one.tell('end', 3)
    await expect.poll(() => heard, patience).toEqual([2, 3])
    stop()
    one.tell('hint', 4)
    one.tell('end', 5)
    await expect.poll(() => heard, patience).toEqual([2, 3, 5])
  })

  test('telling while it is away does nothing; it says so, and works again by itself', async () => {
    const [one, other] = [await join(), await join()]
    const heard: unknown[] = []
    other.hear('hint', (message) => heard.push(message))
    await kind.lose()
    await expect.poll(() => one.isThere() || other.isThere(), patience).toBe(false)
    one.tell('hint', 'lost')
    await kind.bring()
    await expect.poll(() => one.isThere() && other.isThere(), patience).toBe(true)
    one.tell('hint', 'back')
    await expect.poll(() => heard, patience).toEqual(['back'])
  })
}
