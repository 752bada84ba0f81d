// The entries of one cache, by partitions, with their expiry and their events. Keys are compared by their identity
// (stored-value.ts), values are kept as they were stored.
import type { Clock } from '../clock'
import type { JavaValue } from '../java/java-value'
import type { Stored } from './stored-value'

export interface StoredEntry {
  readonly key: Stored
  readonly value: Stored
  /** By the clock of the server; 0 for never. */
  readonly expiresAtMillis: number
}

/** A change of an entry. */
export interface Change {
  readonly kind: 'insert' | 'update' | 'delete'
  /** The identity of the key. */
  readonly id: string
  readonly key: Stored
  readonly oldValue: Stored | undefined
  readonly newValue: Stored | undefined
  readonly isExpiry: boolean
}

/** What has to know of changes, in the order in which they are made. */
export interface CacheListener {
  changed(change: Change): void
  truncated(): void
  destroyed(): void
}

/** An index; a second one for the same extractor has to be equal. */
export interface StoredIndex {
  readonly extractor: JavaValue
  readonly isOrdered: boolean
  readonly comparator: JavaValue
}

/** As a server has by default. */
export const PARTITIONS = 257

const NEVER = 0
/** Longer times to live are none. */
const MAX_TTL_MILLIS = 2 ** 31 - 1

export class StoredCache {
  readonly name: string
  readonly listeners = new Set<CacheListener>()
  readonly indexes = new Map<string, StoredIndex>()
  readonly #clock: Clock
  readonly #partitions: Map<string, StoredEntry>[]
  /** The identities of entries that expire. */
  readonly #expiring = new Set<string>()
  #size = 0
  #isDestroyed = false

  constructor(name: string, clock: Clock, partitions = PARTITIONS) {
    this.name = name
    this.#clock = clock
    this.#partitions = Array.from({ length: partitions }, () => new Map<string, StoredEntry>())
  }

  get size(): number {
    this.removeExpired()
    return this.#size
  }

  get isDestroyed(): boolean {
    return this.#isDestroyed
  }

  /** Whether any entry will expire. */
  get expires(): boolean {
    return this.#expiring.size > 0
  }

  get(id: string): StoredEntry | undefined {
    const entry = this.#partitionOf(id).get(id)
    if (entry === undefined || !this.#isExpired(entry)) return entry
    this.#remove(id, true)
    return undefined
  }

  /** Stores the value and returns what was there before. `ttlMillis`: 0 and below, and absurdly much, is for ever. */
  put(id: string, key: Stored, value: Stored, ttlMillis = 0): Stored | undefined {
    const before = this.get(id)
    const expires = ttlMillis > 0 && ttlMillis <= MAX_TTL_MILLIS
    const expiresAtMillis = expires ? this.#clock.millis + ttlMillis : NEVER
    this.#partitionOf(id).set(id, { key: before?.key ?? key, value, expiresAtMillis })
    if (expires) this.#expiring.add(id)
    else if (before !== undefined && before.expiresAtMillis !== NEVER) this.#expiring.delete(id)
    if (before === undefined) this.#size += 1
    this.#tell({
      kind: before === undefined ? 'insert' : 'update',
      id,
      key,
      oldValue: before?.value,
      newValue: value,
      isExpiry: false,
    })
    return before?.value
  }

  /** Removes the entry and returns its value. */
  remove(id: string): Stored | undefined {
    return this.get(id) === undefined ? undefined : this.#remove(id, false)
  }

  clear(): void {
    for (const id of this.identities()) this.#remove(id, false)
  }

  /** Removes all entries without an event for each. */
  truncate(): void {
    this.#empty()
    for (const listener of [...this.listeners]) listener.truncated()
  }

  destroy(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    this.#empty()
    for (const listener of [...this.listeners]) listener.destroyed()
    this.listeners.clear()
  }

  /** The entries of the first partition from `from` on that has any, and the number of the next one that has any. */
  partition(from: number): { readonly entries: StoredEntry[]; readonly next: number | undefined } {
    this.removeExpired()
    const number = this.#filled(from)
    if (number === undefined) return { entries: [], next: undefined }
    return { entries: [...(this.#partitions[number]?.values() ?? [])], next: this.#filled(number + 1) }
  }

  /** All entries, as they are now. */
  entries(): StoredEntry[] {
    this.removeExpired()
    return this.#partitions.flatMap((partition) => [...partition.values()])
  }

  /** The identities of all keys, as they are now. */
  identities(): string[] {
    this.removeExpired()
    return this.#partitions.flatMap((partition) => [...partition.keys()])
  }

  /** Removes what has expired, with its events. */
  removeExpired(): void {
    if (this.#expiring.size === 0) return
    for (const id of this.#expiring) {
      const entry = this.#partitionOf(id).get(id)
      if (entry !== undefined && this.#isExpired(entry)) this.#remove(id, true)
    }
  }

  /** The number of the first partition from `from` on that has entries. */
  #filled(from: number): number | undefined {
    const number = this.#partitions.findIndex((partition, index) => index >= from && partition.size > 0)
    return number < 0 ? undefined : number
  }

  #remove(id: string, isExpiry: boolean): Stored | undefined {
    const partition = this.#partitionOf(id)
    const entry = partition.get(id)
    if (entry === undefined) return undefined
    partition.delete(id)
    this.#expiring.delete(id)
    this.#size -= 1
    this.#tell({ kind: 'delete', id, key: entry.key, oldValue: entry.value, newValue: undefined, isExpiry })
    return entry.value
  }

  #empty(): void {
    for (const partition of this.#partitions) partition.clear()
    this.#expiring.clear()
    this.#size = 0
  }

  #tell(change: Change): void {
    if (this.listeners.size === 0) return
    for (const listener of [...this.listeners]) listener.changed(change)
  }

  #isExpired({ expiresAtMillis }: StoredEntry): boolean {
    return expiresAtMillis !== NEVER && expiresAtMillis <= this.#clock.millis
  }

  #partitionOf(id: string): Map<string, StoredEntry> {
    const partition = this.#partitions[hash(id) % this.#partitions.length]
    if (partition === undefined) throw new RangeError('A cache has at least one partition')
    return partition
  }
}

/** FNV-1a: spreads texts evenly, which is all that partitions need. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  return value >>> 0
}
