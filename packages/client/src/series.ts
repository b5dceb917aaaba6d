import { VehicleSeries, type SeriesResolution, type VehicleKeyword } from '@homewatt/contract'
import * as v from 'valibot'
import { PartnerUnavailable } from './errors.ts'
import type { Answer, CallOptions, Send } from './request.ts'

/** Which rows and columns of a time series, §16.2. `toMs` is not among them. */
export type SeriesQuery = {
  fromMs: number
  toMs: number
  resolution: SeriesResolution
  keywords: readonly VehicleKeyword[]
}

/** The time series of a vehicle, §16.2. An answer that names a problem of its own (§18) is none. */
export async function getVehicleSeries(
  send: Send,
  orgId: string,
  userId: string,
  vehicleId: string,
  { fromMs, toMs, resolution, keywords }: SeriesQuery,
  options?: CallOptions,
): Promise<Answer<VehicleSeries>> {
  const answer = await send(
    {
      method: 'GET',
      route: '/org/{}/users/{}/electric-vehicles/{}/data',
      ids: [orgId, userId, vehicleId],
      query: {
        from_datetime: new Date(fromMs).toISOString(),
        to_datetime: new Date(toMs).toISOString(),
        resolution,
        keywords: keywords.join(','),
      },
      wantsJson: true,
    },
    options,
  )
  const read = v.safeParse(VehicleSeries, answer.value)
  if (!read.success) throw new PartnerUnavailable('bad_shape')
  if (read.output.metadata['error']) throw new PartnerUnavailable('failing')
  return { ...answer, value: read.output }
}
