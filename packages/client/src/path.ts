const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * The one place where paths of the Partner API are made: `base` is fixed, `route` comes from our own code, and
 * every `{}` in it is filled by a UUID. Throws on anything else, so no id can climb out of its segment.
 */
export function pathOf(
  base: string,
  route: string,
  ids: readonly string[],
  query?: Readonly<Record<string, string>>,
): string {
  let used = 0
  const path = route.replaceAll('{}', () => {
    const id = ids[used++]
    if (id === undefined || !isUuid(id)) throw new TypeError(`A path for ${route} needs UUIDs.`)
    return id.toLowerCase()
  })
  if (used !== ids.length) throw new TypeError(`A path for ${route} takes ${used} ids.`)
  return base.replace(/\/+$/, '') + path + (query ? `?${new URLSearchParams(query)}` : '')
}

/** Whether this is an id as the Partner API gives them; nothing else goes into a path. */
export function isUuid(id: string): boolean {
  return UUID.test(id)
}
