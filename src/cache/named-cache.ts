// A cache of the server as users see it.
import { NamedMap } from './named-map'

/**
 * A `NamedMap` whose entries have a time to live of their own if they are stored without `ttlSeconds`: the
 * `defaultTtlSeconds` of `session.getCache(name)`. Get one from there.
 *
 * @example
 * ```ts
 * import { Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const tokens = await session.getCache<string, string>('tokens', { defaultTtlSeconds: 600 })
 * await tokens.set('ann', 'd41d8c')
 * console.log(await tokens.get('ann')) // prints d41d8c
 * ```
 */
export class NamedCache<K, V> extends NamedMap<K, V> {
  /** @internal */
  override get [Symbol.toStringTag](): string {
    return 'NamedCache'
  }
}
