import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { BudgetState, Exchange } from '@homewatt/client'
import { Counter, Gauge, Registry } from 'prom-client'
import { disbeliefs, type Disbelief } from './disbelief.ts'
import { alone, type Nodes } from './nodes.ts'
import { shedClasses, type ShedClass } from './shedding.ts'

/** What is counted as it happens. Nothing of it names a person, a device or a secret. */
export type Meters = {
  /** One exchange with the Partner API. */
  exchanged(tenant: string, exchange: Exchange): void
  /** One answer to a browser; `aborted`: it went away before there was one. */
  answered(kind: RequestKind, status: number | 'aborted'): void
  /** One request that was turned away because there was too much to do. */
  shed(what: ShedClass): void
  /** Something of the Partner API's answers was not believed, so often. */
  disbelieved(tenant: string, what: Disbelief, count: number): void
  /** One connection was closed at once, because its subscriber has too many. */
  connectionRefused(): void
  /** One stream was cut because its reader was too slow. */
  streamCut(tenant: string): void
}

export type RequestKind = 'api' | 'stream' | 'page'

/** How one tenant is doing just now. */
export type TenantStatus = {
  tenant: string
  /** Homes in memory. */
  homes: number
  streams: number
  /** The longest time since any device list of a home that somebody looks at was last answered, s; `null`: nobody looks. */
  oldestS: number | null
  /** Why the Partner API is not asked; `null` while it is. */
  blockedBy: string | null
  /** Operations that are left alone because they keep failing. */
  resting: number
  /** What may be asked of the Partner API just now, and who waits for a turn. */
  budget: BudgetState
  recorder: { waiting: number; isPaused: boolean } | null
}

export const noMeters: Meters = {
  exchanged: () => {},
  answered: () => {},
  shed: () => {},
  disbelieved: () => {},
  streamCut: () => {},
  connectionRefused: () => {},
}

/** Meters that can be read, in the text format of Prometheus. */
export type ReadableMeters = Meters & {
  /**
   * @param read how all tenants are doing, asked whenever somebody reads
   * @param nodes the gateways that share the work
   */
  watch(read: () => TenantStatus[], nodes: Pick<Nodes, 'count' | 'isBusThere'>): void
  /** The text, and its media type. */
  read(): Promise<{ text: string; type: string }>
}

export function createMeters(): ReadableMeters {
  const registry = new Registry()
  const registers = [registry]
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  let statuses: () => TenantStatus[] = () => []
  let gateways: Pick<Nodes, 'count' | 'isBusThere'> = alone

  const exchanges = new Counter({
    name: 'homewatt_partner_exchanges_total',
    help: 'Exchanges with the Partner API, by operation and outcome (a status, or how it failed)',
    labelNames: ['tenant', 'operation', 'outcome'],
    registers,
  })
  const exchangeSeconds = new Counter({
    name: 'homewatt_partner_exchange_seconds_total',
    help: 'Time spent in exchanges with the Partner API',
    labelNames: ['tenant'],
    registers,
  })
  const renewals = new Counter({
    name: 'homewatt_token_renewals_total',
    help: 'Calls of the token endpoint, by outcome',
    labelNames: ['tenant', 'outcome'],
    registers,
  })
  const underWay = new Gauge({
    name: 'homewatt_partner_exchanges_under_way',
    help: 'Exchanges with the Partner API that have begun and not ended',
    labelNames: ['tenant'],
    registers,
  })
  const answers = new Counter({
    name: 'homewatt_requests_total',
    help: 'Answers to browsers, by kind and status (aborted: gone before there was one)',
    labelNames: ['kind', 'status'],
    registers,
  })

  const shed = new Counter({
    name: 'homewatt_shed_total',
    help: 'Requests turned away because there was too much to do, by class, cheapest first',
    labelNames: ['class'],
    registers,
  })
  // An alarm on a rate needs the zero before the first.
  for (const what of shedClasses) shed.inc({ class: what }, 0)

  const disbelieved = new Counter({
    name: 'homewatt_partner_disbelieved_total',
    help: 'What of the Partner API’s answers was not believed, by what it was',
    labelNames: ['tenant', 'what'],
    registers,
  })
  const cut = new Counter({
    name: 'homewatt_streams_cut_total',
    help: 'Streams that were cut because their readers were too slow',
    labelNames: ['tenant'],
    registers,
  })

  const connectionsRefused = new Counter({
    name: 'homewatt_connections_refused_total',
    help: 'Connections closed at once, because their subscriber had too many',
    registers,
  })

  function beginAtZero(tenant: string) {
    for (const what of disbeliefs) disbelieved.inc({ tenant, what }, 0)
    cut.inc({ tenant }, 0)
  }

  /** A gauge that is read off the tenants. */
  function perTenant(name: string, help: string, valueOf: (status: TenantStatus) => number | null) {
    new Gauge({
      name,
      help,
      labelNames: ['tenant'],
      registers,
      collect() {
        this.reset()
        for (const status of statuses()) {
          const value = valueOf(status)
          // What is not known is left out: it is not zero.
          if (value !== null) this.set({ tenant: status.tenant }, value)
        }
      },
    })
  }
  perTenant('homewatt_homes', 'Homes in memory', ({ homes }) => homes)
  perTenant('homewatt_streams', 'Open streams', ({ streams }) => streams)
  perTenant(
    'homewatt_data_age_seconds',
    'Longest time since a device list that somebody looks at was answered',
    ({ oldestS }) => oldestS,
  )
  perTenant('homewatt_partner_blocked', '1 while the Partner API cannot be asked', ({ blockedBy }) =>
    blockedBy === null ? 0 : 1,
  )
  perTenant('homewatt_operations_resting', 'Operations whose breaker is open', ({ resting }) => resting)
  perTenant(
    'homewatt_budget_tokens',
    'Requests that may be made at once just now, of this gateway’s share',
    ({ budget }) => budget.tokens,
  )
  perTenant(
    'homewatt_budget_share',
    'Rate after the partner asked to slow down, as a share of the usual one',
    ({ budget }) => budget.share,
  )
  perTenant(
    'homewatt_budget_pause_seconds',
    'How long nothing is asked any more because the partner wants peace',
    ({ budget }) => budget.pauseMs / 1000,
  )
  new Gauge({
    name: 'homewatt_budget_waiting',
    help: 'Requests that wait for a turn, by what they are for, most urgent first',
    labelNames: ['tenant', 'priority'],
    registers,
    collect() {
      for (const { tenant, budget } of statuses())
        for (const [priority, count] of Object.entries(budget.waiting)) this.set({ tenant, priority }, count)
    },
  })
  perTenant(
    'homewatt_recorder_waiting',
    'Readings that wait to be kept',
    ({ recorder }) => recorder && recorder.waiting,
  )
  perTenant(
    'homewatt_recorder_paused',
    '1 while readings cannot be kept',
    ({ recorder }) => recorder && Number(recorder.isPaused),
  )
  new Gauge({
    name: 'homewatt_nodes',
    help: 'Gateways that share the budget, as this one counts them',
    registers,
    collect() {
      this.set(gateways.count())
    },
  })
  new Gauge({
    name: 'homewatt_bus_there',
    help: '1 while the gateways hear each other through Valkey',
    registers,
    collect() {
      this.reset()
      const isThere = gateways.isBusThere()
      if (isThere !== null) this.set(Number(isThere))
    },
  })
  new Gauge({
    name: 'homewatt_event_loop_delay_seconds',
    help: 'How late the process was, at most, since the last reading',
    registers,
    collect() {
      this.set(delay.max / 1e9)
      delay.reset()
    },
  })
  new Gauge({
    name: 'homewatt_memory_bytes',
    help: 'Resident memory of the process',
    registers,
    collect() {
      this.set(process.memoryUsage.rss())
    },
  })

  return {
    exchanged(tenant, exchange) {
      const { method, route, phase } = exchange
      if (phase === 'start') return underWay.inc({ tenant })
      underWay.dec({ tenant })
      const outcome = String(exchange.status ?? exchange.failure)
      const isRenewal = route === '/oauth2/token/'
      if (isRenewal) renewals.inc({ tenant, outcome })
      exchanges.inc({ tenant, operation: `${method} ${route}`, outcome })
      exchangeSeconds.inc({ tenant }, exchange.ms / 1000)
    },
    answered: (kind, status) => answers.inc({ kind, status }),
    shed: (what) => shed.inc({ class: what }),
    disbelieved: (tenant, what, count) => disbelieved.inc({ tenant, what }, count),
    streamCut: (tenant) => cut.inc({ tenant }),
    connectionRefused: () => connectionsRefused.inc(),
    watch(read, nodes) {
      statuses = read
      for (const { tenant } of read()) beginAtZero(tenant)
      gateways = nodes
    },
    read: async () => ({ text: await registry.metrics(), type: registry.contentType }),
  }
}
