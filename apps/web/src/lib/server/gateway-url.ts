/** Where the gateway's API is, seen from this server. Throws when nobody said so. */
export function gatewayUrl(env: Readonly<Record<string, string | undefined>>): string {
  const url = env['GATEWAY_URL']
  if (!url)
    throw new Error('Set GATEWAY_URL to the address of the gateway, for example http://127.0.0.1:3000.')
  return url
}
