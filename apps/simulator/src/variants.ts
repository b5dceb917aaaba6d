import * as v from 'valibot'

/**
 * Both sides of everything the documents disagree about, §20 of the reference. The first value is the newer side
 * and holds unless somebody switches: for a run, or for one home.
 */
export const Variants = v.strictObject({
  /** C1: an object to POST, or a URL to open. */
  resolution_link: v.picklist(['object', 'string']),
  /** C2: which battery power is positive. */
  battery_sign: v.picklist(['discharging', 'charging']),
  /** C3. */
  owner: v.picklist(['object', 'id', 'user_id']),
  /** C4: `charge_deadline_at` of a wallbox. */
  wallbox_deadline: v.picklist(['time', 'date_time']),
  /** C5: the first edition had `operational_mode` instead of mode and level. */
  heat_pump_mode: v.picklist(['current_mode', 'operational_mode']),
  /** C6: the guides send the price zone `DE` and the language `fr`. */
  zone_and_language: v.picklist(['api', 'guide']),
  /** C7: `country`, or `country_iso2` with two letters, or `country_iso2` with three. */
  country: v.picklist(['country', 'country_iso2', 'country_iso3']),
  /** C8: `zip_code` of users and buildings. */
  zip_code: v.picklist(['string', 'integer']),
  /** C9: words and types of buildings. */
  building: v.picklist(['api', 'guide']),
  /** C10: words and field names of energy contracts. */
  energy_contract: v.picklist(['api', 'guide']),
  /** C11: `device_model.device_type.short_name`. */
  device_type: v.picklist(['model', 'onboarding']),
  /** C12: `is_pause_power_active` and `pause_power_until`, or those of the first edition. */
  pause: v.picklist(['current', 'first']),
  /** C13: whether a `PUT` of a building has to name it. */
  building_put: v.picklist(['name_required', 'partial']),
  /** C13: read-only and unknown fields in a `PUT`. */
  read_only: v.picklist(['ignored', 'refused']),
  /** C14: a boost without a cable. */
  boost_unplugged: v.picklist(['arms', 'refused']),
  /** C16: actions, or the `authorization_url` of the first edition in their place. */
  reconnect: v.picklist(['actions', 'authorization_url']),
  /** C17: casing of the body of `POST /cues/{id}/resolve`. */
  cue_body: v.picklist(['camel', 'snake']),
  /** C18: whether staff manage other staff, or end-users only. */
  staff: v.picklist(['end_users', 'staff']),
  /** C20. */
  inverter_path: v.picklist(['inverters', 'solar-inverters']),
  /** C21: what is deleted can be listed, or is gone. */
  removal: v.picklist(['soft', 'final']),
  /** §13.1: the level of a battery that is not there. */
  level_without_battery: v.picklist(['null', 'zero']),
  /** §18: `….000Z`, `…Z` or `…+00:00`. */
  timestamps: v.picklist(['milliseconds', 'seconds', 'offset']),
})
export type Variants = v.InferOutput<typeof Variants>

/** Some switches, by name. */
export const VariantChange = v.partial(Variants)
export type VariantChange = v.InferOutput<typeof VariantChange>

/** The newer side of everything. */
export const newerSides = Object.fromEntries(
  Object.entries(Variants.entries).map(([name, { options }]) => [name, options[0]]),
) as Variants

/** Which sides a run and its homes take. */
export type VariantStore = {
  /** Of a home by name; of the run for `null`. The object itself is `newerSides` where nothing is switched. */
  of(home: string | null): Variants
  change(home: string | null, change: VariantChange): void
  /** Whether anything is switched at all. */
  readonly switched: boolean
}

export function createVariants(run: VariantChange = {}): VariantStore {
  const changes = new Map<string | null, VariantChange>([[null, run]])
  const sides = new Map<string | null, Variants>([[null, sidesOf(run)]])
  return {
    of: (home) => sides.get(home) ?? sides.get(null) ?? newerSides,
    change(home, change) {
      changes.set(home, { ...changes.get(home), ...change })
      const ofRun = changes.get(null)
      for (const [name, own] of changes) sides.set(name, sidesOf({ ...ofRun, ...own }))
    },
    get switched() {
      return [...sides.values()].some((side) => side !== newerSides)
    },
  }
}

function sidesOf(change: VariantChange): Variants {
  const sides = { ...newerSides, ...change } as Variants
  const same = Object.entries(newerSides).every(([name, side]) => sides[name as keyof Variants] === side)
  return same ? newerSides : sides
}
