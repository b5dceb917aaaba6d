import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { createMailer, type Mailer } from './mailer.ts'

/** A mail server of a test's own, and a mailer that knows it. */
export type MailServer = {
  mailer: Mailer
  /** Where it is, as `SMTP_URL` takes it. */
  url: string
  /** Everything that arrived, as it came over the wire, with quoted-printable lines put together. */
  received: string[]
  /** Takes it off the net, and brings it back on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

export async function openMailServer(): Promise<MailServer> {
  const received: string[] = []
  let server = make()
  await listen(0)
  const { port } = server.server.address() as AddressInfo
  const url = `smtp://127.0.0.1:${port}`
  const mailer = createMailer(url, 'Homewatt <home@example.com>')

  function make() {
    return new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      logger: false,
      onData(stream, _session, done) {
        let text = ''
        stream.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
        stream.on('end', () => {
          received.push(readable(text))
          done()
        })
      },
    })
  }

  function listen(on: number) {
    return new Promise<void>((resolve) => server.listen(on, '127.0.0.1', () => resolve()))
  }

  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))

  return {
    mailer,
    url,
    received,
    stop,
    async start() {
      server = make()
      await listen(port)
    },
    async close() {
      mailer.close()
      await stop()
    },
  }
}

function readable(text: string): string {
  const end = text.indexOf('\r\n\r\n')
  const head = text.slice(0, end).replace(/\r\n[ \t]+/g, ' ')
  const bytes = text
    .slice(end)
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return head + Buffer.from(bytes, 'latin1').toString('utf8')
}
