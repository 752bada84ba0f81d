// Every error that a call of this library can end with. The classes are the contract: code matches on
// `code` (or `instanceof`) and reads typed fields; messages are for people and may change.

/** Every `code` an error of this library can carry. */
export type CoherenceErrorCode =
  | 'ERR_COHERENCE_OPTIONS'
  | 'ERR_COHERENCE_SESSION_CLOSED'
  | 'ERR_COHERENCE_MAP_INACTIVE'
  | 'ERR_COHERENCE_CONNECTION'
  | 'ERR_COHERENCE_AUTHENTICATION'
  | 'ERR_COHERENCE_TIMEOUT'
  | 'ERR_COHERENCE_SERVER'
  | 'ERR_COHERENCE_UNSUPPORTED'
  | 'ERR_COHERENCE_PROTOCOL'
  | 'ERR_COHERENCE_CODEC'
  | 'ERR_COHERENCE_EVENT_OVERFLOW'

/**
 * What is known of a request that ended without an answer: `'not-sent'` never left the client and had no
 * effect, `'unknown'` may or may not have been carried out.
 */
export type Outcome = 'not-sent' | 'unknown'

interface Brand {
  readonly name: string
  readonly symbol: symbol
}

/** By the class. A subclass that somebody else made has none. */
const brands = new WeakMap<object, Brand>()

/** Marks the instances of a class, so that other copies of it know them. */
function brand(errorClass: { readonly prototype: CoherenceError }, name: string): void {
  const symbol = Symbol.for(`coherence-ts.${name}`)
  brands.set(errorClass, { name, symbol })
  Object.defineProperty(errorClass.prototype, symbol, { value: true })
}

/**
 * The class that every error of this library extends.
 *
 * `instanceof` knows errors of any copy of this package in the process, as long as it is asked for a class of this
 * package; for a subclass of yours it means what it always does.
 *
 * @example
 * ```ts
 * import { CoherenceError, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * try {
 *   await stock.set('apples', 3)
 * } catch (error) {
 *   if (error instanceof CoherenceError) console.error(error.code, error.message)
 *   throw error
 * }
 * ```
 */
export abstract class CoherenceError extends Error {
  static {
    brand(this, 'CoherenceError')
  }

  /** Stable name of the kind of error, the same in every release. */
  abstract readonly code: CoherenceErrorCode

  /** @param fields.cause What it comes from. */
  constructor(message: string, fields: { readonly cause?: unknown } = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause })
    // Bundlers may rename classes.
    this.name = brands.get(new.target)?.name ?? new.target.name
  }

  /** @internal */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true
    const known = brands.get(this)
    if (known === undefined || typeof value !== 'object' || value === null) return false
    // What has the mark itself is a prototype.
    return known.symbol in value && !Object.hasOwn(value, known.symbol)
  }
}

/** One thing that is wrong with the options. */
export interface OptionIssue {
  /** The option, as in `tlsOptions.caCertPath`, or the environment variable. */
  readonly option: string
  /** What is wrong with it, what was given and what is wanted. */
  readonly message: string
}

/**
 * The options of a session are wrong. Thrown before anything is sent.
 *
 * @example
 * ```ts
 * import { InvalidOptionsError, Session } from 'coherence-ts'
 *
 * await Session.create({ requestTimeoutSeconds: -1 }).catch((error: unknown) => {
 *   if (!(error instanceof InvalidOptionsError)) throw error
 *   for (const { option } of error.issues) console.log(option) // prints requestTimeoutSeconds
 * })
 * ```
 */
export class InvalidOptionsError extends CoherenceError {
  static {
    brand(this, 'InvalidOptionsError')
  }

  readonly code = 'ERR_COHERENCE_OPTIONS'
  /** Everything that is wrong, in the order of the options. */
  readonly issues: readonly OptionIssue[]

  constructor(
    message: string,
    fields: { readonly issues: readonly OptionIssue[]; readonly cause?: unknown },
  ) {
    super(message, fields)
    this.issues = fields.issues
  }
}

/**
 * The session is closed, or was closed while the call was pending.
 *
 * @example
 * ```ts
 * import { Session, SessionClosedError } from 'coherence-ts'
 *
 * const session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * await session.close()
 * await stock.get('apples').catch((error: unknown) => {
 *   if (!(error instanceof SessionClosedError)) throw error
 *   console.log(error.outcome) // prints not-sent
 * })
 * ```
 */
export class SessionClosedError extends CoherenceError {
  static {
    brand(this, 'SessionClosedError')
  }

  readonly code = 'ERR_COHERENCE_SESSION_CLOSED'
  /** Whether the call may have been carried out. */
  readonly outcome: Outcome

  constructor(message: string, fields: { readonly outcome: Outcome; readonly cause?: unknown }) {
    super(message, fields)
    this.outcome = fields.outcome
  }
}

/**
 * The map was released or destroyed; ask the session for it again.
 *
 * @example
 * ```ts
 * import { MapInactiveError, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * let stock = await session.getMap<string, number>('stock')
 * await stock.release()
 * try {
 *   await stock.set('apples', 3)
 * } catch (error) {
 *   if (!(error instanceof MapInactiveError)) throw error
 *   stock = await session.getMap(error.mapName)
 *   await stock.set('apples', 3)
 * }
 * ```
 */
export class MapInactiveError extends CoherenceError {
  static {
    brand(this, 'MapInactiveError')
  }

  readonly code = 'ERR_COHERENCE_MAP_INACTIVE'
  readonly mapName: string
  /** Why the map is inactive. */
  readonly reason: 'released' | 'destroyed'
  /** Whether the call may have been carried out. */
  readonly outcome: Outcome

  constructor(
    message: string,
    fields: {
      readonly mapName: string
      readonly reason: 'released' | 'destroyed'
      readonly outcome: Outcome
      readonly cause?: unknown
    },
  ) {
    super(message, fields)
    this.mapName = fields.mapName
    this.reason = fields.reason
    this.outcome = fields.outcome
  }
}

/**
 * There is no connection to the server, or it was lost before the answer.
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
  /** The address as the options gave it. */
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
 * The server refused the credentials, or the permission for the call.
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
 * No answer came within the time that the call had.
 *
 * @example
 * ```ts
 * import { RequestTimeoutError, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * try {
 *   await stock.clear({ timeoutSeconds: 2 })
 * } catch (error) {
 *   if (!(error instanceof RequestTimeoutError)) throw error
 *   console.error(`${error.operation} took longer than ${error.timeoutSeconds} s`, error.outcome)
 * }
 * ```
 */
export class RequestTimeoutError extends CoherenceError {
  static {
    brand(this, 'RequestTimeoutError')
  }

  readonly code = 'ERR_COHERENCE_TIMEOUT'
  /** The method that was called, such as `'get'`. */
  readonly operation: string
  /** The time the call had, in seconds. */
  readonly timeoutSeconds: number
  /** Whether the call may have been carried out. */
  readonly outcome: Outcome

  constructor(
    message: string,
    fields: {
      readonly operation: string
      readonly timeoutSeconds: number
      readonly outcome: Outcome
      readonly cause?: unknown
    },
  ) {
    super(message, fields)
    this.operation = fields.operation
    this.timeoutSeconds = fields.timeoutSeconds
    this.outcome = fields.outcome
  }
}

/**
 * The server answered the call with an error. The message begins with its cause, as the server tells it.
 *
 * @example
 * ```ts
 * import { Processors, ServerError, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * try {
 *   await stock.invoke('apples', Processors.custom('NoSuchProcessor'))
 * } catch (error) {
 *   if (!(error instanceof ServerError)) throw error
 *   console.log(error.operation, error.mapName, error.javaClass) // prints invoke stock java.lang.ClassCastException
 * }
 * ```
 */
export class ServerError extends CoherenceError {
  static {
    brand(this, 'ServerError')
  }

  readonly code = 'ERR_COHERENCE_SERVER'
  /** The method that was called, such as `'get'`. */
  readonly operation: string
  /** The map it was called on, where there is one. */
  readonly mapName: string | undefined
  /** All that the server said, with the members that the failure went through. */
  readonly serverMessage: string
  /**
   * The class of the Java exception, such as `'java.lang.ClassCastException'`; `undefined` where the server does not
   * tell it, as is usual for an exception of an entry processor or of an aggregator.
   */
  readonly javaClass: string | undefined

  constructor(
    message: string,
    fields: {
      readonly operation: string
      readonly mapName?: string | undefined
      readonly serverMessage: string
      readonly javaClass?: string | undefined
      readonly cause?: unknown
    },
  ) {
    super(message, fields)
    this.operation = fields.operation
    this.mapName = fields.mapName
    this.serverMessage = fields.serverMessage
    this.javaClass = fields.javaClass
  }
}

/**
 * The server lacks a capability that the call needs.
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
  /** What the call needs. */
  readonly required: string
  /** What the server has instead. */
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

/**
 * A value cannot be encoded or decoded. A codec of your own throws it for such a value.
 *
 * @example
 * ```ts
 * import { CodecError, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const readings = await session.getMap<string, { celsius: number }>('readings')
 * await readings.set('r1', { celsius: NaN }).catch((error: unknown) => {
 *   if (!(error instanceof CodecError)) throw error
 *   console.log(error.path, error.outcome) // prints value.celsius not-sent
 * })
 * ```
 */
export class CodecError extends CoherenceError {
  static {
    brand(this, 'CodecError')
  }

  readonly code = 'ERR_COHERENCE_CODEC'
  /** Where in the value the trouble is, such as `value.items[3].price`. */
  readonly path: string
  /**
   * `'applied'` where the server did carry out the write and only its answer cannot be decoded,
   * `'not-sent'` where nothing was sent, `undefined` on reads.
   */
  readonly outcome: 'applied' | 'not-sent' | undefined

  /** @param fields.path Where in the value the trouble is, such as `value.items[3].price`. */
  constructor(
    message: string,
    fields: {
      readonly path: string
      readonly outcome?: 'applied' | 'not-sent' | undefined
      readonly cause?: unknown
    },
  ) {
    super(message, fields)
    this.path = fields.path
    this.outcome = fields.outcome
  }
}

/**
 * More events waited for the consumer of an event stream than it has room for, with the policy `'error'`.
 *
 * @example
 * ```ts
 * import { EventOverflowError, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * const events = stock.events({ overflow: 'error', maxBufferedEvents: 100 })
 * await events.ready
 * await stock.set('apples', 3)
 * try {
 *   for await (const event of events) {
 *     console.log(event.type) // prints insert
 *     break
 *   }
 * } catch (error) {
 *   if (!(error instanceof EventOverflowError)) throw error
 *   console.error(`more than ${error.maxBufferedEvents} events of ${error.mapName} were waiting`)
 * }
 * ```
 */
export class EventOverflowError extends CoherenceError {
  static {
    brand(this, 'EventOverflowError')
  }

  readonly code = 'ERR_COHERENCE_EVENT_OVERFLOW'
  readonly mapName: string
  /** How many events there is room for. */
  readonly maxBufferedEvents: number

  constructor(
    message: string,
    fields: { readonly mapName: string; readonly maxBufferedEvents: number; readonly cause?: unknown },
  ) {
    super(message, fields)
    this.mapName = fields.mapName
    this.maxBufferedEvents = fields.maxBufferedEvents
  }
}

/**
 * Any error of this library. Its `code` tells which one it is, to the compiler as well.
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
