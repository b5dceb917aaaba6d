import { join } from 'node:path'
import { backUp, NoBackup } from './backup.ts'

/** `npm run backup -- FILE`: copies the store of `DATA_DIR` while the gateway runs. */
const [to] = process.argv.slice(2)
const { DATA_DIR, DATABASE_URL } = process.env

try {
  if (DATABASE_URL)
    throw new NoBackup('The data is in PostgreSQL: back it up with pg_dump, see docs/operating.md.')
  if (!to) throw new NoBackup('Name the file to make: npm run backup -- homewatt-backup.sqlite')
  backUp(join(DATA_DIR || './.data', 'homewatt.sqlite'), to)
  process.stdout.write(`${to} is complete.\n`)
} catch (error) {
  if (!(error instanceof NoBackup)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
