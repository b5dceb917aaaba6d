import { policyRules, wrongIn, type Policy } from '@homewatt/client'
import * as v from 'valibot'
import { BadEnvironment } from './bad-environment.ts'

/** Only what is said; the rest is as usual. */
export type SaidPolicy = Partial<Policy>

const names = Object.keys(policyRules) as (keyof Policy)[]

/** `ratePerS` as files name it: `rate_per_s`. */
const snakeOf = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** In a file of tenants: every part of the policy by its name, `rate_per_s` and so on. */
export const PolicyEntry = v.strictObject(
  Object.fromEntries(
    names.map((name) => [
      snakeOf(name),
      v.optional(
        v.pipe(
          v.number('must be a number.'),
          v.check(
            (value) => wrongIn(name, value) === null,
            ({ input }) => wrongIn(name, input) ?? '',
          ),
        ),
      ),
    ]),
  ),
)

/** The policy that a file says. */
export function policyIn(entry: v.InferOutput<typeof PolicyEntry>): SaidPolicy {
  return said((name) => entry[snakeOf(name)])
}

/** The policy that the environment says: `PARTNER_RATE_PER_S` and so on. Throws `BadEnvironment`. */
export function policyOfEnv(env: Readonly<Record<string, string | undefined>>): SaidPolicy {
  return said((name) => {
    const variable = `PARTNER_${snakeOf(name).toUpperCase()}`
    const text = env[variable]
    if (!text) return undefined
    const value = Number(text)
    const wrong = wrongIn(name, value)
    if (wrong) throw new BadEnvironment(`${variable} ${wrong}`)
    return value
  })
}

function said(valueOf: (name: keyof Policy) => number | undefined): SaidPolicy {
  const entries = names.map((name) => [name, valueOf(name)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}
