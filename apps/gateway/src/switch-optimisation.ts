import { PartnerUnavailable, type PartnerClient } from '@homewatt/client'
import type { DeviceType, SaveOutcome } from '@homewatt/contract'
import { fence } from './group.ts'
import type { Home } from './homes.ts'
import type { Poller } from './poller.ts'

/**
 * Switches optimisation of one device on or off, and says `saved` only with proof. Rejects with the errors of the
 * client when nothing was changed.
 */
export type SwitchOptimisation = (
  home: Home,
  type: DeviceType,
  id: string,
  isOn: boolean,
) => Promise<SaveOutcome>

export function createSwitchOptimisation({
  client,
  poller,
}: {
  client: Pick<PartnerClient, 'setOptimisation'>
  poller: Pick<Poller, 'readDevice' | 'moment'>
}): SwitchOptimisation {
  return async (home, type, id, isOn) => {
    let isTaken = true
    try {
      await client.setOptimisation(type, home.userId, id, isOn)
    } catch (error) {
      if (!(error instanceof PartnerUnavailable && error.inDoubt)) throw error
      isTaken = false
    }
    const known = home.device(type, id)
    // What was asked for before the write says nothing about it.
    if (known) fence(known, poller.moment().seq)
    const read = await poller
      .readDevice(home, type, id, { priority: 'command', attempts: 1, anew: true })
      .catch(() => null)
    if (read?.reading.is_smart_optimization_active === isOn) return 'saved'
    return isTaken ? 'saved' : 'unconfirmed'
  }
}
