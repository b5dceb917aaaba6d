import { createContext } from 'svelte'
import type { Screen } from './screen.ts'

/** The page of a device, for what stands on all of them. */
export const [useDeviceScreen, setDeviceScreen] = createContext<Extract<Screen, { name: 'device' }>>()
