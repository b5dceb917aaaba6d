import { createServer } from 'node:http'
import type { ReadableMeters } from './meters.ts'

/**
 * The door for those who run the process, which nobody else may reach: it has an address of its own, and is open until
 * the process ends. Answers `GET /live` (the process runs), `GET /ready` (it is to be given requests; else 503) and `GET /metrics`. Rejects
 * with the system's error when the address cannot be had.
 */
export async function openOperatingServer({
  port,
  host,
  meters,
  isReady,
}: {
  port: number
  host: string
  meters: Pick<ReadableMeters, 'read'>
  isReady: () => Promise<boolean>
}): Promise<void> {
  const server = createServer((request, response) => {
    const answer = (status: number, text: string, type = 'text/plain; charset=utf-8') =>
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text)
    if (request.method !== 'GET') return answer(405, 'Ask with GET.\n')
    if (request.url === '/live') return answer(200, 'alive\n')
    if (request.url === '/ready')
      return void isReady().then((is) => answer(is ? 200 : 503, is ? 'ready\n' : 'not ready\n'))
    if (request.url === '/metrics')
      return void meters.read().then(
        ({ text, type }) => answer(200, text, type),
        () => answer(500, 'The meters cannot be read.\n'),
      )
    return answer(404, 'There are /live, /ready and /metrics.\n')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}
