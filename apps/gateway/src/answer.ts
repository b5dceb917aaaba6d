import {
  ServerResponse,
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
} from 'node:http'
import { securityHeaders } from './headers.ts'

/** A response that brings the headers of every answer by itself, so that nothing that writes one can forget them. */
export class Answer<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** Names and values in turn, of whatever is not said otherwise; until the tenant is known, those of nobody's. */
  always: readonly string[] = headersOfNobody.api

  constructor(...args: ConstructorParameters<typeof ServerResponse<Request>>) {
    super(...args)
    // Where a file is piped through what may compress it, eleven wait for the end; Node warns of a leak above ten.
    this.setMaxListeners(20)
  }

  /** A list of headers must not have any of `always`: with it alone, nothing is compared and all is written at once. */
  override writeHead(
    statusCode: number,
    reason?: string | OutgoingHttpHeaders | OutgoingHttpHeader[],
    headers?: OutgoingHttpHeaders | OutgoingHttpHeader[],
  ): this {
    if (Array.isArray(reason) && this.getHeaderNames().length === 0)
      return super.writeHead(statusCode, [...this.always, ...reason])
    for (let n = 0; n < this.always.length; n += 2) {
      const [name = '', value = ''] = [this.always[n], this.always[n + 1]]
      if (!this.hasHeader(name)) this.setHeader(name, value)
    }
    return typeof reason === 'string'
      ? super.writeHead(statusCode, reason, headers)
      : super.writeHead(statusCode, reason ?? headers)
  }
}

/** For hosts that are no tenant's. */
export const headersOfNobody = securityHeaders(false, [])
