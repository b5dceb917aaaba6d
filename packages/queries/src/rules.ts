import type { DeviceAnswer, DeviceType, HomeSnapshot, Reading } from '@homewatt/contract'
import { listStaleMs, pollAfterMs } from '@homewatt/display'
import type { GatewayApi } from './api.ts'

/** What TanStack Query hands to a query function and to `refetchInterval`, as far as it is used here. */
type QueryFunctionContext = { signal: AbortSignal }
type QueryLike<D> = { state: { data: D | undefined } }

/** Options for the whole home: stale after 30 s, sooner while a boost is starting. One retry layer: none here. */
export const homeQuery = (api: GatewayApi) => ({
  queryKey: ['home'] as const,
  queryFn: ({ signal }: QueryFunctionContext) => api.home({ signal }),
  staleTime: listStaleMs,
  refetchInterval: (query: QueryLike<HomeSnapshot>) =>
    query.state.data ? homePollMs(query.state.data) : listStaleMs,
  retry: false as const,
})

/** Options for one device with its actions. */
export const deviceQuery = <T extends DeviceType>(api: GatewayApi, type: T, id: string) => ({
  queryKey: ['device', type, id] as const,
  queryFn: ({ signal }: QueryFunctionContext) => api.device(type, id, { signal }),
  staleTime: listStaleMs,
  refetchInterval: (query: QueryLike<DeviceAnswer<T>>) => {
    const answer = query.state.data
    return answer ? pollOf(type, answer.device, answer.at) : listStaleMs
  },
  retry: false as const,
})

/** How soon a home is worth asking for again, in milliseconds: as soon as its most urgent device. */
export function homePollMs(snapshot: HomeSnapshot): number {
  const { wallboxes, 'electric-vehicles': vehicles } = snapshot.groups
  return Math.min(
    listStaleMs,
    ...vehicles.devices.map((device) => pollOf('electric-vehicles', device, snapshot.at)),
    ...wallboxes.devices.map((device) => pollOf('wallboxes', device, snapshot.at)),
  )
}

function pollOf(type: DeviceType, device: Reading, at: string): number {
  if (!('boost_state' in device)) return listStaleMs
  const since = device.boost_state_since
  return pollAfterMs(type, device, since === null ? null : Date.parse(at) - Date.parse(since))
}
