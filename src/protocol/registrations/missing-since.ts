// From when events may be missing where a stream was lost.

/** How much earlier an event may have been made than it was due, where a server ends. Seen were 20 ms. */
const OUT_OF_ORDER_MS = 1_000

/**
 * Returns a moment before the first event that may be missing: events take time to arrive, and a server that ends stops
 * sending events before it stops answering, those of some members before those of others.
 *
 * @param completeUntil Until when all that the server sent has arrived.
 * @param registeredAt When the server made the registration. Events before that were not asked for, or are in a gap already.
 */
export function missingSince(completeUntil: number, registeredAt: number): number {
  return Math.max(completeUntil - OUT_OF_ORDER_MS, registeredAt)
}
