// Waits for what comes true by itself, such as the expiry of an entry, and no longer than it takes.
import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 10

/** Resolves when `condition` holds; rejects when it does not within `timeoutSeconds`. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  timeoutSeconds = 10,
): Promise<void> {
  const deadline = performance.now() + timeoutSeconds * 1_000
  while (!(await condition())) {
    if (performance.now() > deadline) {
      throw new Error(`${condition.toString()} did not hold within ${timeoutSeconds} s`)
    }
    await delay(POLL_MS)
  }
}
