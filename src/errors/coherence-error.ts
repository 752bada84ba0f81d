// The base class of all errors of this library, and what they have in common.

/** Every `code` of an error of this library. */
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
 * What is known about a request that ended without an answer. A request that was `'not-sent'` never left the client
 * and had no effect. After `'unknown'` it may or may not have been carried out.
 */
export type Outcome = 'not-sent' | 'unknown'

interface Brand {
  readonly name: string
  readonly symbol: symbol
}

/** The brand of each class. A subclass that a user defines has none. */
const brands = new WeakMap<object, Brand>()

/** Marks the instances of a class, so that other copies of the class recognise them. */
export function brand(errorClass: { readonly prototype: CoherenceError }, name: string): void {
  const symbol = Symbol.for(`coherence-ts.${name}`)
  brands.set(errorClass, { name, symbol })
  Object.defineProperty(errorClass.prototype, symbol, { value: true })
}

/**
 * The base class of every error of this library.
 *
 * `instanceof` of a class of this package also recognises errors of other copies of the package in the process. For
 * your own subclass it means what it always means.
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

  /** The kind of error. It is the same in every release. */
  abstract readonly code: CoherenceErrorCode

  /** @param fields.cause The error that caused this one. */
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
    // An object that has the mark as its own member is a prototype.
    return known.symbol in value && !Object.hasOwn(value, known.symbol)
  }
}
