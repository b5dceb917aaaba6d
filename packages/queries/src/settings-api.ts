import type {
  ChargePlan,
  ChargePlanAnswer,
  ChargingConfigAnswer,
  ChargingConfigChange,
  DeviceSettingsByType,
  DeviceType,
  Saved,
} from '@homewatt/contract'
import { createCall, type Options } from './call.ts'

/** What a household decides about its devices. Apart from `GatewayApi`, so that a page that only watches does not carry it. */
export type SettingsApi = {
  saveDevice<T extends DeviceType>(
    type: T,
    id: string,
    change: DeviceSettingsByType[T],
    options?: Options,
  ): Promise<Saved>
  chargePlan(vehicleId: string, options?: Options): Promise<ChargePlanAnswer>
  saveChargePlan(vehicleId: string, plan: ChargePlan, options?: Options): Promise<Saved>
  chargingConfig(options?: Options): Promise<ChargingConfigAnswer>
  saveChargingConfig(change: ChargingConfigChange, options?: Options): Promise<Saved>
}

/** Typed calls over `fetch`, as `createGatewayApi`. */
export function createSettingsApi({
  fetch,
  base = '',
}: {
  fetch: typeof globalThis.fetch
  base?: string
}): SettingsApi {
  const call = createCall({ fetch, base })
  const planPath = (id: string) => `/api/devices/electric-vehicles/${encodeURIComponent(id)}/charge-policy`

  return {
    saveDevice: (type, id, change, options) =>
      call('PUT', `/api/devices/${type}/${encodeURIComponent(id)}`, options, change) as Promise<Saved>,
    chargePlan: (id, options) => call('GET', planPath(id), options) as Promise<ChargePlanAnswer>,
    saveChargePlan: (id, plan, options) => call('PUT', planPath(id), options, plan) as Promise<Saved>,
    chargingConfig: (options) =>
      call('GET', '/api/charging-config', options) as Promise<ChargingConfigAnswer>,
    saveChargingConfig: (change, options) =>
      call('PUT', '/api/charging-config', options, change) as Promise<Saved>,
  }
}
