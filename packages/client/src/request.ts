import { BoostRefusal } from '@homewatt/contract'
import * as v from 'valibot'
import type { Breaker } from './breaker.ts'
import type { Budget, Priority } from './budget.ts'
import {
  BoostRefused,
  Forbidden,
  InvalidRequest,
  NotAuthorized,
  NotFound,
  PartnerUnavailable,
  RateLimited,
  type PartnerError,
} from './errors.ts'
import { pathOf } from './path.ts'
import { retryAfterMsOf } from './retry-after.ts'
import type { RetryBudget } from './retry-budget.ts'
import { pause, type Time } from './time.ts'
import type { Tokens } from './token.ts'
import type { Wire, WireAnswer } from './wire.ts'

/** What the Partner API said, and what time it was there. */
export type Answer<T> = {
  value: T
  /** The server's `Date`, ms since 1970, whole seconds; `null` when it does not say. */
  dateMs: number | null
}

/** How a call is made. */
export type CallOptions = {
  priority?: Priority
  /** At most so many tries; writes have one whatever is said here. */
  attempts?: number
  /** For all tries and pauses together, ms. Waiting for a turn is not counted; that ends by the budget's own rule. */
  deadlineMs?: number
}

export type Call = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Our own words with `{}` for UUIDs; also what is told to `observe`. */
  route: string
  ids: readonly string[]
  query?: Readonly<Record<string, string>>
  body?: unknown
  /** Whether the answer must be JSON; otherwise it may be empty too. */
  wantsJson: boolean
}

/** Told before and after each exchange. Names no id. */
export type Exchange = { method: string; route: string } & (
  { phase: 'start' } | { phase: 'end'; status: number | null; failure: string | null; ms: number }
)

/** Makes one call, with token, budget, retries and errors of the one family. */
export type Send = (call: Call, options?: CallOptions) => Promise<Answer<unknown>>

/** Moves on while a call waits for its turn. Monotonic ms. */
type Deadline = { endMs: number }

const ATTEMPTS = 3
const DEADLINE_MS = 8_000
const BACKOFF_MS = { first: 200, most: 2_000 }

export function createSend({
  basePath,
  wire,
  tokens,
  budget,
  breaker,
  retries,
  time,
  random,
  observe,
}: {
  basePath: string
  wire: Wire
  tokens: Tokens
  budget: Budget
  breaker: Breaker
  retries: RetryBudget
  time: Time
  random: () => number
  observe: (exchange: Exchange) => void
}): Send {
  async function attempt(call: Call, priority: Priority, deadline: Deadline): Promise<WireAnswer> {
    const path = pathOf(basePath, call.route, call.ids, call.query)
    const body = call.body === undefined ? undefined : JSON.stringify(call.body)
    const once = async (token: string) => {
      const queuedMs = time.monotonicMs()
      const release = await budget.take(priority, userOf(call))
      deadline.endMs += time.monotonicMs() - queuedMs
      try {
        // Looked at here, because it may have begun to rest while this one waited.
        return await guarded(breaker, call, () =>
          observed(observe, time, call, () =>
            wire.exchange({
              method: call.method,
              path,
              headers: {
                accept: 'application/json',
                authorization: `Bearer ${token}`,
                ...(body === undefined ? {} : { 'content-type': 'application/json' }),
              },
              ...(body === undefined ? {} : { body }),
              deadlineMs: Math.max(1, deadline.endMs - time.monotonicMs()),
            }),
          ),
        )
      } finally {
        release()
      }
    }
    const restMs = breaker.restMs(operationOf(call))
    if (restMs > 0) throw new PartnerUnavailable('resting', { retryAfterMs: restMs })
    const token = await tokens.current()
    const answer = await once(token.value)
    if (answer.status !== 401) return answer
    // A 401 says that nothing was done, so even a write may be played again.
    const renewed = await tokens.renewed(token, answer.dateMs)
    const replay = await once(renewed.value)
    if (replay.status === 401) throw new NotAuthorized(30_000)
    return replay
  }

  return async (call, { priority = 'visible', attempts = ATTEMPTS, deadlineMs = DEADLINE_MS } = {}) => {
    const deadline = { endMs: time.monotonicMs() + deadlineMs }
    const tries = call.method === 'GET' ? attempts : 1
    for (let tried = 1; ; tried++) {
      try {
        const answer = await attempt(call, priority, deadline)
        const value = valueOf(call, answer)
        retries.succeeded()
        budget.succeeded()
        return { value, dateMs: answer.dateMs }
      } catch (error) {
        if (error instanceof RateLimited) throw error
        if (error instanceof SlowDown) {
          const pauseMs = budget.slowDown(error.retryAfterMs)
          throw new RateLimited(error.retryAfterMs ?? pauseMs)
        }
        const backoffMs = backoffMsOf(error, tried, random)
        const isWorthIt = isPassing(error) && tried < tries && time.monotonicMs() + backoffMs < deadline.endMs
        if (!isWorthIt || !retries.take()) throw error
        await pause(time, backoffMs)
      }
    }
  }
}

/** The class of calls that fail and recover together, whoever they are for. */
const operationOf = ({ method, route }: Pick<Call, 'method' | 'route'>) => `${method} ${route}`

/** For whom a call is made; empty when for nobody in particular. */
const userOf = ({ route, ids }: Call) => (route.startsWith('/org/{}/users/{}') ? (ids[1] ?? '') : '')

/** Makes an exchange unless its operation rests, and remembers how it went: a refusal is an answer like any other. */
export async function guarded(
  breaker: Breaker,
  call: Pick<Call, 'method' | 'route' | 'wantsJson'>,
  exchange: () => Promise<WireAnswer>,
): Promise<WireAnswer> {
  const operation = operationOf(call)
  breaker.admit(operation)
  try {
    const answer = await exchange()
    if (isAnswer(call, answer)) breaker.succeeded(operation)
    else breaker.failed(operation, retryAfterMsOf(answer))
    return answer
  } catch (error) {
    // What this process was too busy to hear says nothing about the partner.
    if (error instanceof PartnerUnavailable && error.why !== 'stalled')
      breaker.failed(operation, error.retryAfterMs)
    throw error
  }
}

/** Whether the service itself spoke, and not something that stands in for it: a failure, a redirect, a web page. */
function isAnswer({ wantsJson }: Pick<Call, 'wantsJson'>, { status, json, isPage }: WireAnswer): boolean {
  if (status >= 300) return status >= 400 && status < 500
  return wantsJson ? json !== undefined : !isPage
}

/** Tells `observe` of one exchange, whatever becomes of it. */
export async function observed(
  observe: (exchange: Exchange) => void,
  time: Time,
  { method, route }: Pick<Call, 'method' | 'route'>,
  exchange: () => Promise<WireAnswer>,
): Promise<WireAnswer> {
  const startMs = time.monotonicMs()
  const end = (status: number | null, failure: string | null) =>
    observe({ phase: 'end', method, route, status, failure, ms: time.monotonicMs() - startMs })
  observe({ phase: 'start', method, route })
  try {
    const answer = await exchange()
    end(answer.status, null)
    return answer
  } catch (error) {
    end(null, error instanceof PartnerUnavailable ? error.why : 'internal')
    throw error
  }
}

/** A 429 on its way to the budget. */
class SlowDown extends Error {
  override name = 'SlowDown'
  readonly retryAfterMs: number | null

  constructor(retryAfterMs: number | null) {
    super('429')
    this.retryAfterMs = retryAfterMs
  }
}

function valueOf(call: Call, answer: WireAnswer): unknown {
  const { status, json } = answer
  if (status >= 200 && status < 300) {
    // A page that says 200 is no proof that anything was done.
    if (!isAnswer(call, answer)) throw new PartnerUnavailable('media_type', { status })
    return json
  }
  throw status === 429 ? new SlowDown(retryAfterMsOf(answer)) : failureOf(call, answer)
}

function failureOf(call: Call, answer: WireAnswer): PartnerError {
  const { status, json } = answer
  if (status < 400) return new PartnerUnavailable('redirect', { status })
  if (status >= 500)
    return new PartnerUnavailable('failing', { status, retryAfterMs: retryAfterMsOf(answer) })
  if (status === 403) return new Forbidden()
  if (status === 404) return new NotFound()
  if (status === 409 && call.route.endsWith('/boost')) {
    const refusal = v.safeParse(BoostRefusal, json)
    return new BoostRefused(refusal.success ? refusal.output : { state: null, reason: null })
  }
  return new InvalidRequest(status, fieldsOf(json))
}

/** The last part of every `loc` in `{detail: [{loc, …}]}`; names only. */
const Complaint = v.object({ detail: v.array(v.object({ loc: v.array(v.union([v.string(), v.number()])) })) })

function fieldsOf(json: unknown): string[] {
  const read = v.safeParse(Complaint, json)
  if (!read.success) return []
  const names = read.output.detail.map(({ loc }) => String(loc.at(-1) ?? ''))
  return names.filter((name) => /^[a-z][a-z0-9_]{0,60}$/.test(name))
}

/** Whether the same question may well be answered a moment later. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof PartnerUnavailable &&
    ['not_connected', 'timeout', 'stalled', 'cut_off', 'failing'].includes(error.why)
  )
}

/** Anything up to twice as long each time, and no sooner than the partner asked for. */
function backoffMsOf(error: unknown, tried: number, random: () => number): number {
  if (!(error instanceof PartnerUnavailable)) return 0
  // Most likely an idle connection that was ended just as it was used.
  if (error.why === 'cut_off' && tried === 1) return 0
  const most = Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** (tried - 1))
  return Math.max(random() * most, error.retryAfterMs ?? 0)
}
