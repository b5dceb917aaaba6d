import * as v from 'valibot'
import { BadEnvironment } from './bad-environment.ts'

/**
 * A value of the environment, if the schema takes it. Throws `BadEnvironment`: the schema's message goes on after the name.
 *
 * @param hint goes on after the message
 */
export function checked<T>(name: string, schema: v.GenericSchema<T>, value: T, hint = ''): T {
  const read = v.safeParse(schema, value)
  if (!read.success) throw new BadEnvironment(`${name} ${read.issues[0].message}${hint}.`)
  return read.output
}
