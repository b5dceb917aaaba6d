import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.test-support.ts'
import { installed, startFront } from './front.test-support.ts'

/** A Varnish of a test's own in front of the gateway; `x-cache: HIT` marks what came out of it. */
export type Varnish = { url: string; close(): Promise<void> }

const bin = installed('varnishd')

/** Why there can be none; `null` when there can. */
export const varnishMissing = bin === null ? 'no Varnish here: apt-get install varnish' : null

/**
 * As greedy as it can be set short of keeping what it is told not to keep: one answer for all cookies and hosts,
 * whatever cookie it sets, whatever it varies by, for ten minutes where it says nothing.
 *
 * @param upstream where the gateway listens
 * @param host what the gateway is told
 */
export async function openVarnish(upstream: string, host: string): Promise<Varnish> {
  if (bin === null) throw new Error(varnishMissing ?? '')
  const directory = mkdtempSync(join(tmpdir(), 'homewatt-varnish-'))
  const port = await freePort()
  const { hostname, port: upstreamPort } = new URL(upstream)
  const file = join(directory, 'greedy.vcl')
  writeFileSync(
    file,
    `vcl 4.1;
     backend default { .host = "${hostname}"; .port = "${upstreamPort}"; }
     sub vcl_recv {
       set req.http.host = "${host}";
       if (req.method == "GET" || req.method == "HEAD") { return (hash); }
       return (pass);
     }
     sub vcl_hash { hash_data(req.url); return (lookup); }
     sub vcl_backend_response {
       unset beresp.http.set-cookie;
       unset beresp.http.vary;
       if (beresp.ttl <= 0s) { set beresp.ttl = 10m; }
       # Whether the answer itself forbids it is looked at by what Varnish brings along, which comes after this.
     }
     sub vcl_deliver { if (obj.hits > 0) { set resp.http.x-cache = "HIT"; } }
    `,
  )
  // Its jail is for servers that stay: this one could not read what a test writes.
  const args = ['-j', 'none', '-F', '-a', `127.0.0.1:${port}`, '-f', file, '-n', join(directory, 'work'), '-s', 'malloc,16m'] // prettier-ignore
  const front = await startFront(bin, args, port)
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      await front.close()
      rmSync(directory, { recursive: true })
    },
  }
}
