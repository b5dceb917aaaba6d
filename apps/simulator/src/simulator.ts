import { createServer } from 'node:http'
import { createApp, type Witness } from './app.ts'
import { createClock, type Clock } from './clock.ts'
import type { Context } from './context.ts'
import { createCues } from './cues.ts'
import { createFaults } from './faults.ts'
import { createHistory } from './history.ts'
import { createTokens } from './oauth.ts'
import { createOnboarding } from './onboarding.ts'
import type { OpenApi } from './openapi.ts'
import type { PriceSource } from './prices.ts'
import { createRequestLog } from './requests.ts'
import { playScenario, type ScenarioFile } from './scenario.ts'
import { createTrading } from './trading.ts'
import { createVariants, type VariantChange } from './variants.ts'
import { createWorld, type RecordedHome, type World } from './world.ts'

export type SimulatorOptions = {
  seed: number
  /** How many homes; the named ones are always there. */
  homes: number
  /** Simulated time at the start; the real time when left out. */
  start?: Date
  /** Simulated seconds per real second; 1 when left out, 0 stops the clock. */
  speed?: number
  /** A clock of one's own, instead of `start` and `speed`. */
  clock?: Clock
  /** Recorded homes, from `loadReplay`. */
  recorded?: RecordedHome[]
  /** Which sides of the documents' contradictions all homes take; the newer ones when left out. */
  variants?: VariantChange
  /** What happens at the start and by itself later, from `loadScenario`. */
  scenario?: ScenarioFile
  /** Recorded day-ahead prices, from `loadPrices`; they go before the generated ones. */
  prices?: PriceSource
  /** Whether `/_control/…` is there; yes when left out. */
  control?: boolean
  /** Where a browser reaches the simulator, if not where the caller does. */
  publicUrl?: string
  /** Sees every answer before a fault spoils it; for tests. */
  witness?: Witness
  log?: (line: string) => void
}

export type Simulator = {
  /** Listens; port 0 takes a free one. Rejects with the system's error, for example `EADDRINUSE`. */
  listen(port: number, host?: string): Promise<{ url: string; close(): Promise<void> }>
  readonly clock: Clock
  readonly world: World
  /** The description of everything it answers, as it is served. */
  openApi(): OpenApi
}

/** The Partner API on simulated homes, in this process. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const {
    seed,
    homes,
    start = new Date(),
    speed = 1,
    recorded = [],
    prices,
    control = true,
    publicUrl = null,
  } = options
  const log = options.log ?? ((line) => console.error(line))
  const clock = options.clock ?? createClock({ start, speed, elapsedMs: () => performance.now() })
  const world = createWorld({ seed, homes, startMs: clock.nowMs(), recorded, ...(prices ? { prices } : {}) })
  const context: Context = {
    clock,
    world,
    history: createHistory(world),
    trading: createTrading(world),
    tokens: createTokens(seed),
    cues: createCues(seed),
    onboarding: createOnboarding(seed),
    invitations: [],
    faults: createFaults(seed),
    requests: createRequestLog(),
    variants: createVariants(options.variants),
    scenario: null,
  }
  if (options.scenario) context.scenario = playScenario(context, options.scenario, clock.nowMs())
  const { handle, openApi } = createApp(context, {
    publicUrl,
    control,
    log,
    witness: options.witness ?? null,
  })

  return {
    clock,
    world,
    openApi,
    listen(port, host = '127.0.0.1') {
      const server = createServer((request, response) => {
        response.sendDate = false
        void handle(request, response)
      })
      return new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          const address = server.address()
          const bound = typeof address === 'object' && address ? address.port : port
          resolve({ url: `http://localhost:${bound}`, close: () => closed(server) })
        })
      })
    },
  }
}

function closed(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
