import * as v from 'valibot'
import { PriceZone } from './device.ts'
import { known, offered, text, timestamp, uuid } from './fields.ts'

/** Languages of the Connect page, §8.1. A guide mentions `fr`, which is not among them. */
export const OnboardingLanguage = v.picklist(['sv', 'de', 'en', 'hu', 'it', 'et', 'pl', 'ro'])

/** Device codes of onboarding; devices themselves carry others (§20 C11). */
export const OnboardingDeviceType = v.picklist(['ev', 'iv', 'wb', 'hp'])
export type OnboardingDeviceType = v.InferOutput<typeof OnboardingDeviceType>

const url = v.pipe(v.string(), v.url(), v.maxLength(8000))

/** Body of `POST /device-onboarding`, §8.1. `device_type` is our name for a field whose name is lost. */
export const OnboardingRequest = v.object({
  user_id: uuid,
  success_url: url,
  cancel_url: url,
  language: OnboardingLanguage,
  price_zone_default: PriceZone,
  is_smart_optimization_active_default: v.optional(v.nullable(v.boolean())),
  building_id: v.optional(v.nullable(uuid)),
  device_type: v.optional(v.nullable(OnboardingDeviceType)),
})
export type OnboardingRequest = v.InferOutput<typeof OnboardingRequest>

/** Answer of create and read. Valid until the end of the next day. */
export const OnboardingSession = v.object({
  id: uuid,
  authentication_url: known(text(8000)),
  user: known(uuid),
  success_url: known(text(8000)),
  cancel_url: known(text(8000)),
  /** A date, `YYYY-MM-DD`. */
  expiration_date: known(v.pipe(v.string(), v.isoDate())),
  /** The device, once there is one. */
  object_id: known(uuid),
  external_metadata: v.fallback(v.record(v.string(), v.unknown()), {}),
  price_zone_default: offered(PriceZone),
  device_type: offered(OnboardingDeviceType),
})
export type OnboardingSession = v.InferOutput<typeof OnboardingSession>

/** Answer of `POST …/wallboxes/claim-tokens` (201), §8.4. */
export const WallboxClaimToken = v.object({ token: v.string(), wss_url: v.string(), expires_at: timestamp })
export type WallboxClaimToken = v.InferOutput<typeof WallboxClaimToken>

/** Answer of `GET …/wallbox-claim-tokens/{token}/status`. */
export const WallboxClaimStatus = v.object({
  claimed: v.boolean(),
  wallbox_id: known(uuid),
  manufacturer: known(text(60)),
  model: known(text(60)),
  firmware_version: known(text(60)),
})
export type WallboxClaimStatus = v.InferOutput<typeof WallboxClaimStatus>

/** Body of `POST …/auth_session`, §8.5. */
export const AuthSessionRequest = v.object({
  success_url: v.optional(v.nullable(url)),
  cancel_url: v.optional(v.nullable(url)),
})
export type AuthSessionRequest = v.InferOutput<typeof AuthSessionRequest>

export const AuthSession = v.object({
  authentication_url: known(text(8000)),
  device_id: known(uuid),
  session_id: known(uuid),
})
export type AuthSession = v.InferOutput<typeof AuthSession>
