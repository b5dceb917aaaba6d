import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.test-support.ts'
import { installed, startFront } from './front.test-support.ts'

/** An nginx of a test's own in front of the gateway. */
export type Nginx = {
  url: string
  port: number
  /** Passes requests on to these from now on, or a moment later; what is under way ends where it is. */
  pass(upstreams: readonly string[]): void
  close(): Promise<void>
}

/** Where Debian puts it; `null` when this machine has none (`apt-get install nginx-light`). */
export const nginxBin: string | null = installed('nginx')

export const nginxMissing = 'no nginx here: apt-get install nginx-light'

/**
 * @param upstreams where the gateway listens, or several do
 * @param inLocation directives of the one location, besides what passes everything on as it came
 * @param inHttp directives of the whole; `DIR` stands for a directory of its own
 * @param host what the gateway is told; what the browser said unless named
 */
export async function openNginx(
  upstreams: string | readonly string[],
  {
    inLocation = '',
    inHttp = '',
    host = '$http_host',
  }: { inLocation?: string; inHttp?: string; host?: string } = {},
): Promise<Nginx> {
  if (nginxBin === null) throw new Error(nginxMissing)
  const directory = mkdtempSync(join(tmpdir(), 'homewatt-nginx-'))
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  for (const name of temporary) mkdirSync(join(directory, name))
  const configure = (present: string | readonly string[]) =>
    writeFileSync(
      join(directory, 'nginx.conf'),
      `daemon off;
       ${process.getuid?.() === 0 ? 'user root;' : ''}
       worker_processes 1;
       pid ${directory}/pid;
       error_log stderr crit;
       events { worker_connections 512; }
       http {
         access_log off;
         ${temporary.map((name) => `${name}_temp_path ${directory}/${name};`).join('\n')}
         ${inHttp.replaceAll('DIR', directory)}
         upstream gateway { ${[present]
           .flat()
           .map((url) => `server ${new URL(url).host} max_fails=0;`)
           .join(' ')} keepalive 4; }
         server {
           listen 127.0.0.1:${port};
           location / {
             proxy_pass http://gateway;
             proxy_http_version 1.1;
             proxy_set_header Connection "";
             proxy_set_header Host ${host};
             ${inLocation}
           }
         }
       }`,
    )
  configure(upstreams)
  const front = await startFront(nginxBin, ['-c', join(directory, 'nginx.conf'), '-e', 'stderr'], port)
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    pass(present) {
      configure(present)
      front.signal('SIGHUP')
    },
    async close() {
      await front.close()
      rmSync(directory, { recursive: true })
    },
  }
}
