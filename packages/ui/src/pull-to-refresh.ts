import type { Attachment } from 'svelte/attachments'

/** How far a finger pulls, in CSS px, before letting go refreshes. */
export const PULL_PX = 72

/**
 * Pull down at the very top of the page to refresh, for touch only. `onpull` hears how far the finger is (px, 0
 * when it is over), `onrefresh` that it let go beyond `PULL_PX`.
 */
export function pullToRefresh(onpull: (px: number) => void, onrefresh: () => void): Attachment<HTMLElement> {
  return (element) => {
    let startY: number | null = null
    let px = 0

    const begin = (event: TouchEvent) => {
      startY = scrollY <= 0 && event.touches.length === 1 ? (event.touches[0]?.clientY ?? null) : null
    }
    const move = (event: TouchEvent) => {
      if (startY === null) return
      const pulled = (event.touches[0]?.clientY ?? startY) - startY
      // Resistance: the indicator follows at half the finger's way.
      px = scrollY <= 0 ? Math.max(0, pulled / 2) : 0
      onpull(px)
    }
    const end = () => {
      if (startY === null) return
      if (px >= PULL_PX) onrefresh()
      startY = null
      px = 0
      onpull(0)
    }

    element.addEventListener('touchstart', begin, { passive: true })
    element.addEventListener('touchmove', move, { passive: true })
    element.addEventListener('touchend', end)
    element.addEventListener('touchcancel', end)
    return () => {
      element.removeEventListener('touchstart', begin)
      element.removeEventListener('touchmove', move)
      element.removeEventListener('touchend', end)
      element.removeEventListener('touchcancel', end)
    }
  }
}
