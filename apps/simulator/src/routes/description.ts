import { API } from '../context.ts'
import { docsPage } from '../docs-page.ts'
import { ok, page } from '../http.ts'
import { openApiOf } from '../openapi.ts'
import type { Route } from '../router.ts'

/** The description of all `routes` and of these two: for machines, and for people. */
export function descriptionRoutes(routes: readonly Route[]): Route[] {
  let document: ReturnType<typeof openApiOf> | null = null
  let html: string | null = null
  const own: Route[] = [
    {
      method: 'GET',
      template: `${API}/openapi.json`,
      bearer: false,
      handler: () => ok((document ??= openApiOf([...routes, ...own]))),
    },
    {
      method: 'GET',
      template: `${API}/docs`,
      bearer: false,
      handler: () => page((html ??= docsPage((document ??= openApiOf([...routes, ...own]))))),
    },
  ]
  return own
}
