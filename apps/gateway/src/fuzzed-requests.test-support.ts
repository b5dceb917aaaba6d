import { createFuzz, type Existing, type FuzzRequest } from '../../simulator/src/fuzz.ts'
import type { OpenApi } from '../../simulator/src/openapi.ts'
import { openApi } from './openapi.ts'

export type { Existing, FuzzRequest }

/** Makes requests out of our own OpenAPI document: as it wants them, a little wrong, and nonsense. The `n`th of a seed is always the same. */
export function fuzzedRequests(seed: number, existing: Existing): (n: number) => FuzzRequest {
  const { paths } = openApi()
  const operations = Object.entries(paths).map(([path, methods]) => [
    path,
    Object.fromEntries(Object.entries(methods).map(([method, operation]) => [method, made(operation)])),
  ])
  const document = {
    paths: Object.fromEntries(operations),
    components: { schemas: {} },
  } as unknown as OpenApi
  return createFuzz(document, { seed, token: 'none', existing })
}

/** As the simulator's document has its operations: who asks is known by a cookie here, and bodies are JSON. */
function made(operation: object): object {
  const { requestBody, ...rest } = operation as { requestBody?: { content: object } }
  return {
    security: [],
    parameters: [],
    ...rest,
    ...(requestBody && 'application/json' in requestBody.content ? { requestBody } : {}),
  }
}
