/** Whose home it is. Both parts come from the session and from nowhere else. */
export type HomeOwner = { tenant: string; userId: string }

/**
 * The key under which anything of a home is kept: cache, coalescing, streams, stored intervals. The only place
 * where such keys are made; throws when a part is missing, for a key without a user would be everybody's.
 */
export function homeKey({ tenant, userId }: HomeOwner): string {
  if (!tenant || !userId) throw new TypeError('A home is named by tenant and user; one of them is missing.')
  if (tenant.includes('/') || userId.includes('/'))
    throw new TypeError('Tenant and user must not contain "/".')
  return `${tenant}/${userId}`
}
