/** With several tenants the gateway says with each request where the one it is for is to be asked. */
const GATEWAY_URL = Symbol.for('homewatt.gateway-url')

/**
 * Where the gateway's API is, seen from this server. Throws when nobody said so.
 *
 * @param request as `node:http` gave it; a browser cannot send a symbol
 */
export function gatewayUrl(env: Readonly<Record<string, string | undefined>>, request?: object): string {
  const said = request && (request as { [GATEWAY_URL]?: string })[GATEWAY_URL]
  const url = said ?? env['GATEWAY_URL']
  if (!url)
    throw new Error('Set GATEWAY_URL to the address of the gateway, for example http://127.0.0.1:3000.')
  return url
}
