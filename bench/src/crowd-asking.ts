import { percentile } from './numbers.ts'
import { openConnection, requestOf, type Connection } from './raw-client.ts'

/** What came of asking. Times are from when something was to be asked, whether or not there was a connection then. */
export type Answers = {
  perSecond: number
  /** By status; `broken` where the connection did. */
  statuses: Record<string, number>
  /** p50 and p99 of answers that were given, ms. */
  givenMs: [number, number]
  /** p99 of refusals (503), ms. */
  refusedP99Ms: number
  /** p99 of answers to what begins with another method than GET, ms. */
  writeP99Ms: number
  /** When the last refusal came, ms after the beginning; 0 when none did. */
  lastRefusedMs: number
}

/** Everybody asks again as soon as they were answered: as much as the other side can do with so many connections. */
export async function askInTurn(
  port: number,
  requests: Buffer[],
  connections: number,
  ms: number,
): Promise<Answers> {
  const tally = createTally()
  let next = 0
  const worker = async () => {
    let connection = openConnection(port)
    while (tally.sinceMs() < ms) {
      if (!connection.isOpen) connection = openConnection(port)
      const request = requests[next++ % requests.length] ?? Buffer.alloc(0)
      const askedMs = performance.now()
      await connection.ask(request).then(
        (status) => tally.count(request, status, askedMs),
        () => tally.count(request, 'broken', askedMs),
      )
    }
    connection.close()
  }
  const sleep = stayAwake()
  await Promise.all(Array.from({ length: connections }, worker))
  sleep()
  return tally.result()
}

/**
 * Whoever sleeps has to be woken, and on one machine that is the work of the side that answers: up to half of what an
 * answer costs, and nothing for a server so quick that the crowd never sleeps. Over a network neither would pay it.
 */
function stayAwake(): () => void {
  let isAwake = true
  function turn() {
    if (isAwake) setImmediate(turn)
  }
  turn()
  return () => {
    isAwake = false
  }
}

/**
 * So many a second, whether or not the ones before were answered, over so many connections that are open from the
 * beginning, as those of a proxy are.
 */
export async function askSteadily(
  port: number,
  requests: Buffer[],
  perSecond: number,
  connections: number,
  ms: number,
): Promise<Answers> {
  const idle: Connection[] = []
  for (let n = 0; n < connections; n++) {
    const connection = openConnection(port)
    await connection.ask(hello)
    idle.push(connection)
  }
  const tally = createTally()
  const due: { request: Buffer; dueMs: number }[] = []
  let sent = 0
  let underWay = 0

  function send() {
    while (due.length > 0 && idle.length > 0) {
      const last = idle.pop() as Connection
      const next = due.shift()
      if (next) void ask(last.isOpen ? last : openConnection(port), next.request, next.dueMs)
    }
  }

  async function ask(connection: Connection, request: Buffer, dueMs: number) {
    underWay++
    let status: number | 'broken' = await connection.ask(request).catch(() => 'broken' as const)
    if (status === 'broken') {
      // The other side had ended the idle connection in the meantime; browsers ask again, too.
      connection = openConnection(port)
      status = await connection.ask(request).catch(() => 'broken' as const)
    }
    underWay--
    tally.count(request, status, dueMs)
    idle.push(connection)
    send()
  }

  while (tally.sinceMs() < ms) {
    const owed = Math.floor((tally.sinceMs() / 1_000) * perSecond)
    for (; sent < owed; sent++)
      due.push({ request: requests[sent % requests.length] ?? Buffer.alloc(0), dueMs: performance.now() })
    send()
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  while (underWay > 0 || due.length > 0) await new Promise((resolve) => setTimeout(resolve, 10))
  for (const connection of idle) connection.close()
  return tally.result()
}

function createTally() {
  const beganMs = performance.now()
  const statuses: Record<string, number> = {}
  const given: number[] = []
  const refused: number[] = []
  const writes: number[] = []
  let lastRefusedMs = 0
  return {
    sinceMs: () => performance.now() - beganMs,
    count(request: Buffer, status: number | 'broken', askedMs: number) {
      const nowMs = performance.now()
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status === 503) {
        refused.push(nowMs - askedMs)
        lastRefusedMs = nowMs - beganMs
      } else if (status !== 'broken') given.push(nowMs - askedMs)
      if (!isRead(request)) writes.push(nowMs - askedMs)
    },
    result(): Answers {
      const count = Object.values(statuses).reduce((sum, n) => sum + n, 0)
      return {
        perSecond: (count / (performance.now() - beganMs)) * 1_000,
        statuses,
        givenMs: [percentile(given, 0.5), percentile(given, 0.99)],
        refusedP99Ms: percentile(refused, 0.99),
        writeP99Ms: percentile(writes, 0.99),
        lastRefusedMs,
      }
    },
  }
}

const hello = requestOf('GET', '/api/health', { host: 'localhost' })
const isRead = (request: Buffer) => request[0] === 'G'.charCodeAt(0)
