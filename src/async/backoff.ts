// Computes the wait before the next attempt: exponential, as gRPC's connection backoff document specifies, with jitter,
// so that the clients of a restarted server do not all reconnect at once.

export interface Backoff {
  readonly initialMs: number
  readonly maxMs: number
  /** The wait is multiplied by a random number between these two. */
  readonly jitter: readonly [least: number, most: number]
}

const FACTOR = 1.6
const SESSION: Backoff = { initialMs: 100, maxMs: 3_000, jitter: [0.5, 1] }

/** Returns the wait between two attempts, for the number of attempts that failed before the first of the two. */
export function exponentialMillis(
  failures: number,
  backoff: Backoff,
  random: () => number = Math.random,
): number {
  const { initialMs, maxMs, jitter } = backoff
  const [least, most] = jitter
  return Math.min(maxMs, initialMs * FACTOR ** failures) * (least + (most - least) * random())
}

/** Returns the wait of a session before an attempt. The first attempt is number 0 and has no wait. */
export function backoffMillis(attempt: number, random?: () => number, backoff = SESSION): number {
  return attempt === 0 ? 0 : exponentialMillis(attempt - 1, backoff, random)
}

/** Returns the backoff of a session between these two waits. */
export function sessionBackoff(initialSeconds: number, maxSeconds: number): Backoff {
  return { initialMs: initialSeconds * 1_000, maxMs: maxSeconds * 1_000, jitter: SESSION.jitter }
}
