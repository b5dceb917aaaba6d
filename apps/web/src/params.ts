import type { DeviceType } from '@homewatt/contract'
import { defineParams } from '@sveltejs/kit/params'

const types: readonly string[] = [
  'heat-pumps',
  'electric-vehicles',
  'inverters',
  'wallboxes',
] satisfies DeviceType[]

export const params = defineParams({
  device: (param) => (types.includes(param) ? (param as DeviceType) : undefined),
})
