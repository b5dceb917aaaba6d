import { expect, test } from 'vitest'
import { faultRows, type FaultId, type FaultRow } from './fault-rows.test-support.ts'

/** Runs the assertions of one column; a column may be asserted in several places. */
export type Column = (claims: () => unknown) => Promise<void>

export type Columns = { row: FaultRow; sees: Column; does: Column; never: Column }

/**
 * The test of one row of the fault matrix. It fails too when one of the three columns was never asserted.
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
    await run({ row, sees: column('sees'), does: column('does'), never: column('never') })
    expect([...asserted].sort(), 'columns asserted').toEqual(['does', 'never', 'sees'])
  })
}
