import type { Context } from 'hono'
import * as v from 'valibot'
import { invalidRequest } from '../errors.ts'
import type { Env } from './context.ts'

/** The body of a request, if the schema takes it; else `invalid_request` with a sentence per field. */
export async function bodyOf<S extends v.GenericSchema>(
  c: Context<Env>,
  schema: S,
): Promise<v.InferOutput<S>> {
  const read = v.safeParse(schema, await c.req.json().catch(() => null))
  if (read.success) return read.output
  const named = read.issues.map((issue) => [v.getDotPath(issue)?.split('.', 1)[0] ?? 'body', issue.message])
  throw invalidRequest(Object.fromEntries(named) as Record<string, string>)
}
