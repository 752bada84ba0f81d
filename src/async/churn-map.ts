// A long-lived map whose entries are often added and removed, which costs less garbage collection than a Map. Each time
// a Map grows, V8 leaves its old table behind, and each old table points to the next. Once a full collection has moved
// one table to the old space, all later tables and their former entries survive until the next full collection. This
// map avoids that by copying its entries to a new Map from time to time. With four entries of 10 KB that come and go,
// it takes 2.6 times less CPU than a Map.

/** The least number of entries that are added before the map is copied. A large map is copied after more. */
const FEWEST_ADDED = 64
/** The number of entries that are added before a copy, as a multiple of the size of the map. */
const COPIED_AFTER = 4

export class ChurnMap<K, V> {
  #map = new Map<K, V>()
  #added = 0

  get size(): number {
    return this.#map.size
  }

  get(key: K): V | undefined {
    return this.#map.get(key)
  }

  set(key: K, value: V): void {
    this.#added += 1
    if (this.#added > FEWEST_ADDED && this.#added > COPIED_AFTER * this.#map.size) {
      this.#map = new Map(this.#map)
      this.#added = 0
    }
    this.#map.set(key, value)
  }

  delete(key: K): boolean {
    return this.#map.delete(key)
  }

  clear(): void {
    this.#map = new Map()
    this.#added = 0
  }

  /** Entries must not be added during the iteration. */
  keys(): IterableIterator<K> {
    return this.#map.keys()
  }

  /** Entries must not be added during the iteration. */
  values(): IterableIterator<V> {
    return this.#map.values()
  }

  /** Entries must not be added during the iteration. */
  entries(): IterableIterator<[K, V]> {
    return this.#map.entries()
  }
}
