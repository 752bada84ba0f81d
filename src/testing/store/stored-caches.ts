// All caches of the server, by scope and name, and the timer that removes what expires while nobody looks.
import { clearTimeout, setTimeout } from '../../async/real-time'
import type { Clock } from '../clock'
import { PARTITIONS, StoredCache } from './stored-cache'

/** How long an expired entry may stay that nobody asks for. */
const SWEEP_MILLIS = 100

export class StoredCaches {
  readonly #clock: Clock
  readonly #partitions: number
  readonly #caches = new Map<string, StoredCache>()
  /** Stops watching the clock; `undefined` while nothing expires. */
  #unwatch: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(clock: Clock, partitions = PARTITIONS) {
    this.#clock = clock
    this.#partitions = partitions
  }

  /** The cache of this name, which is made where there is none. */
  ensure(scope: string, name: string): StoredCache {
    const id = `${scope}\0${name}`
    let cache = this.#caches.get(id)
    if (cache === undefined || cache.isDestroyed) {
      cache = new StoredCache(name, this.#clock, this.#partitions)
      this.#caches.set(id, cache)
    }
    return cache
  }

  find(scope: string, name: string): StoredCache | undefined {
    const cache = this.#caches.get(`${scope}\0${name}`)
    return cache?.isDestroyed === true ? undefined : cache
  }

  /** Destroys all caches. */
  destroyAll(): void {
    this.#stopWatching()
    for (const cache of this.#caches.values()) cache.destroy()
    this.#caches.clear()
  }

  /** Removes the entries of all caches, with one event for each cache. */
  truncateAll(): void {
    for (const cache of this.#caches.values()) cache.truncate()
  }

  /** To be called after anything that may have made an entry that expires. */
  watchExpiry(cache: StoredCache): void {
    if (!cache.expires || this.#timer !== undefined) return
    this.#unwatch = this.#clock.watch(() => this.#sweep())
    this.#timer = setTimeout(() => this.#sweep(), SWEEP_MILLIS)
    this.#timer.unref()
  }

  #stopWatching(): void {
    this.#unwatch?.()
    this.#unwatch = undefined
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #sweep(): void {
    this.#stopWatching()
    for (const cache of this.#caches.values()) {
      cache.removeExpired()
      this.watchExpiry(cache)
    }
  }
}
