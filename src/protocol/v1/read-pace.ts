// When to let answers pile up for a moment before the next read. Where reads bring few answers at a time while many
// calls wait, each call pays for a read, a write and a turn of the event loop of its own; a millisecond later they can
// be shared. Never where anybody would notice: with few calls in flight, or where a millisecond is a good part of the
// time that calls take, the next read is at once.

/** With fewer calls in flight nothing waits. */
const FEWEST_CALLS = 32
/** A read of so many bytes is worth its price. */
const LARGE_BYTES = 16 * 1024
/** Calls that are answered during a rest, as a part of all in flight; more would slow the calls down. */
const LARGEST_PART = 1 / 3
/** After a rest that was too long there is none for so long. */
const BACKOFF_MS = 100

export class ReadPace {
  #calls = 0
  #rested = false
  #notBefore = 0

  /** How many calls are in flight. */
  set calls(calls: number) {
    this.#calls = calls
  }

  /** Whether to rest after a read that answered this many calls. */
  restsAfterAnswers(answered: number, bytes: number, now: number): boolean {
    const rested = this.#rested
    this.#rested = false
    const isTooLong = answered > (this.#calls + answered) * LARGEST_PART
    if (rested && isTooLong) this.#notBefore = now + BACKOFF_MS
    if (isTooLong || bytes >= LARGE_BYTES || this.#calls < FEWEST_CALLS || now < this.#notBefore) return false
    this.#rested = true
    return true
  }

  /** Whether to rest after a read of a stream that goes on; a call that is made meanwhile ends the rest. */
  restsAfterItems(bytes: number): boolean {
    return bytes < LARGE_BYTES && (this.#calls === 0 || this.#calls >= FEWEST_CALLS)
  }
}
