import type {
  ChargePlan,
  ChargingConfig,
  ChargingConfigChange,
  DeviceList,
  DeviceSettings,
  DeviceType,
  OnboardingRequest,
  CueStateRequest,
  ResolveCueRequest,
  User,
  UserCreate,
  VehicleSeries,
  WallboxClaimToken,
  WeeklyChargePolicy,
} from '@homewatt/contract'
import { reportAction, resolveAction, type ActionTarget } from './actions.ts'
import { cancelBoost, startBoost, type BoostType } from './boost.ts'
import { createBreaker } from './breaker.ts'
import { createBudget, type BudgetState } from './budget.ts'
import { getDevice, listDevices, type PartnerDeviceByType } from './devices.ts'
import { mintClaimToken, startOnboarding } from './onboarding.ts'
import { isUuid } from './path.ts'
import { listRecords, writeRecord, type RecordKind, type Records, type RecordWrite } from './records.ts'
import { createSend, observed, operationOf, type Answer, type CallOptions, type Exchange } from './request.ts'
import { createRetryBudget } from './retry-budget.ts'
import { policyOf, type Policy } from './policy.ts'
import {
  getChargePolicy,
  getChargingConfig,
  saveChargePolicy,
  saveChargingConfig,
  saveSettings,
} from './settings.ts'
import { realTime, type Time } from './time.ts'
import { createTokens } from './token.ts'
import { getVehicleSeries, type SeriesQuery } from './series.ts'
import { createUser, listUsers } from './users.ts'
import { createWire } from './wire.ts'

/** The Partner API v2.0 with one organisation's credential. Every method rejects with the errors of `errors.ts` only. */
export type PartnerClient = {
  devices<T extends DeviceType>(
    type: T,
    userId: string,
    options?: CallOptions,
  ): Promise<Answer<DeviceList<PartnerDeviceByType[T]>>>
  device<T extends DeviceType>(
    type: T,
    userId: string,
    deviceId: string,
    options?: CallOptions,
  ): Promise<Answer<PartnerDeviceByType[T]>>
  startBoost(type: BoostType, userId: string, deviceId: string, options?: CallOptions): Promise<void>
  cancelBoost(type: BoostType, userId: string, deviceId: string, options?: CallOptions): Promise<void>
  resolveAction(target: ActionTarget, body: ResolveCueRequest, options?: CallOptions): Promise<string>
  reportAction(target: ActionTarget, state: CueStateRequest['state'], options?: CallOptions): Promise<void>
  /** Opens a way to a new device; the URL is unchecked. */
  startOnboarding(
    body: OnboardingRequest,
    options?: CallOptions,
  ): Promise<{ id: string; authenticationUrl: string }>
  mintClaimToken(userId: string, options?: CallOptions): Promise<WallboxClaimToken>
  records<K extends RecordKind>(
    kind: K,
    userId: string,
    options?: CallOptions,
  ): Promise<Answer<Records[K]['read'][]>>
  writeRecord<K extends RecordKind>(
    kind: K,
    userId: string,
    write: RecordWrite<K>,
    options?: CallOptions,
  ): Promise<void>
  saveSettings(
    type: DeviceType,
    userId: string,
    deviceId: string,
    change: DeviceSettings,
    options?: CallOptions,
  ): Promise<void>
  chargePolicy(userId: string, vehicleId: string, options?: CallOptions): Promise<Answer<WeeklyChargePolicy>>
  saveChargePolicy(userId: string, vehicleId: string, plan: ChargePlan, options?: CallOptions): Promise<void>
  vehicleSeries(
    userId: string,
    vehicleId: string,
    query: SeriesQuery,
    options?: CallOptions,
  ): Promise<Answer<VehicleSeries>>
  chargingConfig(userId: string, options?: CallOptions): Promise<Answer<ChargingConfig>>
  saveChargingConfig(userId: string, change: ChargingConfigChange, options?: CallOptions): Promise<void>
  users(options?: CallOptions): Promise<Answer<User[]>>
  createUser(user: UserCreate, options?: CallOptions): Promise<Answer<User>>
  readonly policy: Policy
  /** Operations that are left alone because they keep failing, `GET /org/{}/users/{}/inverters`. */
  resting(): string[]
  /** What may be asked just now, and who waits for a turn. */
  budget(): BudgetState
  /** Resolves when the token endpoint takes the credential. */
  checkCredential(): Promise<void>
  close(): Promise<void>
}

/**
 * Throws `TypeError` when `baseUrl` is no http(s) URL, `orgId` no UUID or `policy` makes no sense. The secret stays in here: nothing that
 * can be reached from the result holds it.
 *
 * @param baseUrl with version, for example `https://app.podero.com/api/partners/v2.0`
 * @param policy what is not usual
 * @param shares among how many gateways the budget is divided just now
 * @param observe hears of every exchange, for logs and counters
 */
export function createPartnerClient({
  baseUrl,
  clientId,
  clientSecret,
  orgId,
  time = realTime,
  random = Math.random,
  observe = () => {},
  policy: said = {},
  shares = () => 1,
}: {
  baseUrl: string
  clientId: string
  clientSecret: string
  orgId: string
  time?: Time
  random?: () => number
  observe?: (exchange: Exchange) => void
  policy?: Partial<Policy>
  shares?: () => number
}): PartnerClient {
  const base = new URL(baseUrl)
  if (!/^https?:$/.test(base.protocol))
    throw new TypeError('The base URL of the Partner API must be http or https.')
  if (!isUuid(orgId)) throw new TypeError('The organisation id must be a UUID.')

  const policy = policyOf(said)
  const wire = createWire({ origin: base.origin, time, policy })
  const tokenCall = { method: 'POST', route: '/oauth2/token/' } as const
  const breaker = createBreaker({ time, random, policy })
  const tokens = createTokens({
    policy,
    time,
    random,
    fetchToken: () =>
      observed(observe, time, tokenCall, () =>
        wire.exchange({
          method: 'POST',
          path: '/oauth2/token/',
          headers: {
            accept: 'application/json',
            authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
            'cache-control': 'no-cache',
            'content-type': 'application/json',
          },
          body: JSON.stringify({ grant_type: 'client_credentials' }),
          deadlineMs: policy.exchangeMs,
        }),
      ),
  })
  const budget = createBudget({ policy, shares, time, random })
  const send = createSend({
    basePath: base.pathname,
    wire,
    tokens,
    budget,
    breaker,
    retries: createRetryBudget(time, policy),
    policy,
    time,
    random,
    observe,
  })

  return {
    devices: (type, userId, options) => listDevices(send, orgId, type, userId, options),
    device: (type, userId, deviceId, options) => getDevice(send, orgId, type, userId, deviceId, options),
    startBoost: (type, userId, deviceId, options) => startBoost(send, orgId, type, userId, deviceId, options),
    cancelBoost: (type, userId, deviceId, options) =>
      cancelBoost(send, orgId, type, userId, deviceId, options),
    resolveAction: (target, body, options) => resolveAction(send, target, body, options),
    reportAction: (target, state, options) => reportAction(send, target, state, options),
    startOnboarding: (body, options) => startOnboarding(send, body, options),
    mintClaimToken: (userId, options) => mintClaimToken(send, orgId, userId, options),
    records: (kind, userId, options) => listRecords(send, orgId, kind, userId, options),
    writeRecord: (kind, userId, write, options) => writeRecord(send, orgId, kind, userId, write, options),
    saveSettings: (type, userId, deviceId, change, options) =>
      saveSettings(send, orgId, type, userId, deviceId, change, options),
    chargePolicy: (userId, vehicleId, options) => getChargePolicy(send, orgId, userId, vehicleId, options),
    saveChargePolicy: (userId, vehicleId, plan, options) =>
      saveChargePolicy(send, orgId, userId, vehicleId, plan, options),
    vehicleSeries: (userId, vehicleId, query, options) =>
      getVehicleSeries(send, orgId, userId, vehicleId, query, options),
    chargingConfig: (userId, options) => getChargingConfig(send, orgId, userId, options),
    saveChargingConfig: (userId, change, options) => saveChargingConfig(send, orgId, userId, change, options),
    users: (options) => listUsers(send, orgId, options),
    createUser: (user, options) => createUser(send, orgId, user, options),
    policy,
    resting: () => [...breaker.resting(), ...(tokens.isResting() ? [operationOf(tokenCall)] : [])],
    budget: () => budget.state(),
    checkCredential: async () => void (await tokens.current()),
    close: () => wire.close(),
  }
}
