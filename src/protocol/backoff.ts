// How long to wait before the next attempt to connect.

const FIRST_MS = 100
const FACTOR = 1.6
const LONGEST_MS = 3_000

/**
 * The wait before attempt `attempt` (the first is 0, which waits for nothing): exponential, with so much jitter that
 * the clients of a server that comes back do not all come at once.
 */
export function backoffMillis(attempt: number, random: () => number = Math.random): number {
  if (attempt === 0) return 0
  const most = Math.min(LONGEST_MS, FIRST_MS * FACTOR ** (attempt - 1))
  return most * (0.5 + random() / 2)
}
