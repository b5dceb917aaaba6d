import type {
  ActionStart,
  BoostAnswer,
  DemoHomes,
  DeviceAnswer,
  DeviceType,
  HomeSnapshot,
  ReturnTo,
  Session,
  SignedOut,
  SignInStarted,
} from '@homewatt/contract'
import { createCall, type Options } from './call.ts'

/** The device types that can be boosted. */
export type BoostType = 'electric-vehicles' | 'wallboxes'

/** The gateway's API, one method per thing it can do. Every method rejects with `GatewayFailure` or `GatewayUnreachable`. */
export type GatewayApi = {
  /** Where the stream of this gateway is. */
  readonly streamUrl: string
  session(options?: Options): Promise<Session>
  home(options?: Options): Promise<HomeSnapshot>
  /** Asks the Partner API anew, unless it was asked moments ago, and resolves with what is known then. */
  refresh(options?: Options): Promise<HomeSnapshot>
  device<T extends DeviceType>(type: T, id: string, options?: Options): Promise<DeviceAnswer<T>>
  boost(type: BoostType, id: string, options?: Options): Promise<BoostAnswer>
  /** Disarms; for a wallbox also ends a boost that runs. */
  cancelBoost(type: BoostType, id: string, options?: Options): Promise<BoostAnswer>
  /** Where to send the browser to resolve the device's action `n`. */
  startAction(type: DeviceType, id: string, n: number, options?: Options): Promise<ActionStart>
  demoHomes(options?: Options): Promise<DemoHomes>
  demoSignIn(home: string, options?: Options): Promise<void>
  /** Where the person signs in, or why that is not possible. */
  startSignIn(returnTo: ReturnTo, options?: Options): Promise<SignInStarted>
  /** Where to sign out of the issuer too, if anywhere. */
  signOut(options?: Options): Promise<SignedOut>
}

/** Typed calls over `fetch`. `base` is for servers and embedding; a page of the gateway itself needs none. */
export function createGatewayApi({
  fetch,
  base = '',
}: {
  fetch: typeof globalThis.fetch
  base?: string
}): GatewayApi {
  const call = createCall({ fetch, base })
  const devicePath = (type: DeviceType, id: string) => `/api/devices/${type}/${encodeURIComponent(id)}`

  return {
    streamUrl: `${base}/api/stream`,
    session: (options) => call('GET', '/api/session', options) as Promise<Session>,
    home: (options) => call('GET', '/api/home', options) as Promise<HomeSnapshot>,
    refresh: (options) => call('POST', '/api/refresh', options) as Promise<HomeSnapshot>,
    device: <T extends DeviceType>(type: T, id: string, options?: Options) =>
      call('GET', devicePath(type, id), options) as Promise<DeviceAnswer<T>>,
    boost: (type, id, options) =>
      call('POST', `${devicePath(type, id)}/boost`, options) as Promise<BoostAnswer>,
    cancelBoost: (type, id, options) =>
      call('DELETE', `${devicePath(type, id)}/boost`, options) as Promise<BoostAnswer>,
    startAction: (type, id, n, options) =>
      call('POST', `${devicePath(type, id)}/actions/${n}/start`, options) as Promise<ActionStart>,
    demoHomes: (options) => call('GET', '/api/demo/homes', options) as Promise<DemoHomes>,
    demoSignIn: async (home, options) => void (await call('POST', '/api/demo/sign-in', options, { home })),
    startSignIn: (return_to, options) =>
      call('POST', '/api/sign-in', options, { return_to }) as Promise<SignInStarted>,
    signOut: (options) => call('POST', '/api/session/end', options) as Promise<SignedOut>,
  }
}
