import type { Reading } from '@homewatt/contract'
import { connectStep, deviceName, newDeviceOf } from '@homewatt/display'
import { error } from '@sveltejs/kit'
import { told } from '#lib/server/told.ts'
import type { PageServerLoad } from './$types'

/** What has not come by then takes longer than usual, and is looked for less often. */
const USUAL_MS = 5 * 60_000

export const load: PageServerLoad = async ({ locals: { api, connect }, url }) => {
  if (url.searchParams.get('result') === 'cancel') return { state: { kind: 'cancelled' as const } }
  const answer = await told(connect.connecting())
  if (!answer.value) error(503, 'The gateway cannot be asked.')
  const { pending } = answer.value
  if (!pending) return { state: { kind: 'nothing' as const } }
  // Asking what is pending made the gateway look: what the page began with may be older.
  const { groups } = await api.home()
  const devices: readonly Reading[] = groups[pending.type].devices
  const device = newDeviceOf(devices, pending.known)
  return {
    state: {
      kind: 'pending' as const,
      type: pending.type,
      step: connectStep(device),
      device: device && { id: device.id, name: deviceName(device) },
      isBlind: groups[pending.type].problem !== null,
      isLong: Date.now() - Date.parse(pending.began_at) > USUAL_MS,
    },
  }
}
