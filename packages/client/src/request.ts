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
import type { Policy } from './policy.ts'
import type { RetryBudget } from './retry-budget.ts'
import { pause, within, type Time } from './time.ts'
import type { Token, Tokens } from './token.ts'
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
  /** When all is over in any case, waiting for a turn included, as `Time.monotonicMs`. */
  byMs?: number
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

/** `endMs` moves on while a call waits for its turn, `byMs` does not. Monotonic ms. */
type Deadline = { endMs: number; byMs: number }

/**
 * Sends calls in turn and within their deadline, with the only retries that there are. Rejects with what `errors.ts` names.
 */
export function createSend({
  basePath,
  wire,
  tokens,
  budget,
  breaker,
  retries,
  policy,
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
  policy: Policy
  time: Time
  random: () => number
  observe: (exchange: Exchange) => void
}): Send {
  /** A token, in time. Whatever fails here, the request was not made, or was refused with a 401 and so not carried out. */
  async function before(ask: () => Promise<Token>, { endMs }: Deadline): Promise<Token> {
    try {
      const token = await within(time, Math.max(0, endMs - time.monotonicMs()), ask())
      if (token) return token
    } catch (error) {
      if (!(error instanceof PartnerUnavailable)) throw error
      const { why, status, retryAfterMs, cause } = error
      throw new PartnerUnavailable(why, { status, retryAfterMs, isUndone: true, cause })
    }
    throw new PartnerUnavailable('timeout', { isUndone: true })
  }

  async function attempt(call: Call, priority: Priority, deadline: Deadline): Promise<WireAnswer> {
    const path = pathOf(basePath, call.route, call.ids, call.query)
    const body = call.body === undefined ? undefined : JSON.stringify(call.body)
    const once = async (token: string) => {
      const queuedMs = time.monotonicMs()
      const release = await budget.take(priority, userOf(call), deadline.byMs)
      deadline.endMs = Math.min(deadline.byMs, deadline.endMs + time.monotonicMs() - queuedMs)
      try {
        if (time.monotonicMs() >= deadline.endMs) throw new PartnerUnavailable('timeout', { isUndone: true })
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
              deadlineMs: deadline.endMs - time.monotonicMs(),
            }),
          ),
        )
      } finally {
        release()
      }
    }
    const restMs = breaker.restMs(operationOf(call))
    if (restMs > 0) throw new PartnerUnavailable('resting', { retryAfterMs: restMs })
    const token = await before(() => tokens.current(), deadline)
    const answer = await once(token.value)
    if (answer.status !== 401) return answer
    // A 401 says that nothing was done, so even a write may be played again.
    const renewed = await before(() => tokens.renewed(token, answer.dateMs), deadline)
    const replay = await once(renewed.value)
    if (replay.status === 401) throw new NotAuthorized(policy.tokenProbeLeastMs)
    return replay
  }

  return async (
    call,
    {
      priority = 'visible',
      attempts = policy.readAttempts,
      deadlineMs = policy.exchangeMs,
      byMs = Infinity,
    } = {},
  ) => {
    const deadline = { endMs: Math.min(byMs, time.monotonicMs() + deadlineMs), byMs }
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
        const backoffMs = backoffMsOf(error, tried, random, policy)
        const isWorthIt = isPassing(error) && tried < tries && time.monotonicMs() + backoffMs < deadline.endMs
        if (!isWorthIt || !retries.take()) throw error
        await pause(time, backoffMs)
      }
    }
  }
}

/** The class of calls that fail and recover together, whoever they are for. */
export const operationOf = ({ method, route }: Pick<Call, 'method' | 'route'>) => `${method} ${route}`

/** For whom a call is made; empty when for nobody in particular. */
const userOf = ({ route, ids }: Call) => (route.startsWith('/org/{}/users/{}') ? (ids[1] ?? '') : '')

/** Makes an exchange unless its operation rests, and remembers how it went: a refusal is an answer like any other. */
async function guarded(
  breaker: Breaker,
  call: Pick<Call, 'method' | 'route' | 'wantsJson'>,
  exchange: () => Promise<WireAnswer>,
): Promise<WireAnswer> {
  const operation = operationOf(call)
  breaker.admit(operation)
  try {
    const answer = await exchange()
    if (isAnswer(call, answer)) breaker.succeeded(operation)
    else breaker.failed(operation, answer.retryAfterMs)
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
  throw status === 429 ? new SlowDown(answer.retryAfterMs) : failureOf(call, answer)
}

function failureOf(call: Call, answer: WireAnswer): PartnerError {
  const { status, json } = answer
  if (status < 400) return new PartnerUnavailable('redirect', { status })
  if (status >= 500) return new PartnerUnavailable('failing', { status, retryAfterMs: answer.retryAfterMs })
  if (status === 403) return new Forbidden()
  if (status === 404) return new NotFound()
  if (status === 409 && call.route.endsWith('/boost')) {
    const refusal = v.safeParse(BoostRefusal, json)
    return new BoostRefused(refusal.success ? refusal.output : { state: null, reason: null })
  }
  return new InvalidRequest(status, fieldsOf(json))
}

/** What every `loc` in `{detail: [{loc, …}]}` leads through, from the body on: the day as well as its time. Names only. */
const Complaint = v.object({ detail: v.array(v.object({ loc: v.array(v.union([v.string(), v.number()])) })) })

function fieldsOf(json: unknown): string[] {
  const read = v.safeParse(Complaint, json)
  if (!read.success) return []
  const names = read.output.detail.flatMap(({ loc }) => (loc.length > 1 ? loc.slice(1) : loc).map(String))
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
function backoffMsOf(
  error: unknown,
  tried: number,
  random: () => number,
  { backoffFirstMs, backoffMostMs }: Policy,
): number {
  if (!(error instanceof PartnerUnavailable)) return 0
  // Most likely an idle connection that was ended just as it was used.
  if (error.why === 'cut_off' && tried === 1) return 0
  const most = Math.min(backoffMostMs, backoffFirstMs * 2 ** (tried - 1))
  return Math.max(random() * most, error.retryAfterMs ?? 0)
}
