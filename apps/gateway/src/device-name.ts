import type { DeviceType } from '@homewatt/contract'
import { deviceName } from '@homewatt/display'
import type { Home } from './homes.ts'

/**
 * What to call a device: manufacturer and model, as last answered. Not kept anywhere, for it is the partner's text;
 * `null` while the home was not asked for since the process began.
 */
export function deviceNameIn(
  home: Home | undefined,
  type: DeviceType | null,
  id: string | null,
): string | null {
  const reading = type && id ? home?.device(type, id)?.reading : undefined
  return reading ? deviceName(reading) : null
}
