// All errors of this library. The classes are the contract: programs match on `code` (or `instanceof`) and read typed
// fields. Messages are for people and may change.
import type { CodecError, EventOverflowError, RequestTimeoutError, ServerError } from './errors/call-errors'
import type {
  AuthenticationError,
  ConnectionError,
  ProtocolError,
  UnsupportedError,
} from './errors/connection-errors'
import type { InvalidOptionsError, MapInactiveError, SessionClosedError } from './errors/session-errors'

export { CodecError, EventOverflowError, RequestTimeoutError, ServerError } from './errors/call-errors'
export { CoherenceError, type CoherenceErrorCode, type Outcome } from './errors/coherence-error'
export {
  AuthenticationError,
  ConnectionError,
  ProtocolError,
  UnsupportedError,
} from './errors/connection-errors'
export {
  InvalidOptionsError,
  MapInactiveError,
  type OptionIssue,
  SessionClosedError,
} from './errors/session-errors'

/**
 * The union of all errors of this library, discriminated by `code`.
 *
 * @example
 * ```ts
 * import { type AnyCoherenceError, CoherenceError, ConnectionError } from 'coherence-ts'
 *
 * function mayBeRepeated(error: unknown): boolean {
 *   if (!(error instanceof CoherenceError)) return false
 *   const known = error as AnyCoherenceError
 *   switch (known.code) {
 *     case 'ERR_COHERENCE_CONNECTION':
 *     case 'ERR_COHERENCE_TIMEOUT':
 *       return known.outcome === 'not-sent'
 *     default:
 *       return false
 *   }
 * }
 * console.log(mayBeRepeated(new ConnectionError('lost', { address: 'localhost', outcome: 'unknown' }))) // prints false
 * ```
 */
export type AnyCoherenceError =
  | InvalidOptionsError
  | SessionClosedError
  | MapInactiveError
  | ConnectionError
  | AuthenticationError
  | RequestTimeoutError
  | ServerError
  | UnsupportedError
  | ProtocolError
  | CodecError
  | EventOverflowError
