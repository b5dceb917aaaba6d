import type { Stack } from './stack.ts'

/** How many devices of a home are optimised, says the simulator. */
export async function optimised(stack: Stack, home: string): Promise<number> {
  const { devices } = await stack.home(home)
  const states = await Promise.all(
    devices.map(async ({ id }) => {
      const device = (await stack.control('GET', `homes/${home}/devices/${id}`)) as Record<string, unknown>
      return device['is_smart_optimization_active']
    }),
  )
  return states.filter((isOn) => isOn === true).length
}
