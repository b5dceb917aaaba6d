import { randomUUID } from 'node:crypto'
import type { Time } from '@homewatt/client'
import { Redis } from 'iovalkey'
import * as v from 'valibot'
import { createHearing, type Bus } from './bus.ts'
import type { Log } from './log.ts'

/** How often the way there and back is proved, and after how long without proof it is not believed any more. */
const ECHO = { everyMs: 2_000, lostMs: 6_000 }
const CONNECT_MS = 2_000
/** An answer that takes longer leaves a connection in doubt, and that is ended. */
const ANSWER_MS = 2_000
const AGAIN_MS = { first: 200, longest: 5_000 }

const Envelope = v.object({ from: v.string(), topic: v.string(), message: v.unknown() })

/**
 * A bus over Valkey or Redis: publish and subscribe, nothing is kept there. Starts without it and heals when it is
 * back; what is told meanwhile is lost.
 *
 * @param url `redis://` or `rediss://`, with password and number of the database; deployments that share a server
 *   are kept apart by that number
 */
export function createValkeyBus({
  url,
  time,
  random,
  log,
}: {
  url: string
  time: Time
  random: () => number
  log: Log
}): Bus {
  const node = randomUUID()
  const channel = `homewatt/${new URL(url).pathname.slice(1) || '0'}`
  const { hear, heard } = createHearing()
  let provedMs = -Infinity
  /** Counts the connections, so that an echo by way of an old one proves nothing. */
  let connections = 0
  let changedMs = time.monotonicMs()
  let wasThere: boolean | null = null
  let isClosed = false

  const options = {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (tries: number) =>
      Math.min(AGAIN_MS.longest, AGAIN_MS.first * 2 ** tries) * (0.5 + random() * 0.5),
  }
  const telling = new Redis(url, { ...options, commandTimeout: ANSWER_MS })
  const hearing = new Redis(url, { ...options, autoResubscribe: false })
  for (const connection of [telling, hearing]) {
    // Whether it works is proved by the echo; the reasons of single tries are nobody's news.
    connection.on('error', () => {})
    connection.on('close', () => {
      connections++
      provedMs = -Infinity
      changedMs = time.monotonicMs()
      look()
    })
    connection.connect().catch(() => {})
  }
  telling.on('ready', () => {
    changedMs = time.monotonicMs()
    proveIt()
  })
  hearing.on('ready', () => {
    changedMs = time.monotonicMs()
    hearing.subscribe(channel).then(proveIt, () => hearing.disconnect(true))
  })
  hearing.on('message', (_channel, text) => {
    const read = v.safeParse(Envelope, jsonOf(text))
    if (!read.success) return
    const { from, topic, message } = read.output
    if (from !== node) heard(topic, message, from)
    else if (topic === 'echo' && message === connections) {
      provedMs = time.monotonicMs()
      look()
    }
  })
  let cancel = time.after(ECHO.everyMs, beat)

  function beat() {
    // A connection that is open and carries nothing is worse than none.
    if (!look() && time.monotonicMs() - changedMs > ANSWER_MS)
      for (const connection of [telling, hearing])
        if (connection.status === 'ready') connection.disconnect(true)
    proveIt()
    cancel = time.after(ECHO.everyMs, beat)
  }

  const proveIt = () => publish('echo', connections)
  const isThere = () => time.monotonicMs() - provedMs < ECHO.lostMs

  function look(): boolean {
    const isNow = isThere()
    if (isNow !== wasThere && !isClosed) {
      if (isNow) log.info({ event: 'bus_there' })
      else log.warn({ event: 'bus_away' })
    }
    wasThere = isNow
    return isNow
  }

  function publish(topic: string, message: unknown) {
    if (telling.status !== 'ready') return
    telling.publish(channel, JSON.stringify({ from: node, topic, message })).catch(() => {
      if (!isClosed && telling.status === 'ready') telling.disconnect(true)
    })
  }

  return {
    node,
    tell(topic, message) {
      // What would arrive late, if at all, is not worth telling.
      if (isThere()) publish(topic, message)
    },
    hear,
    isThere,
    close() {
      isClosed = true
      cancel()
      telling.disconnect()
      hearing.disconnect()
      return Promise.resolve()
    },
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
