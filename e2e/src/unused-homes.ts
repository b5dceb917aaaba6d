import type { DeviceType } from '@homewatt/contract'
import type { ControlHome, Stack } from './stack.ts'

/** A device put into a state that a test wants to see. */
export type PreparedDevice = { home: string; type: DeviceType; id: string; path: string }

/** For a stack with many homes, at a moment that lasts. */
export const manyHomes = ['--homes', '150', '--speed', '0']

export type UnusedHomes = Awaited<ReturnType<typeof unusedHomes>>

/**
 * Gives out homes that nobody has looked at, so that the first look shows what was just prepared. `take` one with
 * devices of these types, or `prepare` the device of a type in one through the control door.
 */
export async function unusedHomes(stack: Stack) {
  const left = (await stack.homes()).filter(({ name }) => name.startsWith('home-'))

  function take(...types: DeviceType[]): ControlHome {
    const fitting = left.filter(({ devices }) =>
      types.every((type) => devices.some((device) => device.type === type)),
    )
    // Homes with few devices first: those with many are needed by others.
    const [home] = fitting.sort((a, b) => a.devices.length - b.devices.length)
    if (!home) throw new Error(`No unused home with ${types.join()} is left: start with more homes.`)
    left.splice(left.indexOf(home), 1)
    return home
  }

  return {
    take,
    async prepare(type: DeviceType, change: Record<string, unknown>): Promise<PreparedDevice> {
      const { name, devices } = take(type)
      const id = devices.find((device) => device.type === type)?.id ?? ''
      await stack.control('POST', `homes/${name}/devices/${id}`, change)
      return { home: name, type, id, path: `/${type}/${id}` }
    },
  }
}
