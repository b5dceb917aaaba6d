import type { Database } from './database.ts'
import type { HomeOwner } from './home-key.ts'

/** What users have chosen, and little else there is one of per user, by name. */
export type SettingRows = {
  /** `null` while the user has not chosen. */
  find(owner: HomeOwner, name: SettingName): Promise<string | null>
  put(owner: HomeOwner, name: SettingName, value: string): Promise<void>
}

/**
 * `history`: `off` when nothing is to be kept; anything else, or nothing, is on. `connect`: the device that the user set
 * out to connect last, as JSON. `notices`: `NoticeSettings` as JSON. `charge_rates`: no choice but what vehicles were
 * seen to charge with, by device, as JSON. `charge_plans`: likewise their weekly plans as last read.
 */
export type SettingName = 'history' | 'connect' | 'notices' | 'charge_rates' | 'charge_plans'

export function settingRows(db: Database): SettingRows {
  return {
    async find({ tenant, userId }, name) {
      const row = await db
        .selectFrom('settings')
        .select('value')
        .where('tenant', '=', tenant)
        .where('user_id', '=', userId)
        .where('name', '=', name)
        .executeTakeFirst()
      return row?.value ?? null
    },
    async put({ tenant, userId }, name, value) {
      await db
        .insertInto('settings')
        .values({ tenant, user_id: userId, name, value })
        .onConflict((conflict) => conflict.columns(['tenant', 'user_id', 'name']).doUpdateSet({ value }))
        .execute()
    },
  }
}
