// Times to live as users give them and as they travel.
import { describe } from './call-options'

/** On the wire: the cache's own default. */
export const DEFAULT_TTL = 0
const NEVER_EXPIRES = -1
/** Java's longest: larger ones are accepted and never expire. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Milliseconds for the wire, rounded up so that the entry never lives shorter than asked for.
 *
 * @throws {TypeError} not a positive number.
 */
export function ttlMillisOf(operation: string, ttlSeconds: unknown): number {
  if (ttlSeconds === undefined) return DEFAULT_TTL
  if (typeof ttlSeconds !== 'number' || !(ttlSeconds > 0)) {
    throw new TypeError(
      `${operation}: ttlSeconds is ${describe(ttlSeconds)}; pass seconds above 0, or Infinity for an entry that never expires`,
    )
  }
  const millis = Math.ceil(ttlSeconds * 1_000)
  return millis > LONGEST_MS ? NEVER_EXPIRES : millis
}
