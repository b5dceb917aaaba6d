import { isTimeZone } from '@homewatt/display'
import * as v from 'valibot'
import { isHttpsOrigin } from './links.ts'

/**
 * What the settings of a tenant may be, whether the environment or a file of tenants says them. Each message goes on after
 * the name of its setting: `SESSION_DAYS must be a number above 0, 10000 at most.`
 */

export const someText = v.pipe(
  v.string(),
  v.minLength(1, 'must not be empty'),
  v.maxLength(500, 'must have 500 characters at most'),
)

/** An address over http or https, without a user, a query or a fragment. */
export const plainUrl = v.pipe(
  someText,
  v.check((text) => {
    const url = URL.canParse(text) ? new URL(text) : null
    return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.search && !url.hash
  }, 'must be a plain URL'),
)

/** Where browsers find a tenant. A page of ours is found by its path, so there is none in front of it. */
export const publicUrl = v.pipe(
  plainUrl,
  v.check((text) => !URL.canParse(text) || new URL(text).pathname === '/', 'must not have a path'),
)

/** An origin that people may be led to, or whose pages may frame ours. */
export const httpsOrigin = v.pipe(
  someText,
  v.check(isHttpsOrigin, 'must be an origin such as https://connect.example.com'),
)

/** IANA. */
export const timeZone = v.pipe(
  someText,
  v.check(isTimeZone, 'must be an IANA name, for example Europe/Berlin'),
)

/** What is asked of the OpenID provider, with spaces between. */
export const scope = v.pipe(
  someText,
  v.regex(/(^| )openid( |$)/, 'must name openid, for example "openid email"'),
)

/** How long a session lasts, hours or days. */
export const sessionLength = v.message(
  v.pipe(v.number(), v.gtValue(0), v.maxValue(10_000)),
  'must be a number above 0, 10000 at most',
)

/** How long history is kept, months: whole ones, as it is deleted by the month. */
export const historyMonths = v.message(
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_200)),
  'must be a whole number from 1 to 1200',
)

/** How often homes are asked for while nobody looks, minutes; 0 for never. */
export const historyMinutes = v.message(
  v.pipe(v.number(), v.minValue(0), v.maxValue(1_440)),
  'must be a number from 0 to 1440',
)
