// Times to live, in seconds as users say them and in milliseconds as the server gets them.
import { describe, WRITE_OPTIONS } from '../../calls/call-options'
import { wrongArgument } from '../../calls/caller-stack'

/** The time to live of an entry. */
export interface TtlOptions {
  /**
   * How long the entry lives, in seconds, from now: above 0, rounded up to a millisecond; `Infinity` for ever.
   * Left out, the default of the cache holds.
   */
  readonly ttlSeconds?: number | undefined
}

/** The options of calls that store one entry or many. */
export const TTL_OPTIONS = [...WRITE_OPTIONS, 'ttlSeconds'] as const

/** On the wire: the cache's own default. */
export const DEFAULT_TTL = 0
const NEVER_EXPIRES = -1

/**
 * Milliseconds for the wire, rounded up so that the entry never lives shorter than asked for.
 *
 * @param option The name of the option, for the error.
 * @throws {TypeError} `seconds` is not a number above 0.
 */
export function ttlMillisOf(operation: string, option: string, seconds: unknown): number {
  if (typeof seconds !== 'number' || !(seconds > 0)) {
    throw wrongArgument(
      `${operation}: ${option} is ${describe(seconds)}; pass seconds above 0, or Infinity for an entry that never expires`,
    )
  }
  // Servers take any number of milliseconds that Java's long holds.
  return seconds === Infinity ? NEVER_EXPIRES : Math.min(Math.ceil(seconds * 1_000), Number.MAX_SAFE_INTEGER)
}
