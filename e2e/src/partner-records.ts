import type { ControlHome, Stack } from './stack.ts'

/** What a home has at the partner beside its devices, as the wire tells it. */
export type Records = { buildings: WireRecord[]; contracts: WireRecord[] }
type WireRecord = { id: string; [field: string]: unknown }

const ORGANISATION = '00000000-0000-4000-8000-00000000d0d0'

/** Asks the simulator, as a partner's program would. */
export async function recordsAt({ simulatorUrl }: Stack, { user_id }: ControlHome): Promise<Records> {
  const answer = await fetch(`${simulatorUrl}/oauth2/token/`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('homewatt-demo:homewatt-demo-secret')}` },
    body: JSON.stringify({ grant_type: 'client_credentials' }),
  })
  const { access_token } = (await answer.json()) as { access_token: string }
  const user = `${simulatorUrl}/api/partners/v2.0/org/${ORGANISATION}/users/${user_id}`
  const list = async (name: string) => {
    const found = await fetch(`${user}/${name}`, { headers: { authorization: `Bearer ${access_token}` } })
    return (await found.json()) as WireRecord[]
  }
  return { buildings: await list('buildings'), contracts: await list('energy-contracts') }
}
