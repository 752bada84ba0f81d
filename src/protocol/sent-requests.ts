// Which requests of a call went out: a call may make several, now or when others are answered, or none at all.
import type { Outcome } from '../errors'

export class SentRequests {
  #count = 0

  /** Whether the server may have carried out any of them. */
  get outcome(): Outcome {
    return this.#count === 0 ? 'not-sent' : 'unknown'
  }

  /** A request was handed to a stream. */
  add(): void {
    this.#count += 1
  }

  /** It never left the client, or the server says that it was not carried out. */
  remove(): void {
    this.#count -= 1
  }
}
