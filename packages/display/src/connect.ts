/** How far a device that somebody set out to connect has come. */
export type ConnectStep =
  /** The Partner API does not list it yet. */
  | 'looking'
  /** It is there and has not reported a value. */
  | 'waiting'
  | 'done'

type Device = { id: string; current_state_last_updated_at: string | null }

/** The device that was not there before; `null` while there is none. */
export function newDeviceOf<D extends Device>(devices: readonly D[], known: readonly string[]): D | null {
  return devices.find(({ id }) => !known.includes(id)) ?? null
}

export function connectStep(device: Device | null): ConnectStep {
  if (!device) return 'looking'
  return device.current_state_last_updated_at === null ? 'waiting' : 'done'
}
