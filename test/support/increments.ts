// Counters that many workers raise and read without a pause. What became of each call is noted, so that what the server holds
// can be compared with it: an increment that was lost or carried out twice shows.
import { type CallOptions, ConnectionError, type NamedMap, Processors } from 'coherence-ts'
import { WORKERS } from './traffic'

const MOST_FAILURES = 100 * WORKERS
const INCREMENT = Processors.increment<Counter, 'count'>('count', 1)

export interface Counter {
  readonly count: number
}

export interface FailedCall {
  readonly operation: 'increment' | 'get'
  readonly error: unknown
  /** How long the call took. */
  readonly seconds: number
}

/** What became of the increments of one counter. Those that were not sent are in neither. */
interface Tally {
  acknowledged: number
  unknown: number
}

/** Each worker has a counter of its own. */
export class Increments {
  readonly failures: FailedCall[] = []
  /** How many calls were answered. */
  answered = 0
  readonly #map: NamedMap<string, Counter>
  readonly #options: CallOptions
  readonly #tallies = new Map<string, Tally>()
  readonly #workers: Promise<unknown>
  #isStopped = false

  private constructor(map: NamedMap<string, Counter>, options: CallOptions) {
    this.#map = map
    this.#options = options
    this.#workers = Promise.all(Array.from({ length: WORKERS }, (_, worker) => this.#work(`w${worker}`)))
  }

  /** Begins when the counters are there. Each call has `options`. */
  static async start(map: NamedMap<string, Counter>, options: CallOptions = {}): Promise<Increments> {
    await map.setAll(Array.from({ length: WORKERS }, (_, worker) => [`w${worker}`, { count: 0 }] as const))
    return new Increments(map, options)
  }

  /** The condition that from now on each worker gets an increment acknowledged. */
  allGoOn(): () => boolean {
    const before = new Map([...this.#tallies].map(([key, { acknowledged }]) => [key, acknowledged]))
    return () => [...this.#tallies].every(([key, { acknowledged }]) => acknowledged > (before.get(key) ?? 0))
  }

  /** Resolves when every call has settled. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#workers
  }

  /** Only increments may fail, and only since the connection was lost. */
  expectOnlyLostIncrements(): void {
    const others = this.failures.filter(
      ({ operation, error }) => operation === 'get' || !(error instanceof ConnectionError),
    )
    expect(others.map(({ operation, error }) => `${operation}: ${String(error)}`)).toEqual([])
  }

  /** No increment was lost that was acknowledged, and none was carried out twice. */
  async expectCountsFit(map: NamedMap<string, Counter>): Promise<void> {
    await this.#expectCounts(map, (count, { acknowledged, unknown }) => {
      return acknowledged <= count && count <= acknowledged + unknown
    })
  }

  /** Every increment that was sent was carried out, once. */
  async expectAllCarriedOut(map: NamedMap<string, Counter>): Promise<void> {
    await this.#expectCounts(map, (count, { acknowledged, unknown }) => count === acknowledged + unknown)
  }

  async #expectCounts(
    map: NamedMap<string, Counter>,
    fits: (count: number, tally: Tally) => boolean,
  ): Promise<void> {
    const counters = await map.getAll([...this.#tallies.keys()])
    const wrong = [...this.#tallies].flatMap(([key, tally]) => {
      const count = counters.get(key)?.count ?? -1
      return fits(count, tally) ? [] : [{ key, count, ...tally }]
    })
    expect(wrong).toEqual([])
  }

  async #work(key: string): Promise<void> {
    const tally: Tally = { acknowledged: 0, unknown: 0 }
    this.#tallies.set(key, tally)
    // Calls that all fail at once would never let anything else have its turn.
    while (!this.#isStopped && this.failures.length < MOST_FAILURES) {
      const failure = await this.#call('increment', () => this.#map.invoke(key, INCREMENT, this.#options))
      if (failure === undefined) tally.acknowledged += 1
      else if (!wasNotSent(failure.error)) tally.unknown += 1
      await this.#call('get', () => this.#map.get(key, this.#options))
    }
  }

  async #call(
    operation: FailedCall['operation'],
    call: () => Promise<unknown>,
  ): Promise<FailedCall | undefined> {
    const start = performance.now()
    try {
      await call()
      this.answered += 1
      return undefined
    } catch (error) {
      const failure = { operation, error, seconds: (performance.now() - start) / 1_000 }
      this.failures.push(failure)
      return failure
    }
  }
}

function wasNotSent(error: unknown): boolean {
  return (error as { readonly outcome?: unknown }).outcome === 'not-sent'
}
