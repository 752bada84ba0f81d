// A cache of the server as users see it: a map whose entries may expire.
import type { WriteOptions } from './aborted-write'
import type { Entries } from './bulk-write'
import { NamedMap, type SetAllOptions } from './named-map'

/** The life of an entry. */
export interface TtlOptions {
  /**
   * How long the entry lives, in seconds, from now: above 0, rounded up to a millisecond; `Infinity` for ever.
   * Left out, the default of the cache holds.
   */
  readonly ttlSeconds?: number | undefined
}

/** A `NamedMap` whose entries may be given a time to live. Get one from `session.getCache(name)`. */
export class NamedCache<K, V> extends NamedMap<K, V> {
  /** The same as in a map; `ttlSeconds` is the life of the entry. */
  override set(key: K, value: V, options?: WriteOptions & TtlOptions): Promise<V | undefined> {
    return super.set(key, value, options)
  }

  /** The same as in a map; `ttlSeconds` is the life of each entry. */
  override setAll(entries: Entries<K, V>, options?: SetAllOptions & TtlOptions): Promise<void> {
    return super.setAll(entries, options)
  }

  /** The same as in a map; `ttlSeconds` is the life of the entry where it is stored. */
  override setIfAbsent(key: K, value: V, options?: WriteOptions & TtlOptions): Promise<V | undefined> {
    return super.setIfAbsent(key, value, options)
  }

  /** @internal */
  override get [Symbol.toStringTag](): string {
    return 'NamedCache'
  }
}
