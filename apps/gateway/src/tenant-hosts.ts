import { aliasesOf } from './links.ts'

/** Which tenant a request is for, by the exact host it names. */
export type TenantHosts<T> = {
  /** `null` for any host that is not in the table: nobody answers for it. */
  of(host: string): T | null
}

/**
 * Throws `TypeError` when two tenants have one host.
 *
 * @param alone hosts of this process itself, which mean the tenant when there is only one
 */
export function tenantHosts<T extends { options: { publicUrl: URL } }>(
  tenants: readonly T[],
  alone: readonly string[],
): TenantHosts<T> {
  const table = new Map<string, T>()
  for (const tenant of tenants)
    for (const origin of aliasesOf(tenant.options.publicUrl)) {
      const { host } = new URL(origin)
      if (table.has(host)) throw new TypeError(`Two tenants have the host ${host}.`)
      table.set(host, tenant)
    }
  const [only, ...others] = tenants
  if (only && others.length === 0) for (const host of alone) if (!table.has(host)) table.set(host, only)
  // Host names are compared without regard to case; everything else about them is exact.
  return { of: (host) => table.get(host.toLowerCase()) ?? null }
}
