import type { Adapter, AdapterConstructor, AdapterPayload } from 'oidc-provider'

/** Where a test's OpenID provider keeps what it has to remember. */
export function memoryAdapter(): AdapterConstructor {
  const kept = new Map<string, AdapterPayload>()
  return class MemoryAdapter implements Adapter {
    readonly #kind: string

    constructor(kind: string) {
      this.#kind = kind
    }

    #find(is: (payload: AdapterPayload) => boolean) {
      for (const [key, payload] of kept) if (key.startsWith(`${this.#kind}:`) && is(payload)) return payload
      return undefined
    }

    upsert = async (id: string, payload: AdapterPayload) => void kept.set(`${this.#kind}:${id}`, payload)
    find = async (id: string) => kept.get(`${this.#kind}:${id}`)
    findByUid = async (uid: string) => this.#find((payload) => payload.uid === uid)
    findByUserCode = async (code: string) => this.#find((payload) => payload.userCode === code)
    destroy = async (id: string) => void kept.delete(`${this.#kind}:${id}`)

    async consume(id: string) {
      const payload = kept.get(`${this.#kind}:${id}`)
      if (payload) payload.consumed = Math.floor(Date.now() / 1000)
    }

    async revokeByGrantId(grantId: string) {
      for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key)
    }
  }
}
