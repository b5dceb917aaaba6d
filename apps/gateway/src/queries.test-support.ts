import pg from 'pg'

let underWay = 0
let moved = 0

/** What this process asks PostgreSQL, so that a test whose time is made up knows when to wait for real. */
export const queries = {
  underWay: () => underWay,
  /** Grows with everything that begins or ends. */
  moved: () => moved,
}

function began() {
  underWay++
  moved++
}

function ended() {
  underWay--
  moved++
}

type Method = (this: pg.Client, ...args: unknown[]) => unknown

/** Whether it tells of its end by a promise or by calling back. */
function watched(method: Method): Method {
  return function (...args) {
    const last = args.at(-1)
    if (typeof last === 'function') {
      began()
      return method.call(this, ...args.slice(0, -1), (...results: unknown[]) => {
        ended()
        ;(last as Method).call(this, ...results)
      })
    }
    const answer = method.call(this, ...args)
    if (answer instanceof Promise) {
      began()
      answer.then(ended, ended)
    }
    return answer
  }
}

const client = pg.Client.prototype as unknown as Record<'connect' | 'query', Method>
client.connect = watched(client.connect)
client.query = watched(client.query)
