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

/** The class that every error of this library extends. */
export abstract class CoherenceError extends Error {
  /** Stable name of the kind of error, the same in every release. */
  abstract readonly code: CoherenceErrorCode

  /** @internal */
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
  }
}

/** One thing that is wrong with the options. */
export interface OptionIssue {
  /** The option, as in `tlsOptions.caCertPath`, or the environment variable. */
  readonly option: string
  /** What is wrong with it, what was given and what is wanted. */
  readonly message: string
}

/** The options of a session are wrong. Thrown before anything is sent. */
export class InvalidOptionsError extends CoherenceError {
  readonly code = 'ERR_COHERENCE_OPTIONS'
  /** Everything that is wrong, in the order of the options. */
  readonly issues: readonly OptionIssue[]

  /** @internal */
  constructor(issues: readonly OptionIssue[], cause?: unknown) {
    super(`Invalid options: ${issues.map((issue) => issue.message).join('; ')}`, cause)
    this.issues = issues
  }
}

/** The session is closed, or was closed while the call was pending. */
export class SessionClosedError extends CoherenceError {
  readonly code = 'ERR_COHERENCE_SESSION_CLOSED'
  /** Whether the call may have been carried out. */
  readonly outcome: Outcome

  /** @internal */
  constructor(message: string, outcome: Outcome, cause?: unknown) {
    super(message, cause)
    this.outcome = outcome
  }
}

/** The map was released or destroyed; ask the session for it again. */
export class MapInactiveError extends CoherenceError {
  readonly code = 'ERR_COHERENCE_MAP_INACTIVE'
  readonly mapName: string
  /** Why the map is inactive. */
  readonly reason: 'released' | 'destroyed'
  /** Whether the call may have been carried out. */
  readonly outcome: Outcome

  /** @internal */
  constructor(operation: string, mapName: string, reason: 'released' | 'destroyed', outcome: Outcome) {
    super(`${operation} on map '${mapName}' failed: the map was ${reason}; ask the session for it again`)
    this.mapName = mapName
    this.reason = reason
    this.outcome = outcome
  }
}

/** There is no connection to the server, or it was lost before the answer. */
export class ConnectionError extends CoherenceError {
  readonly code = 'ERR_COHERENCE_CONNECTION'
  /** The address as the options gave it. */
  readonly address: string
  /** Whether the call may have been carried out. */
  readonly outcome: Outcome

  /** @internal */
  constructor(message: string, address: string, outcome: Outcome, cause?: unknown) {
    super(message, cause)
    this.address = address
    this.outcome = outcome
  }
}

/** The server refused the credentials, or the permission for the call. */
export class AuthenticationError extends CoherenceError {
  readonly code = 'ERR_COHERENCE_AUTHENTICATION'
}

/** No answer came within the time that the call had. */
export class RequestTimeoutError extends CoherenceError {
  readonly code = 'ERR_COHERENCE_TIMEOUT'
  /** The method that was called, such as `'get'`. */
  readonly operation: string
  /** The time the call had, in seconds. */
  readonly timeoutSeconds: number
  /** Whether the call may have been carried out. */
  readonly outcome: Outcome

  /** @internal */
  constructor(message: string, operation: string, timeoutSeconds: number, outcome: Outcome, cause?: unknown) {
    super(message, cause)
    this.operation = operation
    this.timeoutSeconds = timeoutSeconds
    this.outcome = outcome
  }
}

/** The server answered the call with an error. */
export class ServerError extends CoherenceError {
  readonly code = 'ERR_COHERENCE_SERVER'
  /** The method that was called, such as `'get'`. */
  readonly operation: string
  /** The map it was called on, where there is one. */
  readonly mapName: string | undefined

  /** @internal */
  constructor(message: string, operation: string, mapName: string | undefined, cause?: unknown) {
    super(message, cause)
    this.operation = operation
    this.mapName = mapName
  }
}

/** The server lacks a capability that the call needs. */
export class UnsupportedError extends CoherenceError {
  readonly code = 'ERR_COHERENCE_UNSUPPORTED'
  /** What the call needs. */
  readonly required: string
  /** What the server has instead. */
  readonly offered: string

  /** @internal */
  constructor(message: string, required: string, offered: string, cause?: unknown) {
    super(message, cause)
    this.required = required
    this.offered = offered
  }
}

/** The server sent something that the protocol does not allow. */
export class ProtocolError extends CoherenceError {
  readonly code = 'ERR_COHERENCE_PROTOCOL'
}

/** A value cannot be encoded or decoded. */
export class CodecError extends CoherenceError {
  readonly code = 'ERR_COHERENCE_CODEC'
  /** Where in the value the trouble is, such as `value.items[3].price`. */
  readonly path: string
  /**
   * `'applied'` where the server did carry out the write and only its answer cannot be decoded,
   * `'not-sent'` where nothing was sent, `undefined` on reads.
   */
  readonly outcome: 'applied' | 'not-sent' | undefined

  /**
   * A codec of your own throws this where a value cannot be encoded or decoded.
   *
   * @param path Where in the value the trouble is, such as `value.items[3].price`.
   */
  constructor(
    message: string,
    path: string,
    options: { cause?: unknown; outcome?: 'applied' | 'not-sent' } = {},
  ) {
    super(message, options.cause)
    this.path = path
    this.outcome = options.outcome
  }
}

/** More events waited for the consumer of an event stream than it has room for, with the policy `'error'`. */
export class EventOverflowError extends CoherenceError {
  readonly code = 'ERR_COHERENCE_EVENT_OVERFLOW'
  readonly mapName: string
  /** How many events there is room for. */
  readonly maxBufferedEvents: number

  /** @internal */
  constructor(mapName: string, maxBufferedEvents: number) {
    super(
      `The events of map '${mapName}' came faster than they were consumed: ${maxBufferedEvents} were waiting; ` +
        "consume them faster, raise maxBufferedEvents, or choose overflow 'pause' or 'dropOldest'",
    )
    this.mapName = mapName
    this.maxBufferedEvents = maxBufferedEvents
  }
}
