// When to let answers pile up for a moment before the next read. Where reads bring few messages at a time while many
// are awaited, each message pays for a read, a write and a turn of the event loop of its own; some milliseconds later
// they can be shared. Never where anybody would notice: a rest is a small part of the time that the requests in flight
// take, the fastest of them counted, so that what is answered at once is read at once.

/** A rest takes about this part of the time of a request. */
const REST_PART = 1 / 6
const LONGEST_REST_MS = 5
/** A rest that brings fewer messages is not worth it. */
const FEWEST_MESSAGES = 4
/** A read of so many bytes is worth its price. */
const LARGE_BYTES = 16 * 1024
/** How often the length of rests is decided anew. */
const SPAN_MS = 20

/** The streams of a connection, which pause their reads together. */
export class ReadCoalescing {
  readonly #busy = new Set<StreamCoalescing>()

  /** For one more stream. */
  stream(): StreamCoalescing {
    return new StreamCoalescing(this.#busy)
  }
}

export class StreamCoalescing {
  readonly #busy: Set<StreamCoalescing>
  #restMs = 0
  #spanBegan = 0
  #messages = 0
  #fastest = Infinity

  constructor(busy: Set<StreamCoalescing>) {
    this.#busy = busy
  }

  /** A first request is in flight. */
  began(now: number): void {
    this.#busy.add(this)
    this.#restMs = 0
    this.#beginSpan(now)
  }

  /** No request is in flight any more. */
  ended(): void {
    this.#busy.delete(this)
  }

  /** Something came for a request that was sent so many milliseconds ago. */
  heard(age: number): void {
    this.#messages += 1
    if (age < this.#fastest) this.#fastest = age
  }

  /** For how many milliseconds to rest after a read of so many bytes; 0 for not at all. */
  restAfter(bytes: number, now: number): number {
    const elapsed = now - this.#spanBegan
    if (elapsed >= SPAN_MS) {
      if (this.#fastest < Infinity) {
        const restMs = Math.min(LONGEST_REST_MS, Math.round(this.#fastest * REST_PART))
        this.#restMs = (this.#messages / elapsed) * restMs < FEWEST_MESSAGES ? 0 : restMs
      }
      this.#beginSpan(now)
    }
    if (bytes >= LARGE_BYTES || !this.#busy.has(this)) return 0
    let shortest = LONGEST_REST_MS
    for (const stream of this.#busy) shortest = Math.min(shortest, stream.#restMs)
    return shortest
  }

  #beginSpan(now: number): void {
    this.#spanBegan = now
    this.#messages = 0
    this.#fastest = Infinity
  }
}
