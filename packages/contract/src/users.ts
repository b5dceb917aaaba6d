import * as v from 'valibot'
import { known, offered, text, timestamp, uuid } from './fields.ts'

/** Roles of an organisation's people, §3. */
export const Role = v.picklist(['admin', 'staff', 'user'])
export type Role = v.InferOutput<typeof Role>

/** A person of the organisation, §5. Personal data; stays on the server. */
export const User = v.object({
  id: uuid,
  org_id: uuid,
  role: known(Role),
  email: known(text(320)),
  external_user_id: offered(text(200)),
  first_name: offered(text(200)),
  last_name: offered(text(200)),
  street_and_number: offered(text(200)),
  street_add_info: offered(text(200)),
  /** A string; one page of the documents says integer (§20 C8). */
  zip_code: offered(text(20)),
  town: offered(text(100)),
  country: offered(text(60)),
  latitude: offered(v.pipe(v.number(), v.finite())),
  longitude: offered(v.pipe(v.number(), v.finite())),
  location_last_updated: offered(timestamp),
  deleted_at: offered(timestamp),
})
export type User = v.InferOutput<typeof User>

/** Answer of `POST /oauth2/token/`, §2. */
export const TokenAnswer = v.object({
  access_token: v.pipe(v.string(), v.minLength(1)),
  /** Seconds, typically 36000. */
  expires_in: v.pipe(v.number(), v.finite(), v.minValue(1)),
  token_type: v.pipe(
    v.string(),
    v.check((s) => s.toLowerCase() === 'bearer'),
  ),
  scope: v.optional(v.string()),
})
export type TokenAnswer = v.InferOutput<typeof TokenAnswer>

const limited = (max: number) => v.nullable(v.pipe(v.string(), v.maxLength(max)))
const coordinate = (most: number) =>
  v.nullable(v.pipe(v.number(), v.finite(), v.minValue(-most), v.maxValue(most)))

const userEntries = {
  external_user_id: limited(200),
  first_name: limited(200),
  last_name: limited(200),
  street_and_number: limited(200),
  street_add_info: limited(200),
  /** The documents disagree on the type (§20 C8). */
  zip_code: v.union([limited(20), v.pipe(v.number(), v.integer())]),
  town: limited(100),
  country: limited(60),
  country_iso2: limited(3),
  latitude: coordinate(90),
  longitude: coordinate(180),
}

const email = v.pipe(v.string(), v.email(), v.maxLength(320))

/** Body of `POST /org/{org_id}/users`: role and e-mail are the least, §5. */
export const UserCreate = v.object({ role: Role, email, ...v.partial(v.object(userEntries)).entries })
export type UserCreate = v.InferOutput<typeof UserCreate>

/** Body of `PUT {u}`: only what changes. */
export const UserChange = v.partial(v.object({ role: Role, email, ...userEntries }))
export type UserChange = v.InferOutput<typeof UserChange>
