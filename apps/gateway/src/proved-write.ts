import { NotAuthorized, PartnerUnavailable, RateLimited } from '@homewatt/client'
import type { SaveOutcome } from '@homewatt/contract'

/**
 * Writes, and says `saved` only with proof: the Partner API took it, or reading shows it. Rejects with the errors of the
 * client where nothing can have been done.
 */
export async function provedWrite({
  send,
  isThere,
  mayResend,
}: {
  send: () => Promise<void>
  /** Whether reading shows what was written; rejects when it cannot be read. */
  isThere: () => Promise<boolean>
  /** Whether writing it twice is the same as once. */
  mayResend: boolean
}): Promise<SaveOutcome> {
  try {
    await send()
    return 'saved'
  } catch (error) {
    if (!(error instanceof PartnerUnavailable && error.inDoubt)) throw error
    const isSaved = await isThere().catch(() => null)
    if (isSaved) return 'saved'
    if (isSaved === null || !mayResend) return 'unconfirmed'
  }
  // What the first try left in doubt is not settled by a second one that never got through.
  return provedWrite({ send, isThere, mayResend: false }).catch((error: unknown) => {
    const gotThrough = ![PartnerUnavailable, RateLimited, NotAuthorized].some((kind) => error instanceof kind)
    if (gotThrough) throw error
    return 'unconfirmed' as const
  })
}
