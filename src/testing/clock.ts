// The time that the embedded server goes by. A test moves it forward instead of waiting for entries to expire.
import { checkedOptions, flagIn, shown } from './checks'
import { now } from '../async/real-time'

export interface ClockOptions {
  /** With `true` only `advance` moves the time; by default it runs as real time does. */
  readonly frozen?: boolean | undefined
}

/**
 * The clock of an embedded server. Several servers may share one.
 *
 * @example
 * ```ts
 * import { Session } from 'coherence-ts'
 * import { EmbeddedCoherence } from 'coherence-ts/testing'
 *
 * await using server = await EmbeddedCoherence.start()
 * await using session = await Session.create({ address: server.address })
 * const carts = await session.getCache<string, string>('carts')
 * await carts.set('ann', 'tea', { ttlSeconds: 60 })
 * server.clock.advance(61)
 * console.log(await carts.get('ann')) // prints undefined
 * ```
 */
export class Clock {
  readonly #isFrozen: boolean
  readonly #watchers = new Set<() => void>()
  readonly #start = now()
  #advancedMillis = 0

  /** Throws a TypeError for wrong options. */
  constructor(options: ClockOptions = {}) {
    const checked = checkedOptions('new Clock()', options, ['frozen'])
    this.#isFrozen = flagIn('new Clock()', checked, 'frozen') === true
  }

  /** Milliseconds since the clock was made. */
  get millis(): number {
    return this.#advancedMillis + (this.#isFrozen ? 0 : now() - this.#start)
  }

  /**
   * Moves the time forward. Entries that expire meanwhile are gone when this returns, and their events are on the way.
   * Throws a RangeError for anything but a number of 0 or more.
   */
  advance(seconds: number): void {
    if (typeof seconds !== 'number' || !(seconds >= 0) || seconds === Infinity) {
      throw new RangeError(
        `clock.advance() got ${shown(seconds)}: pass a finite number of seconds, 0 or more`,
      )
    }
    this.#advancedMillis += seconds * 1_000
    for (const watcher of [...this.#watchers]) watcher()
  }

  /** @internal Calls `watcher` after each `advance`, until what this returns is called. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }
}
