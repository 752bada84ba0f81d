// Reads and writes without a pause, by many at once, and what may become of them when connections are lost.
import { ConnectionError, type NamedMap } from 'coherence-ts'
import { eventually } from './eventually'
import { hear } from './hear'
import { Oracle } from './oracle/oracle'
import type { Outcome } from './oracle/write-record'

export const WORKERS = 64
const MOST_FAILURES = 100 * WORKERS

interface Failure {
  readonly operation: 'get' | 'set'
  readonly error: unknown
}

/** Each worker counts up in a key of its own. Nothing else may write to the map. */
export class Traffic {
  readonly failures: Failure[] = []
  /** How many calls were answered. */
  answered = 0
  readonly #map: NamedMap<string, number>
  readonly #oracle = new Oracle()
  readonly #workers: Promise<unknown>
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

  /** Registers a listener, which hears of what is written from then on. */
  async listen(): Promise<void> {
    const heard = this.#oracle.listener('the listener', Infinity)
    const note = hear(heard)
    await this.#map.listen({ onAny: note, onGap: note })
    heard.started(Date.now())
  }

  /** What was written is there, was read, and was heard of; events that are on their way arrive first. */
  async expectNothingLost(): Promise<void> {
    const violations = async (): Promise<string[]> =>
      this.#oracle.violations({ entries: await this.#map.entries().toMap() })
    await eventually(async () => (await violations()).length === 0).catch(() => undefined)
    expect(await violations()).toEqual([])
  }

  #failuresOf(operation: Failure['operation']): unknown[] {
    return this.failures.filter((failure) => failure.operation === operation).map(({ error }) => error)
  }

  async #work(key: string): Promise<void> {
    const { ledger } = this.#oracle
    // Calls that all fail at once would never let anything else have its turn.
    while (!this.#isStopped && this.failures.length < MOST_FAILURES) {
      const write = ledger.write(key, Date.now())
      await this.#call('set', this.#map.set(key, write.number), {
        answered: (value) => ledger.acknowledged(write, Date.now(), { value }),
        failed: (error) => ledger.failed(write, outcomeOf(error), Date.now()),
      })
      const read = ledger.read(key)
      await this.#call('get', this.#map.get(key), {
        answered: (value) => ledger.answered(read, value, Date.now()),
        failed: () => undefined,
      })
    }
  }

  async #call(
    operation: Failure['operation'],
    call: Promise<number | undefined>,
    ends: { answered: (value: number | undefined) => void; failed: (error: unknown) => void },
  ): Promise<void> {
    let value: number | undefined
    try {
      value = await call
    } catch (error) {
      this.failures.push({ operation, error })
      ends.failed(error)
      return
    }
    this.answered += 1
    ends.answered(value)
  }
}

function outcomeOf(error: unknown): Outcome {
  return error instanceof ConnectionError ? error.outcome : 'unknown'
}
