import { GatewayFailure, GatewayUnreachable } from '@homewatt/queries'
import { redirect } from '@sveltejs/kit'

/**
 * What the gateway answers, or why it did not: the fields that it did not take, each with a code, or none. Whose session is over signs in again.
 */
export async function told<T>(
  work: Promise<T>,
): Promise<{ value: T } | { value: null; fields: Readonly<Record<string, string>> }> {
  try {
    return { value: await work }
  } catch (error) {
    if (error instanceof GatewayFailure && error.code === 'not_signed_in') redirect(303, '/')
    if (error instanceof GatewayFailure) return { value: null, fields: error.complaints }
    if (error instanceof GatewayUnreachable) return { value: null, fields: {} }
    throw error
  }
}
