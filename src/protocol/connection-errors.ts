// Turns failures of gRPC and of connections into errors of this library.
import { ClientError, Status } from 'nice-grpc-common'
import {
  AuthenticationError,
  CoherenceError,
  ConnectionError,
  type Outcome,
  ProtocolError,
  ServerError,
  SessionClosedError,
  UnsupportedError,
} from '../errors'
import { describeCall, type Call } from '../calls/call'

/** The server took the connection and said nothing on it, or `missing` says what else did not come. */
export class HandshakeTimeout extends Error {
  readonly seconds: number

  constructor(seconds: number, missing = 'no answer to the handshake') {
    super(`${missing} within ${seconds} s`)
    this.seconds = seconds
  }
}

/** Whether the server wants other credentials. */
export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ClientError && error.code === Status.UNAUTHENTICATED
}

/** What a channel says of bytes that it cannot take for messages. */
const NO_MESSAGES =
  /^Received (?:message larger than max|a compressed message|bytes that are no gRPC message)/

/**
 * Whether a stream was given up because of what came on it. If that was the answer to a request, it would come again if the
 * request was sent again.
 */
export function isUnreadable(reason: unknown): boolean {
  if (reason instanceof ProtocolError) return true
  return reason instanceof ClientError && NO_MESSAGES.test(reason.details)
}

/** How often a stream may be given up so before the requests on it are not sent again. */
export const UNREADABLE_LIMIT = 3

/** Whether a server was reached and refuses this client: its credentials, its scope or format, or its protocol. */
export function isRefusal(error: unknown): error is CoherenceError {
  return (
    error instanceof AuthenticationError || error instanceof UnsupportedError || error instanceof ServerError
  )
}

/**
 * Why no connection could be made.
 *
 * @param context `proxy` is the one that it would have gone by; `hasCredentials` says whether the client sends some.
 */
export function connectFailure(
  address: string,
  error: unknown,
  { proxy, hasCredentials = true }: { proxy?: string | undefined; hasCredentials?: boolean } = {},
): CoherenceError {
  if (error instanceof CoherenceError && !(error instanceof ProtocolError)) return error
  if (error instanceof ClientError) {
    const { code, details } = error
    if (code === Status.UNAUTHENTICATED || code === Status.PERMISSION_DENIED) {
      const what = hasCredentials
        ? 'refused the credentials'
        : 'refused a client without credentials (set the option auth)'
      return new AuthenticationError(`The server at ${address} ${what}: ${details}`, { cause: error })
    }
    if (code === Status.UNIMPLEMENTED) {
      return new UnsupportedError(
        `The server at ${address} does not speak version 1 of the gRPC protocol (${details}): ` +
          'Coherence 24.09 or later is needed, with its gRPC proxy',
        { required: 'gRPC protocol v1', offered: details, cause: error },
      )
    }
    if (code === Status.INTERNAL && details === '') {
      return new ServerError(
        `The server at ${address} refused the session: it does not know the scope or the format of the options ` +
          '(it does not tell which)',
        { operation: 'create', serverMessage: details, cause: error },
      )
    }
  }
  const hint = error instanceof ClientError ? hintOn(error.details) : ''
  const reason = reasonOf(error)
  const way = proxy === undefined || reason.includes(proxy) ? '' : ` through the proxy at ${proxy}`
  return new ConnectionError(`No connection to ${address}${way}: ${reason}${hint}`, {
    address,
    outcome: 'not-sent',
    cause: error,
  })
}

/** Why the connection is gone. */
export function connectionLoss(address: string, reason: unknown): ConnectionError {
  const message = `The connection to ${address} was lost: ${reasonOf(reason)}`
  return new ConnectionError(message, { address, outcome: 'unknown', cause: reason })
}

/** The call could not be answered, for want of a connection. */
export function lostError(
  call: Pick<Call, 'operation' | 'mapName'>,
  address: string,
  outcome: Outcome,
  reason: unknown,
): ConnectionError {
  const what = outcome === 'not-sent' ? 'was not sent' : 'lost its connection before the answer'
  const why = reason instanceof CoherenceError ? reason.message : connectionLoss(address, reason).message
  return new ConnectionError(`${describeCall(call)} ${what}: ${why}`, { address, outcome, cause: reason })
}

/** The session was closed before the answer. */
export function closedError(
  call: Pick<Call, 'operation' | 'mapName'>,
  reason: SessionClosedError,
  written: boolean,
): SessionClosedError {
  const message = `${describeCall(call)} has no answer: ${reason.message}`
  return new SessionClosedError(message, { outcome: written ? 'unknown' : 'not-sent', cause: reason.cause })
}

/** What a person needs to know of the failure. */
function reasonOf(error: unknown): string {
  if (error instanceof ClientError) {
    const { code, details } = error
    return plainText(details) || `the server ended the stream with the status ${Status[code]}`
  }
  return error instanceof Error ? error.message : String(error)
}

/** Without what the layers below put around it: prefixes, times, places in the source of OpenSSL. */
function plainText(details: string): string {
  const [, tls] = /:SSL routines:[^:]*:([^:]+):/.exec(details) ?? []
  if (tls !== undefined) return `TLS failed: ${tls}`
  return details
    .replace(/^No connection established\. Last error: (?:Error(?: \[\w+\])?: )?/, '')
    .replace(/ Resolution note: $/, '')
    .replace(/ \(\d{4}-\d\d-\d\dT[\d:.]+Z\)/, '')
    .replace(/[:.\s]+$/, '')
}

/** Advice for a common failure; an empty text for others. */
function hintOn(details: string): string {
  if (details.includes('The proxy at ')) return ''
  if (details.includes('ECONNREFUSED')) return ' (is the server up, and is this its gRPC port?)'
  if (/certificate|altnames|CERT_/i.test(details)) return ' (check tlsOptions)'
  if (
    /wrong version number|packet length too long|EPROTO|ECONNRESET|Connection dropped|Protocol error|Failed to connect|closed before the HTTP\/2 settings/i.test(
      details,
    )
  ) {
    return ' (do both sides agree on TLS, and is this a gRPC port?)'
  }
  return ''
}
