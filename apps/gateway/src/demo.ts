import type { PartnerClient, Time } from '@homewatt/client'
import * as v from 'valibot'
import { DemoSignIn } from '@homewatt/contract'

/** The simulator's homes, which anybody may choose from. Only ever there with the simulator. */
export type Demo = {
  /** Names in the simulator's order. Rejects with the errors of the client. */
  names(): Promise<string[]>
  /** User id of a home; `null` when there is none of this name. */
  userIdOf(name: string): Promise<string | null>
}

const REMEMBER_MS = 30_000

export function createDemo({ client, time }: { client: PartnerClient; time: Time }): Demo {
  let asked: { atMs: number; homes: Promise<Map<string, string>> } | null = null

  async function ask(): Promise<Map<string, string>> {
    const { value: users } = await client.users()
    const homes = new Map<string, string>()
    for (const { external_user_id: name, id } of users)
      if (v.is(DemoSignIn, { home: name })) homes.set(String(name), id)
    return homes
  }

  function homes(): Promise<Map<string, string>> {
    if (asked && time.monotonicMs() - asked.atMs < REMEMBER_MS) return asked.homes
    const asking = { atMs: time.monotonicMs(), homes: ask() }
    asked = asking
    asking.homes.catch(() => {
      if (asked === asking) asked = null
    })
    return asking.homes
  }

  return {
    names: async () => [...(await homes()).keys()],
    userIdOf: async (name) => (await homes()).get(name) ?? null,
  }
}
