import { pause, within, type BoostType, type Time } from '@homewatt/client'
import type { ElectricVehicleReading, WallboxReading } from '@homewatt/contract'
import type { ReadDevice } from './device-reader.ts'
import type { Home } from './homes.ts'

export type Boostable = ElectricVehicleReading | WallboxReading

/** Finds out by reading what became of a write. */
export type ReadBack = {
  /** The device as it is after the write; `null` when it cannot be read by `endMs`. */
  once(home: Home, type: BoostType, id: string, endMs: number): Promise<Boostable | null>
  /** Reads until `judge` has an opinion, at the latest until `endMs`; then `null`. */
  until<T>(
    home: Home,
    type: BoostType,
    id: string,
    endMs: number,
    judge: (device: Boostable) => T | null,
  ): Promise<T | null>
}

const DEADLINE_MS = 2_500
const EVERY_MS = 2_000

export function createReadBack({ readDevice, time }: { readDevice: ReadDevice; time: Time }): ReadBack {
  async function once(home: Home, type: BoostType, id: string, endMs: number): Promise<Boostable | null> {
    const deadlineMs = Math.min(DEADLINE_MS, endMs - time.monotonicMs())
    const reading = readDevice(home, type, id, { priority: 'command', attempts: 1, deadlineMs, anew: true })
    const device = await within(
      time,
      deadlineMs,
      reading.catch(() => null),
    )
    return device ? (device.reading as Boostable) : null
  }

  return {
    once,
    async until(home, type, id, endMs, judge) {
      for (;;) {
        if (time.monotonicMs() >= endMs) return null
        const device = await once(home, type, id, endMs)
        const opinion = device && judge(device)
        if (opinion !== null) return opinion
        if (time.monotonicMs() + EVERY_MS > endMs) return null
        await pause(time, EVERY_MS)
      }
    },
  }
}
