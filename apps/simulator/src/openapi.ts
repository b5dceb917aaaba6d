import * as contract from '@homewatt/contract'
import { toJsonSchema, type ConversionConfig } from '@valibot/to-json-schema'
import type { GenericSchema } from 'valibot'
import { describe, type Description, type Parameter } from './descriptions.ts'
import type { Route } from './router.ts'

export type JsonSchema = { [keyword: string]: unknown }

/** An OpenAPI 3.1 document, as far as we write one. */
export type OpenApi = {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string }
  servers: { url: string }[]
  security: []
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, JsonSchema> }
}

export type Operation = {
  operationId: string
  tags: string[]
  summary: string
  security: JsonSchema[]
  parameters: {
    name: string
    in: 'path' | 'query' | 'header'
    required: boolean
    description?: string
    schema: JsonSchema
  }[]
  requestBody?: { required: boolean; content: { 'application/json': { schema: JsonSchema } } }
  responses: Record<string, { description: string; content?: Record<string, { schema: JsonSchema }> }>
}

/** The document of these routes. Throws `RangeError` for a route of the API without a description. */
export function openApiOf(routes: readonly Route[]): OpenApi {
  const schemas: Record<string, JsonSchema> = { ValidationError: validationError, Problem: problem }
  const paths: OpenApi['paths'] = {}
  const tags = new Set<string>()
  for (const route of routes) {
    const description = describe(route.method, route.template)
    if (!description) continue
    tags.add(description.tag)
    const operation = operationOf(route, description, (schema, mode) => referred(schema, mode, schemas))
    paths[route.template] = { ...paths[route.template], [route.method.toLowerCase()]: operation }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Partner API, simulated',
      version: '2.0',
      description:
        'Describes the newer side of everything the documents disagree about. Homes that are switched to another side answer in its words.',
    },
    servers: [{ url: '/' }],
    security: [],
    tags: [...tags].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        OAuth2: {
          type: 'oauth2',
          flows: {
            clientCredentials: { tokenUrl: '/oauth2/token/', scopes: { read: 'Read', write: 'Write' } },
          },
        },
        ClientSecret: { type: 'http', scheme: 'basic' },
      },
    },
  }
}

type Mode = 'input' | 'output'
type Convert = (schema: GenericSchema, mode: Mode) => JsonSchema

function operationOf(
  { method, template, bearer }: Route,
  description: Description,
  convert: Convert,
): Operation {
  const { tag, summary, query = {}, headers = {}, body, answers } = description
  const names = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name)
  const listed = (where: 'query' | 'header', parameters: Record<string, Parameter>) =>
    Object.entries(parameters).map(([name, { schema, required, about }]) => ({
      name,
      in: where,
      required,
      description: about,
      schema: convert(schema, 'input'),
    }))
  const responses: Operation['responses'] = {}
  for (const [status, schema] of Object.entries(answers))
    responses[status] = {
      description: said[Number(status)] ?? 'Done',
      ...(schema ? { content: { 'application/json': { schema: convert(schema, 'output') } } } : {}),
    }
  for (const status of usual(method, bearer, body !== undefined, names.length > 0, template))
    responses[status] ??= {
      description: said[status] ?? '',
      content: {
        'application/json': {
          schema: { $ref: `#/components/schemas/${status === 422 ? 'ValidationError' : 'Problem'}` },
        },
      },
    }
  if (template.endsWith('/docs')) responses['200'] = { description: 'A page', content: { 'text/html': { schema: { type: 'string' } } } } // prettier-ignore
  return {
    operationId: operationId(method, template),
    tags: [tag],
    summary,
    security: bearer ? [{ OAuth2: [] }] : template.startsWith('/oauth2') ? [{ ClientSecret: [] }] : [],
    parameters: [
      ...names.map((name) => ({
        name,
        in: 'path' as const,
        required: true,
        schema: idSchema(name),
      })),
      ...listed('query', query),
      ...listed('header', headers),
    ],
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: convert(body, 'input') } },
          },
        }
      : {}),
    responses,
  }
}

/** Statuses that need no word in a description. */
function usual(
  method: string,
  bearer: boolean,
  hasBody: boolean,
  hasIds: boolean,
  template: string,
): number[] {
  const statuses = hasIds || bearer ? [404, 422] : []
  if (bearer) statuses.push(401, 403)
  if (template.includes('/cues/')) statuses.push(403)
  if (hasBody || method !== 'GET') statuses.push(400, 413)
  return statuses.sort()
}

const said: Record<number, string> = {
  200: 'Done',
  201: 'Created',
  204: 'Done, nothing to say',
  400: 'The body is no JSON',
  401: 'No token, or a dead one',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Refused in this situation',
  413: 'The body is too large',
  422: 'A value is wrong',
}

const idSchema = (name: string): JsonSchema =>
  name === 'session_id'
    ? { type: 'integer' }
    : name === 'token'
      ? { type: 'string' }
      : { type: 'string', format: 'uuid' }

function operationId(method: string, template: string): string {
  const words = template
    .replace(/^\/api\/partners\/v2\.0/, '')
    .replace(/[{}]/g, '')
    .split(/[^a-z0-9]+/i)
    .filter((word) => word !== '')
  return [method.toLowerCase(), ...words].join('_')
}

/** Schemas of the contract by their names. */
const named = new Map<unknown, string>(
  Object.entries(contract)
    .filter(([, value]) => typeof value === 'object' && value !== null && 'kind' in value)
    .map(([name, value]) => [value, name]),
)

/** A schema as a reference into `schemas` where the contract has a name for it. */
function referred(schema: GenericSchema, mode: Mode, schemas: Record<string, JsonSchema>): JsonSchema {
  const name = named.get(schema)
  if (name === undefined) {
    if (schema.type === 'array' && 'item' in schema && named.has(schema.item))
      return { type: 'array', items: referred(schema.item as GenericSchema, mode, schemas) }
    return converted(schema, mode)
  }
  schemas[name] ??= converted(schema, mode)
  return { $ref: `#/components/schemas/${name}` }
}

function converted(schema: GenericSchema, typeMode: Mode): JsonSchema {
  // What JSON Schema has no words for (trimming text, plausible years) is left out.
  const config: ConversionConfig = { target: 'draft-2020-12', typeMode, errorMode: 'ignore' }
  const json = toJsonSchema(schema as Parameters<typeof toJsonSchema>[0], config)
  return tidy(without(json as JsonSchema, '$schema'), typeMode)
}

/**
 * The contract reads answers tolerantly: what is always there has a default of `null` there. Written down for
 * others it is simply required.
 */
function tidy(json: JsonSchema, mode: Mode): JsonSchema {
  const properties = json['properties'] as Record<string, JsonSchema> | undefined
  if (!properties) return mapValues(json, (value) => tidied(value, mode))
  const always =
    mode === 'output'
      ? Object.keys(properties).filter((name) => properties[name]?.['default'] !== undefined)
      : []
  const required = [...new Set([...((json['required'] as string[] | undefined) ?? []), ...always])]
  return {
    ...without(json, 'required'),
    properties: mapValues(properties, (property) => tidy(without(property, 'default'), mode)),
    ...(required.length > 0 ? { required } : {}),
  }
}

const without = (json: JsonSchema, keyword: string): JsonSchema =>
  Object.fromEntries(Object.entries(json).filter(([name]) => name !== keyword))

const tidied = (value: unknown, mode: Mode): unknown =>
  Array.isArray(value)
    ? value.map((item: unknown) => tidied(item, mode))
    : typeof value === 'object' && value !== null
      ? tidy(value as JsonSchema, mode)
      : value

const mapValues = <T, U>(fields: Record<string, T>, then: (value: T) => U) =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, then(value)]))

const problem: JsonSchema = {
  type: 'object',
  properties: { detail: { type: 'string' } },
  required: ['detail'],
}

const validationError: JsonSchema = {
  type: 'object',
  properties: {
    detail: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          type: { type: 'string' },
          loc: { type: 'array', items: { type: ['string', 'integer'] } },
          msg: { type: 'string' },
        },
        required: ['type', 'loc', 'msg'],
      },
    },
  },
  required: ['detail'],
}
