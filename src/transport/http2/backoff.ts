// How long to wait between two attempts to connect, as gRPC's connection backoff document has it.
import type { BackoffSettings } from './channel-options'

const FACTOR = 1.6
const JITTER = 0.2

export class Backoff {
  readonly #settings: BackoffSettings
  readonly #random: () => number
  #nextMs: number

  constructor(settings: BackoffSettings, random: () => number = Math.random) {
    this.#settings = settings
    this.#random = random
    this.#nextMs = settings.initialMs
  }

  /** The time between the start of an attempt and the next, in milliseconds; longer each time. */
  next(): number {
    const delayMs = Math.min(this.#nextMs, this.#settings.maxMs)
    this.#nextMs = delayMs * FACTOR
    return delayMs * (1 + JITTER * (2 * this.#random() - 1))
  }

  /** After a success. */
  reset(): void {
    this.#nextMs = this.#settings.initialMs
  }
}
