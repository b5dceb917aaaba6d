import type { Saved } from '@homewatt/contract'
import { GatewayFailure } from './call.ts'

/** Values of a device by field. */
export type Values = Readonly<Record<string, unknown>>

export type SavingPhase =
  | 'idle'
  /** Asked for. What is wanted stands on the screen, with a mark. */
  | 'saving'
  /** Nobody knows how it ended, and it is read back. What is wanted still stands, with a mark. */
  | 'checking'
  /** With proof. */
  | 'saved'
  /** Read back, and the device has something else. */
  | 'notTaken'
  /** It could not be read back either; what is shown is the last that is known. */
  | 'unconfirmed'
  /** Refused at the fields of `complaints`. */
  | 'check'
  /** Not done, and nothing was changed. */
  | 'failed'
  | 'tooSoon'
  | 'signedOut'

export type SavingState = {
  phase: SavingPhase
  /** What stands on the screen: what is wanted while that is open, else what the device has. */
  shown: Values
  /** What is wrong, by field: codes to find words by. */
  complaints: Readonly<Record<string, string>>
}

/** What is known of the device. */
export type Known = {
  values: Values
  /** When its group was last answered; `null` before the first answer. */
  askedAt: string | null
  /** Whether the group is not being renewed. */
  isBlocked: boolean
}

export type Saving = {
  state(): SavingState
  /** Saves a change, unless one is being saved. */
  submit(change: Values): Promise<void>
  /** To be called whenever what is known has changed. */
  hear(): void
}

/** Longer than the gateway takes for two tries and a look between them. */
const ANSWER_MS = 12_000
/** When to look what became of a write: the last time after the gateway has given it up. */
const CHECKS_MS = { answered: [1_000, 3_000, 4_000], silent: [1_000, 3_000, 4_000, 8_000] }
const RETRIES_MS = [1_000, 3_000, 10_000, 30_000]

/**
 * One group of settings on a screen: shown at once as it is wanted, and in the end as it is. Orders nothing itself: what
 * `known` says has to come in order, as from `liveHome`.
 *
 * @param refetch asks the gateway for what it knows
 * @param refresh asks the Partner API anew
 * @param after as of `LiveBrowser`
 */
export function createSaving({
  save,
  known,
  refetch,
  refresh,
  after,
  onChange,
}: {
  save: (change: Values, signal: AbortSignal) => Promise<Saved>
  known: () => Known | null
  refetch: () => Promise<void>
  refresh: () => Promise<void>
  after: (ms: number, run: () => void) => () => void
  onChange: (state: SavingState) => void
}): Saving {
  let phase: SavingPhase = 'idle'
  let complaints: SavingState['complaints'] = {}
  /** Stands on the screen whatever is known. */
  let wanted: Values | null = null
  /** Was given up, and may have been taken all the same. */
  let doubted: Values | null = null
  /** What was said to be saved. */
  let done: Values | null = null
  let turn = 0

  const state = (): SavingState => ({ phase, complaints, shown: { ...known()?.values, ...wanted } })
  function set(next: SavingPhase, said: SavingState['complaints'] = {}) {
    phase = next
    complaints = said
    onChange(state())
  }
  const wait = (ms: number) => new Promise<void>((resolve) => void after(ms, resolve))
  const isThere = (change: Values) => {
    const values = known()?.values
    return values !== undefined && Object.entries(change).every(([name, value]) => values[name] === value)
  }

  async function send(change: Values): Promise<End> {
    const asking = new AbortController()
    const cancel = after(ANSWER_MS, () => asking.abort())
    try {
      const { outcome } = await save(change, asking.signal)
      return outcome === 'saved' ? { phase: 'saved' } : { phase: 'checking', checksMs: CHECKS_MS.answered }
    } catch (error) {
      // No answer, or one that does not say what became of it.
      return error instanceof GatewayFailure ? refusal(error) : inDoubt
    } finally {
      cancel()
    }
  }

  /** From now on what is known includes it, so that nothing older comes to stand on the screen. */
  async function catchUp(mine: number) {
    done = wanted
    for (const ms of RETRIES_MS) {
      const isRead = await refetch().then(
        () => true,
        () => false,
      )
      if (mine !== turn) return
      if (isRead) break
      await wait(ms)
      if (mine !== turn) return
    }
    wanted = null
    set(phase)
  }

  async function check(mine: number, change: Values, checksMs: readonly number[]) {
    const before = known()?.askedAt
    for (const ms of checksMs) {
      await wait(ms)
      if (mine !== turn) return
      await refresh().catch(() => null)
      if (mine !== turn) return
      // Heard of meanwhile.
      if (phase !== 'checking') return
      if (isThere(change)) return settle()
    }
    const now = known()
    doubted = change
    wanted = null
    set(now && !now.isBlocked && now.askedAt !== before ? 'notTaken' : 'unconfirmed')
  }

  function settle() {
    done = wanted ?? doubted
    wanted = null
    doubted = null
    set('saved')
  }

  return {
    state,
    async submit(change) {
      if (phase === 'saving') return
      const mine = ++turn
      wanted = change
      doubted = null
      set('saving')
      const end = await send(change)
      if (end.phase !== 'saved' && !('checksMs' in end)) wanted = null
      set(end.phase, end.complaints)
      if (end.phase === 'saved') await catchUp(mine)
      if ('checksMs' in end) await check(mine, change, end.checksMs)
    },
    hear() {
      if (phase === 'checking' && wanted && isThere(wanted)) settle()
      else if (doubted && isThere(doubted)) settle()
      // Somebody has decided otherwise since.
      else if (phase === 'saved' && !wanted && done && !isThere(done)) set('idle')
      else onChange(state())
    },
  }
}

type End =
  | { phase: 'checking'; complaints?: never; checksMs: readonly number[] }
  | { phase: Exclude<SavingPhase, 'checking'>; complaints?: SavingState['complaints'] }

const inDoubt: End = { phase: 'checking', checksMs: CHECKS_MS.silent }

function refusal({ code, complaints }: GatewayFailure): End {
  switch (code) {
    case 'invalid_request':
      return { phase: 'check', complaints }
    case 'too_many_requests':
      return { phase: 'tooSoon' }
    case 'partner_unavailable':
    case 'store_unavailable':
    case 'not_found':
    case 'not_allowed':
    case 'forbidden_origin':
      return { phase: 'failed' }
    case 'not_signed_in':
      return { phase: 'signedOut' }
    default:
      return inDoubt
  }
}
