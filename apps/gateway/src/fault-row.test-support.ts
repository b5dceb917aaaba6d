import { expect, test } from 'vitest'
import { bystanderIn, type Bystander } from './bystander.test-support.ts'
import { faultRows, type FaultId, type FaultRow } from './fault-rows.test-support.ts'
import { houses, type House } from './house.test-support.ts'

/** Runs the assertions of one column; a column may be asserted in several places. */
export type Column = (claims: () => unknown) => Promise<void>

export type Columns = { row: FaultRow; sees: Column; does: Column; never: Column }

/**
 * The test of one row of the fault matrix. It fails too when one of the three columns was never asserted, when a house
 * does not answer any more, and when another person in it has noticed what that row is not theirs to notice.
 * `fault-matrix.test-support.ts` finds the rows that have a test by the calls of this function.
 *
 * @param missing what this machine lacks for it; it is skipped then, and says so
 */
export function faultRow(
  id: FaultId,
  run: (columns: Columns) => Promise<void>,
  missing: string | null = null,
) {
  const row: FaultRow = faultRows[id]
  const name = `${id}: ${row.fault}`
  test.skipIf(missing !== null)(missing === null ? name : `${name} (${missing})`, async () => {
    const asserted = new Set<string>()
    const column =
      (name: string): Column =>
      async (claims) => {
        const before = expect.getState().assertionCalls
        await claims()
        if (expect.getState().assertionCalls > before) asserted.add(name)
      }
    await withBystanders(row, () =>
      run({ row, sees: column('sees'), does: column('does'), never: column('never') }),
    )
    expect([...asserted].sort(), 'columns asserted').toEqual(['does', 'never', 'sees'])
  })
}

/** Whoever else is in the houses of a test, from before it begins until it is over. */
async function withBystanders({ reach }: FaultRow, run: () => Promise<void>) {
  const bystanders = new Map<House, Bystander>()
  const welcome = async (house: House) => void bystanders.set(house, await bystanderIn(house))
  for (const house of houses.open) await welcome(house)
  houses.heard = welcome
  try {
    await run()
  } finally {
    houses.heard = null
  }
  for (const [house, bystander] of bystanders)
    if (houses.open.has(house)) await bystander.expectUntouched(reach !== 'all')
}
