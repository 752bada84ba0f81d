// How a call fails over a connection that works.
import { brand, CoherenceError, type Outcome } from './coherence-error'

/**
 * No answer arrived within the timeout of the call.
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
  /** The timeout of the call, in seconds. */
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
 * The server answered the call with an error. The message begins with the cause, in the words of the server.
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
  /** The name of the map; `undefined` if the call was not one of a map. */
  readonly mapName: string | undefined
  /** The whole text of the server, with the names of the members through which the failure went. */
  readonly serverMessage: string
  /**
   * The class of the Java exception, such as `'java.lang.ClassCastException'`; `undefined` if the server does not name
   * it, which is usual for an exception of an entry processor or an aggregator.
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
 * A value cannot be encoded or decoded. If you write a codec, throw this error for such a value.
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
  /** The place in the value, such as `value.items[3].price`. */
  readonly path: string
  /**
   * `'applied'` if the server carried out the write and only its answer cannot be decoded, `'not-sent'` if nothing was
   * sent, `undefined` for reads.
   */
  readonly outcome: 'applied' | 'not-sent' | undefined

  /** @param fields.path The place in the value, such as `value.items[3].price`. */
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
 * More events were waiting in an event stream than its `maxBufferedEvents`. Only streams with `overflow: 'error'` end
 * with this error.
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
  /** How many events may wait. */
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
