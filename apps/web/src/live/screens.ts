import type { Component } from 'svelte'
import type { Screen } from './screen.ts'

/** What stands on a live page that is not the overview. */
export type OtherScreen = Component<{ screen: Screen }>

/** The overview comes with the script; what only other pages need, a browser fetches there. */
export async function otherScreen({ name }: Screen): Promise<OtherScreen | null> {
  if (name === 'device') return (await import('./Device.svelte')).default
  if (name === 'return') return (await import('./ActionReturn.svelte')).default
  return null
}
