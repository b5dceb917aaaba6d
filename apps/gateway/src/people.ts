import { isUuid, type PartnerClient, type Time } from '@homewatt/client'
import type { User } from '@homewatt/contract'
import type { LinkRows } from './link-rows.ts'
import type { UserClaim } from './tenants.ts'

/** Who people are at the Partner API. */
export type People = {
  /**
   * The user that a claim means: looked up once, then remembered. `null` when the Partner API knows nobody of this
   * name, or more than one. Rejects with the errors of the client.
   *
   * @param email for making the person known, where the tenant allows that
   */
  userIdOf(holds: UserClaim['holds'], value: string, email: string | null): Promise<string | null>
}

/** So that there is time left to look whether it was done. */
const CREATE_MS = 4_000

export function createPeople({
  tenant,
  client,
  links,
  createUsers,
  answerWithinMs,
  time,
}: {
  tenant: string
  client: Pick<PartnerClient, 'users' | 'createUser'>
  links: LinkRows
  createUsers: boolean
  /** How long looking somebody up and making them known may take together. */
  answerWithinMs: number
  time: Time
}): People {
  /** By claim: two browsers of a new person must not make two users. */
  const asking = new Map<string, Promise<string | null>>()
  let listing: Promise<User[]> | null = null

  /** One list for everybody who waits for one. */
  function list(byMs: number): Promise<User[]> {
    listing ??= client
      .users({ priority: 'command', byMs })
      .then(({ value }) => value)
      .finally(() => {
        listing = null
      })
    return listing
  }

  async function lookUp(
    holds: UserClaim['holds'],
    value: string,
    byMs: number,
  ): Promise<string | null | 'ambiguous'> {
    const wanted = holds === 'user_id' ? value.toLowerCase() : value
    const found = (await list(byMs)).filter(
      (user) => user.deleted_at == null && (holds === 'user_id' ? user.id : user.external_user_id) === wanted,
    )
    return found.length > 1 ? 'ambiguous' : (found[0]?.id ?? null)
  }

  async function resolve(holds: UserClaim['holds'], value: string, email: string | null) {
    const externalId = `${holds}:${value}`
    const remembered = await links.find(tenant, externalId)
    if (remembered !== null) return remembered
    const byMs = time.monotonicMs() + answerWithinMs
    let userId = await lookUp(holds, value, byMs)
    if (userId === null && createUsers && holds === 'external_user_id' && email !== null)
      userId = await create(value, email, byMs)
    if (userId === null || userId === 'ambiguous') return null
    await links.put({ tenant, userId, externalId, linkedMs: time.wallMs() })
    return userId
  }

  async function create(externalUserId: string, email: string, byMs: number) {
    const user = { role: 'user', email, external_user_id: externalUserId } as const
    try {
      return (await client.createUser(user, { byMs, deadlineMs: CREATE_MS })).value.id
    } catch (error) {
      // It may have been done although nobody said so, by another node in the same moment, or for somebody else.
      const now = await lookUp('external_user_id', externalUserId, byMs)
      if (now === null) throw error
      return now
    }
  }

  return {
    userIdOf(holds, value, email) {
      if (value === '' || value.length > 200 || (holds === 'user_id' && !isUuid(value)))
        return Promise.resolve(null)
      const key = `${holds}:${value}`
      const under = asking.get(key)
      if (under) return under
      const answer = resolve(holds, value, email).finally(() => asking.delete(key))
      asking.set(key, answer)
      return answer
    },
  }
}
