import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** The backup cannot be made; the message is one sentence that says what to do. */
export class NoBackup extends Error {
  override name = 'NoBackup'
}

/**
 * Copies an SQLite store into a new file, as it is at one moment, while others go on writing. The file is there
 * when the copy is whole and on the disk. Throws `NoBackup`, or the system's error.
 */
export function backUp(from: string, to: string): void {
  if (!existsSync(from)) throw new NoBackup(`There is no ${from}: set DATA_DIR as for the gateway.`)
  if (existsSync(to)) throw new NoBackup(`${to} is there already: name a new file.`)
  const unfinished = `${to}.unfinished`
  rmSync(unfinished, { force: true })
  const db = new DatabaseSync(from, { readOnly: true })
  try {
    db.prepare('VACUUM INTO ?').run(unfinished)
  } finally {
    db.close()
  }
  const file = openSync(unfinished, 'r')
  fsyncSync(file)
  closeSync(file)
  renameSync(unfinished, to)
}
