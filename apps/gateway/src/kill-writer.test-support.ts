import { openStore } from './store.ts'

/**
 * Writes readings and audit rows as fast as it can, until it is killed, and says the number of each when the store
 * has said that it is kept. Run as a process: `node kill-writer.test-support.ts WHERE FIRST`.
 */
const [where = '', first = '0'] = process.argv.slice(2)
const store = await openStore(where)
const owner = { tenant: 'default', userId: 'user-1' }
process.stdout.write('ready\n')
for (let n = Number(first); ; n++) {
  const deviceId = `device-${n % 3}`
  await store.readings.put([{ owner, type: 'inverters', deviceId, atMs: n, measured: [n, null] }])
  await store.audit.put({
    // What was written and not said comes again.
    id: `${n}-${process.pid}`,
    owner,
    atMs: n,
    session: 'hash',
    command: 'boost',
    type: 'wallboxes',
    deviceId,
    asked: null,
    outcome: 'requested',
    reason: null,
  })
  process.stdout.write(`${n}\n`)
}
