import type { Beat, HomeChange, HomeSnapshot, Release } from '@homewatt/contract'
import { applyChange, isNewer } from '@homewatt/contract/version'
import type { GatewayApi } from './api.ts'
import { GatewayFailure } from './call.ts'
import { homePollMs } from './rules.ts'

/** How the screen hears of changes: pushed, asked for because the push is down, or not at all. */
export type LiveConnection = 'live' | 'polling' | 'offline'

export type LiveState = {
  /** The last known home; `null` before the first answer. */
  snapshot: HomeSnapshot | null
  connection: LiveConnection
  /** Milliseconds between two questions while `polling` or `offline`. */
  everyMs: number
  /** The script of the pages that the gateway serves now, as `Release` tells; `null`: not told yet. */
  servedScript: string | null
  /** The session is over: nothing more will come until the person signs in again. */
  signedOut: boolean
}

export type LiveHome = {
  state(): LiveState
  /** The Partner API's present time, reckoned from the last answer: ages are differences to this. */
  now(): Date
  /** Asks the Partner API anew. Rejects as `GatewayApi.refresh` does. */
  refresh(): Promise<void>
  /** Asks the gateway for what it knows, for example after a command while the stream is down. */
  refetch(): Promise<void>
  start(): void
  stop(): void
}

/** What `liveHome` needs of the browser, so that a test can stand in for it. */
export type LiveBrowser = {
  openStream(url: string): StreamLike
  /** Milliseconds that only grow. */
  monotonicMs(): number
  wallMs(): number
  /** Runs once after `ms`; the result cancels. */
  after(ms: number, run: () => void): () => void
  /** From 0 up to 1. */
  random(): number
  isHidden(): boolean
  /** Tells of every change of visibility; the result stops it. */
  onVisibility(run: () => void): () => void
}

/** The part of `EventSource` that is used. */
export type StreamLike = {
  addEventListener(name: string, listen: (event: { data?: unknown }) => void): void
  close(): void
}

/** Beats come every 15 s; two missed and a little more is a dead stream that nobody told us of. */
const SILENCE_MS = 35_000
/** A stream that the gateway ends on purpose is back within this; only then is it called down. */
const GRACE_MS = 5_000
const HIDDEN_MS = 60_000
const RECONNECT_MS = [1_000, 2_000, 4_000, 8_000, 15_000]

/**
 * Keeps one home up to date: over the stream, and by asking at the display's own cadence while the stream is down.
 * A hidden page lets go of its stream after a minute and catches up when it returns.
 */
export function liveHome({
  api,
  initial = null,
  onChange,
  browser = realBrowser(),
}: {
  api: GatewayApi
  initial?: HomeSnapshot | null
  onChange: (state: LiveState) => void
  browser?: LiveBrowser
}): LiveHome {
  let state: LiveState = {
    snapshot: initial,
    connection: 'live',
    everyMs: 30_000,
    servedScript: null,
    signedOut: false,
  }
  /** What time it was at the Partner API, and when we learned of it. */
  let told = initial ? { atMs: Date.parse(initial.at), monotonicMs: browser.monotonicMs() } : null
  let stream: StreamLike | null = null
  let failures = 0
  let running = false
  let polling: AbortController | null = null
  let stopVisibility = () => {}
  const timers = { silence: noTimer, reconnect: noTimer, grace: noTimer, poll: noTimer, hidden: noTimer }

  function set(change: Partial<LiveState>) {
    state = { ...state, ...change }
    onChange(state)
  }

  function later(name: keyof typeof timers, ms: number, run: () => void) {
    timers[name]()
    timers[name] = browser.after(ms, run)
  }

  function hear(at: string) {
    told = { atMs: Date.parse(at), monotonicMs: browser.monotonicMs() }
  }

  function take(snapshot: HomeSnapshot) {
    const known = state.snapshot
    // The same version again still brings a newer `at` and `asked_at`; an older one brings nothing.
    if (known && isNewer(known.version, snapshot.version)) return
    hear(snapshot.at)
    set({ snapshot })
  }

  function openStream() {
    timers.reconnect()
    if (!running || stream || state.signedOut) return
    const opened = browser.openStream(api.streamUrl)
    stream = opened
    const on = (name: string, listen: (data: string) => void) =>
      opened.addEventListener(name, (event) => {
        if (stream !== opened) return
        later('silence', SILENCE_MS, lose)
        listen(String(event.data))
      })
    on('snapshot', (data) => {
      failures = 0
      const snapshot = JSON.parse(data) as HomeSnapshot
      // The first event of a stream is the truth, also when a gateway with an older history took over.
      hear(snapshot.at)
      stopPolling()
      set({ snapshot, connection: 'live' })
    })
    on('release', (data) => set({ servedScript: (JSON.parse(data) as Release).script }))
    on('change', (data) => {
      const change = JSON.parse(data) as HomeChange
      if (!state.snapshot) return
      hear(change.at)
      set({ snapshot: applyChange(state.snapshot, change) })
    })
    on('beat', (data) => {
      const beat = JSON.parse(data) as Beat
      hear(beat.at)
      if (state.snapshot) set({ snapshot: withAskedAt(state.snapshot, beat) })
    })
    opened.addEventListener('error', () => {
      if (stream === opened) lose()
    })
    later('silence', SILENCE_MS, lose)
  }

  function closeStream() {
    stream?.close()
    stream = null
    timers.silence()
  }

  function lose() {
    closeStream()
    if (!running) return
    const waitMs = RECONNECT_MS[Math.min(failures, RECONNECT_MS.length - 1)] ?? 0
    failures++
    later('reconnect', waitMs * (0.5 + browser.random()), openStream)
    if (failures > 1) startPolling()
    else later('grace', GRACE_MS, startPolling)
  }

  function startPolling() {
    if (!running || polling || state.signedOut) return
    void poll()
  }

  function stopPolling() {
    timers.grace()
    timers.poll()
    polling?.abort()
    polling = null
  }

  async function poll() {
    const asking = new AbortController()
    polling = asking
    let connection: LiveConnection = 'polling'
    try {
      take(await api.home({ signal: asking.signal }))
    } catch (error) {
      if (asking.signal.aborted) return
      if (endedBy(error)) return
      connection = 'offline'
    }
    if (asking.signal.aborted) return
    const everyMs = state.snapshot ? homePollMs({ ...state.snapshot, at: now().toISOString() }) : 30_000
    set({ connection, everyMs })
    later('poll', everyMs, () => void poll())
  }

  /** A session that is over ends everything; `true` when it was that. */
  function endedBy(error: unknown): boolean {
    if (!(error instanceof GatewayFailure) || error.code !== 'not_signed_in') return false
    closeStream()
    stopPolling()
    timers.reconnect()
    set({ signedOut: true })
    return true
  }

  function visibilityChanged() {
    if (!running) return
    if (browser.isHidden()) {
      later('hidden', HIDDEN_MS, () => {
        closeStream()
        stopPolling()
        timers.reconnect()
      })
      return
    }
    timers.hidden()
    if (!stream) {
      failures = 0
      openStream()
      later('grace', GRACE_MS, startPolling)
    }
  }

  function now(): Date {
    if (!told) return new Date(browser.wallMs())
    return new Date(told.atMs + browser.monotonicMs() - told.monotonicMs)
  }

  async function asked(ask: () => Promise<HomeSnapshot>) {
    try {
      take(await ask())
    } catch (error) {
      endedBy(error)
      throw error
    }
  }

  return {
    state: () => state,
    now,
    refresh: () => asked(() => api.refresh()),
    refetch: () => asked(() => api.home()),
    start() {
      if (running) return
      running = true
      stopVisibility = browser.onVisibility(visibilityChanged)
      openStream()
      // A stream that does not even open tells so by an error; one that hangs is caught here.
      later('grace', GRACE_MS, startPolling)
    },
    stop() {
      running = false
      closeStream()
      stopPolling()
      for (const cancel of Object.values(timers)) cancel()
      stopVisibility()
    },
  }
}

function withAskedAt(snapshot: HomeSnapshot, beat: Beat): HomeSnapshot {
  const groups = { ...snapshot.groups }
  for (const type of Object.keys(groups) as (keyof typeof groups)[])
    Object.assign(groups, { [type]: { ...groups[type], asked_at: beat.asked_at[type] } })
  return { ...snapshot, at: beat.at, groups }
}

const noTimer = () => {}

function realBrowser(): LiveBrowser {
  return {
    openStream: (url) => new EventSource(url),
    monotonicMs: () => performance.now(),
    wallMs: () => Date.now(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    random: () => Math.random(),
    isHidden: () => document.visibilityState === 'hidden',
    onVisibility: (run) => {
      document.addEventListener('visibilitychange', run)
      return () => document.removeEventListener('visibilitychange', run)
    },
  }
}
