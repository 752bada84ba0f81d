// What goes wrong between the client and the server.
import { brand, CoherenceError, type Outcome } from './coherence-error'

/**
 * There is no connection to the server, or it was lost before the answer arrived.
 *
 * @example
 * ```ts
 * import { ConnectionError, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * try {
 *   await stock.set('apples', 3)
 * } catch (error) {
 *   if (!(error instanceof ConnectionError)) throw error
 *   // After 'unknown' the value may be stored already.
 *   if (error.outcome === 'not-sent') await stock.set('apples', 3)
 * }
 * ```
 */
export class ConnectionError extends CoherenceError {
  static {
    brand(this, 'ConnectionError')
  }

  readonly code = 'ERR_COHERENCE_CONNECTION'
  /** The address of the server, as in the options. */
  readonly address: string
  /** Whether the call may have been carried out. */
  readonly outcome: Outcome

  constructor(
    message: string,
    fields: { readonly address: string; readonly outcome: Outcome; readonly cause?: unknown },
  ) {
    super(message, fields)
    this.address = fields.address
    this.outcome = fields.outcome
  }
}

/**
 * The server refused the credentials, or did not permit the call.
 *
 * @example
 * ```ts
 * import { AuthenticationError, Session } from 'coherence-ts'
 *
 * const session = await Session.create().catch((error: unknown) => {
 *   if (error instanceof AuthenticationError) console.error('This program may not connect:', error.message)
 *   throw error
 * })
 * await session.close()
 * ```
 */
export class AuthenticationError extends CoherenceError {
  static {
    brand(this, 'AuthenticationError')
  }

  readonly code = 'ERR_COHERENCE_AUTHENTICATION'
}

/**
 * The server does not have a capability that the call needs.
 *
 * @example
 * ```ts
 * import { Session, UnsupportedError } from 'coherence-ts'
 *
 * const session = await Session.create().catch((error: unknown) => {
 *   if (error instanceof UnsupportedError) console.error(`needs ${error.required}, found ${error.offered}`)
 *   throw error
 * })
 * await session.close()
 * ```
 */
export class UnsupportedError extends CoherenceError {
  static {
    brand(this, 'UnsupportedError')
  }

  readonly code = 'ERR_COHERENCE_UNSUPPORTED'
  /** The capability that the call needs. */
  readonly required: string
  /** The capability that the server has instead. */
  readonly offered: string

  constructor(
    message: string,
    fields: { readonly required: string; readonly offered: string; readonly cause?: unknown },
  ) {
    super(message, fields)
    this.required = fields.required
    this.offered = fields.offered
  }
}

/**
 * The server sent something that the protocol does not allow.
 *
 * @example
 * ```ts
 * import { ProtocolError, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * try {
 *   await stock.get('apples')
 * } catch (error) {
 *   if (error instanceof ProtocolError) console.error('Is it a Coherence server?', error.message, error.cause)
 *   throw error
 * }
 * ```
 */
export class ProtocolError extends CoherenceError {
  static {
    brand(this, 'ProtocolError')
  }

  readonly code = 'ERR_COHERENCE_PROTOCOL'
}
