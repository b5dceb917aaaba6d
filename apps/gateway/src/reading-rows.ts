import type { DeviceType, Measured } from '@homewatt/contract'
import type { ExpressionBuilder } from 'kysely'
import type { Database, Tables } from './database.ts'
import { homeKey, type HomeOwner } from './home-key.ts'

/** What a device reported, and when; `measured` in the order of `measuredFields`. */
export type KeptReading = { atMs: number; measured: Measured[] }

export type DeviceOfOwner = { owner: HomeOwner; type: DeviceType; deviceId: string }

/** A span in which readings came and could not be kept, both ends included. */
export type Gap = { fromMs: number; toMs: number }

/** The history of devices. Tenant, user and device are one key: with another user a device begins anew. */
export type ReadingRows = {
  /**
   * Keeps all or nothing, each reading once: one that is already there stays as it is. Leaves out those of users
   * who do not want a history.
   */
  put(readings: (DeviceOfOwner & KeptReading)[]): Promise<void>
  putGaps(gaps: (DeviceOfOwner & Gap)[]): Promise<void>
  /** Readings with `fromMs` ≤ time < `toMs`, oldest first, at most `most`. */
  of(device: DeviceOfOwner, fromMs: number, toMs: number, most: number): Promise<KeptReading[]>
  gapsOf(device: DeviceOfOwner, fromMs: number, toMs: number): Promise<Gap[]>
  /** Whether anything of this device was ever kept for this owner. */
  knows(device: DeviceOfOwner): Promise<boolean>
  /** Deletes everything of a user. */
  forget(owner: HomeOwner): Promise<void>
  /** Deletes what a tenant's devices reported before this. */
  forgetBefore(tenant: string, beforeMs: number): Promise<void>
}

/** So many devices in one question: each is an `or`, and databases bound how deep these nest. */
const AT_ONCE = 100

export function readingRows(db: Database): ReadingRows {
  async function numberOf(
    database: Database,
    { owner, deviceId, type }: DeviceOfOwner,
  ): Promise<number | null> {
    const row = await database
      .selectFrom('recorded_devices')
      .select('id')
      .where('tenant', '=', owner.tenant)
      .where('user_id', '=', owner.userId)
      .where('device_id', '=', deviceId)
      .where('type', '=', type)
      .executeTakeFirst()
    return row?.id ?? null
  }

  return {
    async put(readings) {
      await db.transaction().execute(async (transaction) => {
        for (let from = 0; from < readings.length; from += AT_ONCE) {
          const some = await withoutDeclined(transaction, readings.slice(from, from + AT_ONCE))
          if (some.length === 0) continue
          const numbers = await numbersOf(transaction, some)
          await transaction
            .insertInto('readings')
            .values(
              some.map((reading) => ({
                device: numbers(reading),
                at_ms: Math.round(reading.atMs),
                measured: JSON.stringify(reading.measured),
              })),
            )
            .onConflict((conflict) => conflict.doNothing())
            .execute()
        }
      })
    },
    async putGaps(gaps) {
      await db.transaction().execute(async (transaction) => {
        for (let from = 0; from < gaps.length; from += AT_ONCE) {
          const some = await withoutDeclined(transaction, gaps.slice(from, from + AT_ONCE))
          if (some.length === 0) continue
          const numbers = await numbersOf(transaction, some)
          await transaction
            .insertInto('gaps')
            .values(
              some.map((gap) => ({
                device: numbers(gap),
                from_ms: Math.round(gap.fromMs),
                to_ms: Math.round(gap.toMs),
              })),
            )
            .onConflict((conflict) =>
              conflict
                .columns(['device', 'from_ms'])
                .doUpdateSet((row) => ({ to_ms: row.ref('excluded.to_ms') })),
            )
            .execute()
        }
      })
    },
    async of(device, fromMs, toMs, most) {
      const number = await numberOf(db, device)
      if (number === null) return []
      const rows = await db
        .selectFrom('readings')
        .select(['at_ms', 'measured'])
        .where('device', '=', number)
        .where('at_ms', '>=', fromMs)
        .where('at_ms', '<', toMs)
        .orderBy('at_ms')
        .limit(most)
        .execute()
      return rows.map(({ at_ms, measured }) => ({
        atMs: at_ms,
        measured: JSON.parse(measured) as Measured[],
      }))
    },
    async gapsOf(device, fromMs, toMs) {
      const number = await numberOf(db, device)
      if (number === null) return []
      const rows = await db
        .selectFrom('gaps')
        .select(['from_ms', 'to_ms'])
        .where('device', '=', number)
        .where('to_ms', '>=', fromMs)
        .where('from_ms', '<', toMs)
        .orderBy('from_ms')
        .execute()
      return rows.map(({ from_ms, to_ms }) => ({ fromMs: from_ms, toMs: to_ms }))
    },
    knows: async (device) => (await numberOf(db, device)) !== null,
    async forget({ tenant, userId }) {
      await db
        .deleteFrom('recorded_devices')
        .where('tenant', '=', tenant)
        .where('user_id', '=', userId)
        .execute()
    },
    async forgetBefore(tenant, beforeMs) {
      const devices = await db
        .selectFrom('recorded_devices')
        .select('id')
        .where('tenant', '=', tenant)
        .execute()
      // One device at a time, so that nobody waits long behind it.
      for (const { id } of devices) {
        await db.deleteFrom('readings').where('device', '=', id).where('at_ms', '<', beforeMs).execute()
        await db.deleteFrom('gaps').where('device', '=', id).where('to_ms', '<', beforeMs).execute()
      }
    },
  }
}

/** Leaves out what belongs to users who do not want a history. */
async function withoutDeclined<T extends DeviceOfOwner>(db: Database, all: T[]): Promise<T[]> {
  const owners = new Map(all.map(({ owner }) => [homeKey(owner), owner]))
  const declined = await db
    .selectFrom('settings')
    .select(['tenant', 'user_id'])
    .where('name', '=', 'history')
    .where('value', '=', 'off')
    .where((row) =>
      row.or([...owners.values()].map(({ tenant, userId }) => row.and({ tenant, user_id: userId }))),
    )
    .execute()
  const keys = new Set(declined.map(({ tenant, user_id }) => homeKey({ tenant, userId: user_id })))
  return all.filter(({ owner }) => !keys.has(homeKey(owner)))
}

/** The numbers of devices; those that never had one get one. */
async function numbersOf(db: Database, all: DeviceOfOwner[]): Promise<(device: DeviceOfOwner) => number> {
  const keyOf = ({ owner, deviceId }: DeviceOfOwner) => `${homeKey(owner)}/${deviceId}`
  const devices = new Map(all.map((device) => [keyOf(device), device]))
  const numbers = new Map<string, number>()
  const find = async () => {
    const rows = await db
      .selectFrom('recorded_devices')
      .select(['id', 'tenant', 'user_id', 'device_id'])
      .where((row) => row.or([...devices.values()].map((device) => isDevice(row, device))))
      .execute()
    for (const { id, tenant, user_id, device_id } of rows)
      numbers.set(`${homeKey({ tenant, userId: user_id })}/${device_id}`, id)
  }
  await find()
  const missing = [...devices].filter(([key]) => !numbers.has(key))
  if (missing.length > 0) {
    await db
      .insertInto('recorded_devices')
      .values(
        missing.map(([, { owner, deviceId, type }]) => ({
          tenant: owner.tenant,
          user_id: owner.userId,
          device_id: deviceId,
          type,
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await find()
  }
  return (device) => {
    const number = numbers.get(keyOf(device))
    if (number === undefined) throw new Error('A device has no number right after it was given one.')
    return number
  }
}

const isDevice = (row: ExpressionBuilder<Tables, 'recorded_devices'>, { owner, deviceId }: DeviceOfOwner) =>
  row.and({ tenant: owner.tenant, user_id: owner.userId, device_id: deviceId })
