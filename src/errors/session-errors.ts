// What is wrong with how a session or a map is used.
import { brand, CoherenceError, type Outcome } from './coherence-error'

/** One fault in the options. */
export interface OptionIssue {
  /** The option, as in `tlsOptions.caCertPath`, or the environment variable. */
  readonly option: string
  /** What is wrong, with the value that was passed and what is accepted. */
  readonly message: string
}

/**
 * The options of a session are wrong. Nothing was sent.
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
  /** All faults, in the order of the options. */
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
 * The map was released or destroyed. Open it again with `session.getMap` or `session.getCache`.
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
