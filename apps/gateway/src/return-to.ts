import type { ReturnTo } from '@homewatt/contract'

/** The page to open after signing in. People name it by a word of this list; a path of theirs is never followed. */
export function pathOfReturn(returnTo: ReturnTo): string {
  return paths[returnTo]
}

const paths: Record<ReturnTo, string> = {
  overview: '/',
  history: '/settings/history',
  settings: '/settings',
}
