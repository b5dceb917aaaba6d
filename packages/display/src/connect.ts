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

/** Whether a device has told anything new since a moment, ms since 1970 by the Partner API's clock. */
export function hasReportedSince(
  { current_state_last_updated_at: at }: Pick<Device, 'current_state_last_updated_at'>,
  sinceMs: number,
): boolean {
  return at !== null && Date.parse(at) > sinceMs
}

/** How far it has come. @param device the new one, `null` while there is none; its first report ends the waiting */
export function connectStep(device: Device | null): ConnectStep {
  if (!device) return 'looking'
  return device.current_state_last_updated_at === null ? 'waiting' : 'done'
}
