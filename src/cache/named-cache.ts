// A cache of the server as users see it.
import { NamedMap } from './named-map'

/**
 * A `NamedMap` with a life of its own for entries that are stored without `ttlSeconds`: the `defaultTtlSeconds` of
 * `session.getCache(name)`, which gives it.
 */
export class NamedCache<K, V> extends NamedMap<K, V> {
  /** @internal */
  override get [Symbol.toStringTag](): string {
    return 'NamedCache'
  }
}
