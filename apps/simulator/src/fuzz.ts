import { chance, keyOf, pick, uuidOf } from './hash.ts'
import type { JsonSchema, OpenApi, Operation } from './openapi.ts'

/** A request to be sent as it is, well-formed or not. */
export type FuzzRequest = {
  method: string
  target: string
  headers: Record<string, string>
  body: string | null
}

/** Things that exist: values for `{names}` in paths, by path and name. */
export type Existing = (path: string, name: string, chosen: Readonly<Record<string, string>>) => string | null

/**
 * Makes requests out of an OpenAPI document: as it wants them, a little wrong, and nonsense. The `n`th of a seed is
 * always the same. For tests.
 */
export function createFuzz(document: OpenApi, options: { seed: number; token: string; existing: Existing }) {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return (n: number): FuzzRequest => {
    const dice = diceOf(keyOf(options.seed, 'fuzz', n))
    const { path, method, operation } = dice.pick(operations)
    return {
      method: dice.under(0.03) ? dice.pick(otherMethods) : method.toUpperCase(),
      target: targetOf(path, operation, dice),
      headers: {
        ...authorization(operation, dice),
        ...fields(operation, 'header', dice),
        ...(dice.under(0.9) ? { 'content-type': 'application/json' } : dice.pick(contentTypes)),
      },
      body: bodyOf(operation, method, dice),
    }
  }

  function targetOf(path: string, operation: Operation, dice: Dice): string {
    const chosen: Record<string, string> = {}
    const filled = path.replace(/\{([^}]+)\}/g, (_, name: string) => {
      const real = dice.under(0.93) ? options.existing(path, name, chosen) : null
      return (chosen[name] = real ?? encodeURI(dice.pick(strangeIds)))
    })
    const query = new URLSearchParams(fields(operation, 'query', dice)).toString()
    const odd = dice.under(0.02) ? dice.pick(['/', '//', '/%', '/..', '?', '%00']) : ''
    return `${filled}${odd}${query === '' ? '' : `?${query}`}`
  }

  function fields(operation: Operation, where: 'query' | 'header', dice: Dice): Record<string, string> {
    const given: Record<string, string> = {}
    for (const { name, in: place, schema, required } of operation.parameters) {
      if (place !== where || !dice.under(required ? 0.95 : 0.5)) continue
      const value = dice.under(0.85) ? valueOf(schema, document, dice) : dice.pick(strangeValues)
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      // Headers carry printable ASCII only; the client would not even send the rest.
      given[name] = where === 'header' ? text.replace(/[^ -~]/g, '?') : text
    }
    return given
  }

  function bodyOf({ requestBody }: Operation, method: string, dice: Dice): string | null {
    if (method === 'get') return null
    const schema = requestBody?.content['application/json'].schema
    if (!schema) return dice.under(0.8) ? null : JSON.stringify(dice.pick(strangeValues))
    if (dice.under(0.02)) return dice.pick(brokenJson)
    if (dice.under(0.001)) return JSON.stringify({ comment: 'x'.repeat(1_100_000) })
    const value = valueOf(schema, document, dice)
    return JSON.stringify(dice.under(0.35) ? worsened(value, dice) : value)
  }

  function authorization({ security }: Operation, dice: Dice): Record<string, string> {
    if (security.some((one) => 'ClientSecret' in one))
      return { authorization: `Basic ${btoa('homewatt-demo:homewatt-demo-secret')}` }
    if (dice.under(0.97)) return { authorization: `Bearer ${options.token}` }
    return dice.pick<Record<string, string>>([
      {},
      { authorization: 'Bearer nothing' },
      { authorization: 'x' },
    ])
  }
}

const otherMethods = ['PATCH', 'OPTIONS', 'HEAD', 'PUT', 'POST', 'DELETE', 'GET', 'PROPFIND']
const contentTypes = [{ 'content-type': 'text/plain' }, { 'content-type': 'application/x-www-form-urlencoded' }, { 'content-type': ';;' }] // prettier-ignore
const strangeIds = ['0', '-1', 'null', 'x'.repeat(3000), '00000000-0000-0000-0000-000000000000', '__proto__', 'constructor', 'ünï', '%E0%A4%A', "' or 1=1 --", '{user_id}', '..', uuidOf('nobody')] // prettier-ignore
const strangeValues: unknown[] = [null, '', 0, -1, 1e308, 0.1, '\u0000', '\ud800', '😀'.repeat(50), 'x'.repeat(5000), [], {}, true, [[[]]], { __proto__: null, a: 1 }, '2026-02-30T25:61:00Z', '9999-12-31T23:59:59Z', '0001-01-01', '1970-01-01T00:00:00+14:00', 'NaN', 'Infinity', '-0', '1e999', { toString: 1, length: -1 }] // prettier-ignore
const brokenJson = ['{', '[1,', '{"a":NaN}', '\u0000', 'undefined', '"', '{"a":1}}', '', ' ', '\ufeff{}', '['.repeat(20_000), '{"__proto__":{"a":1}}', '123', 'null', '[]', '"text"'] // prettier-ignore

type Dice = { under(share: number): boolean; number(below: number): number; pick<T>(from: readonly T[]): T }

function diceOf(key: number): Dice {
  let rolls = 0
  return {
    under: (share) => chance(key, rolls++) < share,
    number: (below) => Math.floor(chance(key, rolls++) * below),
    pick: (from) => pick(from, key, rolls++),
  }
}

/** A value that a schema allows, as far as it is easily made. */
function valueOf(schema: JsonSchema, document: OpenApi, dice: Dice): unknown {
  const { $ref, anyOf, enum: words, const: only, type } = schema
  if (typeof $ref === 'string')
    return valueOf(document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {}, document, dice)
  if (Array.isArray(anyOf)) return valueOf(dice.pick(anyOf as JsonSchema[]), document, dice)
  if (Array.isArray(words)) return dice.pick(words as unknown[])
  if (only !== undefined) return only
  switch (type) {
    case 'string':
      return textOf(schema, dice)
    case 'integer':
    case 'number': {
      const low = Number(schema['minimum'] ?? -10)
      const high = Number(schema['maximum'] ?? 1000)
      const value = low + dice.number(Math.min(1_000_000, high - low + 1))
      return type === 'integer' ? value : value + dice.number(100) / 100
    }
    case 'boolean':
      return dice.under(0.5)
    case 'null':
      return null
    case 'array': {
      const length = Number(schema['minItems'] ?? dice.number(3))
      return Array.from({ length }, () => valueOf((schema['items'] ?? {}) as JsonSchema, document, dice))
    }
    case 'object': {
      const required = (schema['required'] ?? []) as string[]
      const entries = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>)
        .filter(([name]) => required.includes(name) || dice.under(0.4))
        .map(([name, inner]) => [name, valueOf(inner, document, dice)])
      return Object.fromEntries(entries)
    }
    default:
      return dice.pick(strangeValues)
  }
}

function textOf({ format, pattern, maxLength }: JsonSchema, dice: Dice): string {
  const day = `2026-${String(1 + dice.number(12)).padStart(2, '0')}-${String(1 + dice.number(28)).padStart(2, '0')}`
  if (format === 'uuid') return uuidOf('fuzz', dice.number(1000))
  if (format === 'date') return day
  if (format === 'date-time') return `${day}T${String(dice.number(24)).padStart(2, '0')}:00:00Z`
  if (format === 'uri') return 'https://example.com/back?x=1'
  if (format === 'email') return `fuzz-${dice.number(1e6)}@example.com`
  if (typeof pattern === 'string')
    return dice.pick(
      ['07:30', 'EUR', `${day}T00:15:00Z`].filter((text) => new RegExp(pattern).test(text)).concat('x'),
    )
  return 'Straße 12 äöü '.repeat(1 + dice.number(3)).slice(0, Number(maxLength ?? 60))
}

/** The same with one thing about it wrong. */
function worsened(value: unknown, dice: Dice): unknown {
  if (typeof value !== 'object' || value === null || dice.under(0.1)) return dice.pick(strangeValues)
  if (Array.isArray(value))
    return value.length === 0
      ? dice.pick(strangeValues)
      : value.map((item) => (dice.under(0.3) ? worsened(item, dice) : item))
  const names = Object.keys(value)
  const entries = Object.entries(value)
  if (names.length === 0 || dice.under(0.15))
    return { ...value, [dice.pick(['__proto__', 'id', 'x', ''])]: dice.pick(strangeValues) }
  const struck = dice.pick(names)
  if (dice.under(0.3)) return Object.fromEntries(entries.filter(([name]) => name !== struck))
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, name === struck ? worsened(inner, dice) : inner]),
  )
}
