// Reads and writes without a pause, by many at once, and what may become of them when connections are lost.
import { ConnectionError, type NamedMap } from 'coherence-ts'

export const WORKERS = 64
const MOST_FAILURES = 100 * WORKERS

interface Failure {
  readonly operation: 'get' | 'set'
  readonly error: unknown
}

/** A write that was acknowledged; times are those of `Date.now()`. */
export interface Acknowledged {
  readonly key: string
  readonly value: number
  readonly sentAt: number
  readonly at: number
}

/** Each worker counts up in a key of its own. */
export class Traffic {
  readonly failures: Failure[] = []
  /** How many calls were answered. */
  answered = 0
  readonly #map: NamedMap<string, number>
  readonly #workers: Promise<unknown>
  /** The writes that were acknowledged. */
  readonly acknowledged: Acknowledged[] = []
  /** The last number that a worker wrote for certain, and those of which nobody knows. */
  readonly #written = new Map<string, { known: number; perhaps: number[] }>()
  #isStopped = false

  constructor(map: NamedMap<string, number>) {
    this.#map = map
    this.#workers = Promise.all(Array.from({ length: WORKERS }, (_, worker) => this.#work(`w${worker}`)))
  }

  /** Resolves when every call has settled. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#workers
  }

  /** Only writes may fail, and only with a fate that nobody knows, each worker's at most once for each loss. */
  expectOnlyUnknownWrites(losses = 1): void {
    expect(this.#failuresOf('get')).toEqual([])
    const others = this.#failuresOf('set').filter(
      (error) => !(error instanceof ConnectionError && error.outcome === 'unknown'),
    )
    expect(others.map(String)).toEqual([])
    expect(this.#failuresOf('set').length).toBeLessThanOrEqual(losses * WORKERS)
  }

  /** What the map holds is what was written last, or what may have been written after that. */
  async expectNothingLost(): Promise<void> {
    const entries = await this.#map.entries().toMap()
    const lost = [...this.#written].filter(([key, { known, perhaps }]) => {
      const value = entries.get(key)
      return value !== known && !perhaps.includes(value ?? -1)
    })
    expect(
      lost.map(([key, { known, perhaps }]) => ({ key, known, perhaps, value: entries.get(key) })),
    ).toEqual([])
  }

  #failuresOf(operation: Failure['operation']): unknown[] {
    return this.failures.filter((failure) => failure.operation === operation).map(({ error }) => error)
  }

  async #work(key: string): Promise<void> {
    const written: { known: number; perhaps: number[] } = { known: -1, perhaps: [] }
    this.#written.set(key, written)
    // Calls that all fail at once would never let anything else have its turn.
    for (let count = 0; !this.#isStopped && this.failures.length < MOST_FAILURES; count++) {
      const sentAt = Date.now()
      const isDone = await this.#call('set', this.#map.set(key, count))
      if (isDone) {
        Object.assign(written, { known: count, perhaps: [] })
        this.acknowledged.push({ key, value: count, sentAt, at: Date.now() })
      } else written.perhaps.push(count)
      await this.#call('get', this.#map.get(key))
    }
  }

  async #call(operation: Failure['operation'], call: Promise<unknown>): Promise<boolean> {
    try {
      await call
      this.answered += 1
      return true
    } catch (error) {
      this.failures.push({ operation, error })
      return false
    }
  }
}
