import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { Witness } from './app.ts'
import { API } from './context.ts'
import type { JsonSchema, OpenApi } from './openapi.ts'

/** Holds answers against the OpenAPI document. For tests. */
export type Conformance = {
  /** What is wrong with an answer, in words; `null` when nothing is. */
  check(seen: Parameters<Witness>[0]): string | null
}

/**
 * Compiles the document. Throws when it is not one that JSON Schema 2020-12 understands. A field that the document
 * does not name is a fault too: others could not know of it.
 */
export function conformanceTo(document: OpenApi): Conformance {
  const check = createSchemaCheck(document.components.schemas)
  return {
    check({ method, path, template, answer: { status, json } }) {
      if (template === null || !(template.startsWith(API) || template.startsWith('/oauth2'))) return null
      if (status === 405) return null
      const response = document.paths[template]?.[method.toLowerCase()]?.responses[status]
      if (!response) return `${method} ${path} answered ${status}, which the document does not know.`
      const schema = response.content?.['application/json']?.schema
      if (!schema) return json === undefined ? null : `${method} ${path} answered ${status} with a body.`
      const wrong = check(`${method} ${template} ${status}`, schema, JSON.parse(JSON.stringify(json ?? null)))
      return wrong && `${method} ${path} answered ${status}: ${wrong}`
    },
  }
}

/**
 * Says what is wrong with a value of a schema, `null` when nothing is; a field that is not named is wrong. Schemas are
 * compiled once for each key.
 *
 * @param schemas what others refer to as `#/components/schemas/…`
 */
export function createSchemaCheck(
  schemas: Record<string, JsonSchema> = {},
): (key: string, schema: JsonSchema, value: unknown) => string | null {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: false })
  for (const [name, holds] of Object.entries(formats)) ajv.addFormat(name, holds)
  for (const [name, schema] of Object.entries(schemas))
    ajv.addSchema(closed(schema), `#/components/schemas/${name}`)
  const compiled = new Map<string, ValidateFunction>()
  return (key, schema, value) => {
    let validate = compiled.get(key)
    if (!validate) compiled.set(key, (validate = ajv.compile(closed(schema))))
    if (validate(value)) return null
    const [error] = validate.errors ?? []
    const what = error?.params ? JSON.stringify(error.params) : ''
    return `${error?.instancePath} ${error?.message} ${what}`
  }
}

const formats: Record<string, (text: string) => boolean> = {
  uuid: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text),
  'date-time': (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
  date: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)),
  uri: (text) => URL.canParse(text),
  email: (text) => /^[^@\s]+@[^@\s]+$/.test(text),
}

/** A schema whose objects have no fields but the named ones, except where it says so itself. */
function closed(schema: JsonSchema): JsonSchema {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    const walked = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner)]))
    return 'properties' in walked && !('additionalProperties' in walked)
      ? { ...walked, additionalProperties: false }
      : walked
  }
  return walk(schema) as JsonSchema
}
