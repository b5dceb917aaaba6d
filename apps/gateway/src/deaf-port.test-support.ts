import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'

/** Listens, sleeps before it takes a single connection, and is woken by nothing but its end. */
const sleeper = `
  const { workerData, parentPort } = require('node:worker_threads')
  const server = require('node:net').createServer()
  server.listen({ port: workerData, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage('listening')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
  })`

/** More than wait in line of a backlog of one. */
const CALLERS = 8

/**
 * Makes a port one where connections are neither taken nor refused, as behind a firewall that swallows them: somebody
 * listens who takes none, and the line of those who wait is full.
 */
export async function deafen(port: number): Promise<{ close(): Promise<unknown> }> {
  const worker = new Worker(sleeper, { eval: true, workerData: port })
  await once(worker, 'message')
  const callers = Array.from({ length: CALLERS }, () => connect(port, '127.0.0.1').on('error', () => {}))
  return {
    close() {
      for (const caller of callers) caller.destroy()
      return worker.terminate()
    },
  }
}
