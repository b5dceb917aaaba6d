import type {
  BuildingForm,
  Buildings,
  ClaimTicket,
  ConnectStart,
  ConnectStarted,
  ConnectState,
  EnergyContractForm,
  EnergyContracts,
  Saved,
} from '@homewatt/contract'
import { createCall, type Options } from './call.ts'

/**
 * Connecting devices, and the buildings and contracts around them. Apart from `GatewayApi`, so that a page that only
 * watches does not carry it.
 */
export type ConnectApi = {
  /** What was set out to be connected last, as long as it may still come. */
  connecting(options?: Options): Promise<ConnectState>
  /** Where to send the browser to connect a device. */
  connect(wish: ConnectStart, options?: Options): Promise<ConnectStarted>
  /**
   * The person came back from what the partner asked without having done it.
   *
   * @param deviceId what it was about; `null` where nobody knows
   */
  giveUpActions(deviceId: string | null, options?: Options): Promise<void>
  /** What a wallbox has to be told so that it calls by itself. */
  claimWallbox(options?: Options): Promise<ClaimTicket>
  buildings(options?: Options): Promise<Buildings>
  /** @param id of the building to change; `null` for a new one */
  saveBuilding(id: string | null, building: BuildingForm, options?: Options): Promise<Saved>
  removeBuilding(id: string, options?: Options): Promise<Saved>
  energyContracts(options?: Options): Promise<EnergyContracts>
  /** @param id of the contract to change; `null` for a new one */
  saveEnergyContract(id: string | null, contract: EnergyContractForm, options?: Options): Promise<Saved>
}

/** Typed calls over `fetch`, as `createGatewayApi`. */
export function createConnectApi({
  fetch,
  base = '',
}: {
  fetch: typeof globalThis.fetch
  base?: string
}): ConnectApi {
  const call = createCall({ fetch, base })
  const save = (list: string, id: string | null, body: unknown, options?: Options) =>
    call(id === null ? 'POST' : 'PUT', id === null ? list : `${list}/${id}`, options, body) as Promise<Saved>

  return {
    connecting: (options) => call('GET', '/api/onboarding', options) as Promise<ConnectState>,
    connect: (wish, options) => call('POST', '/api/onboarding', options, wish) as Promise<ConnectStarted>,
    giveUpActions: async (device_id, options) =>
      void (await call('POST', '/api/actions/given-up', options, { device_id })),
    claimWallbox: (options) => call('POST', '/api/onboarding/claim', options) as Promise<ClaimTicket>,
    buildings: (options) => call('GET', '/api/buildings', options) as Promise<Buildings>,
    saveBuilding: (id, building, options) => save('/api/buildings', id, building, options),
    removeBuilding: (id, options) => call('DELETE', `/api/buildings/${id}`, options) as Promise<Saved>,
    energyContracts: (options) => call('GET', '/api/energy-contracts', options) as Promise<EnergyContracts>,
    saveEnergyContract: (id, contract, options) => save('/api/energy-contracts', id, contract, options),
  }
}
