import { openIssuer, type TestIssuer } from '../../apps/gateway/src/issuer.test-support.ts'
import { freePort, type Stack } from './stack.ts'
import { duringTests, useStack } from './use-stack.ts'

/** A stack where people sign in at a provider, and that provider; `env` goes on top of what makes it so. */
export function useSignInStack(env: Record<string, string> = {}): { stack: Stack; issuer: TestIssuer } {
  const place = duringTests(async () => ({ port: await freePort() }))
  const issuer = duringTests(() => openIssuer({ publicUrl: new URL(`http://localhost:${place.port}`) }))
  const stack = useStack(() => ({
    port: place.port,
    env: {
      OIDC_ISSUER: issuer.url,
      OIDC_CLIENT_ID: issuer.clientId,
      OIDC_CLIENT_SECRET: issuer.clientSecret,
      OIDC_USER_CLAIM: 'customer',
      ...env,
    },
  }))
  return { stack, issuer }
}
