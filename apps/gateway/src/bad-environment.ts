/** The environment cannot be used; the message is one sentence that says what to do, and never a secret. */
export class BadEnvironment extends Error {
  override name = 'BadEnvironment'
}
