// The part of a map that works with single entries, and with many by their keys.
import type { CallOptions, WriteOptions } from '../calls/call-options'
import type { SetAllOptions } from './bulk/bulk-operations'
import type { Entries } from './bulk/bulk-write'
import type { TtlOptions } from './entries/ttl'
import type { Operations } from './operations'

/**
 * The methods of a `NamedMap` for entries.
 *
 * @example The examples of the methods begin with this one:
 * ```ts
 * import { Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * await stock.set('apples', 3)
 * const people = await session.getMap<string, { name: string; age: number }>('people')
 * await people.set('ann', { name: 'Ann', age: 36 })
 * ```
 */
export abstract class MapEntries<K, V> {
  readonly #operations: Operations<K, V>

  /** @internal */
  constructor(operations: Operations<K, V>) {
    this.#operations = operations
  }

  /**
   * Resolves to the value of `key`; to `undefined` if the key is absent.
   *
   * @throws {CodecError} the key cannot be written, or the stored value cannot be read.
   * @throws {RequestTimeoutError} there was no answer within `options.timeoutSeconds`.
   *
   * @example
   * ```ts
   * const apples = await stock.get('apples')
   * console.log(apples) // prints 3
   * console.log(await stock.get('pears')) // prints undefined
   * ```
   */
  get(key: K, options?: CallOptions): Promise<V | undefined> {
    return this.#operations.keys.get(key, options)
  }

  /**
   * Resolves to the value of `key`, also if it is `null`; to `defaultValue` if the key is absent. Stores nothing.
   *
   * @throws {CodecError} the key cannot be written, or the stored value cannot be read.
   *
   * @example
   * ```ts
   * console.log(await stock.getOrDefault('pears', 0)) // prints 0
   * ```
   */
  getOrDefault<D = V>(key: K, defaultValue: D, options?: CallOptions): Promise<V | D> {
    return this.#operations.keys.getOrDefault(key, defaultValue, options)
  }

  /**
   * Resolves to the values of those keys that are present, under the caller's own keys and in their order. Most
   * servers leave out keys that are mapped to `null` (those after 24.09, unless their caches keep JSON as it came).
   *
   * @throws {CodecError} a key cannot be written, or a stored value cannot be read.
   *
   * @example
   * ```ts
   * const found = await stock.getAll(['apples', 'pears'])
   * console.log(found) // prints Map(1) { 'apples' => 3 }
   * ```
   */
  getAll(keys: Iterable<K>, options?: CallOptions): Promise<Map<K, V>> {
    return this.#operations.bulk.getAll(keys, options)
  }

  /**
   * Maps `key` to `value`, and resolves to the value that it replaced; to `undefined` if there was none or it was
   * `null`, which the server does not tell apart. The entry lives for `options.ttlSeconds`.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: the value may be
   *   stored.
   * @throws {CodecError} the key or the value cannot be written (`outcome` is `'not-sent'`), or the replaced value
   *   cannot be read (`outcome` is `'applied'`).
   *
   * @example
   * ```ts
   * const previous = await stock.set('apples', 5, { ttlSeconds: 60 })
   * console.log(previous) // prints 3
   * ```
   */
  set(key: K, value: V, options?: WriteOptions & TtlOptions): Promise<V | undefined> {
    return this.#operations.keys.set(key, value, options)
  }

  /**
   * Stores all entries, in messages of bounded size, so memory is bounded however many entries an iterable has. This
   * is not one transaction: after a failure some of the entries are stored. `timeoutSeconds` holds for each message.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: some entries may
   *   be stored.
   * @throws {CodecError} a key or a value cannot be written; entries before it may be stored.
   *
   * @example
   * ```ts
   * await stock.setAll([
   *   ['apples', 5],
   *   ['pears', 7],
   * ])
   * console.log(await stock.size()) // prints 2
   * ```
   */
  setAll(entries: Entries<K, V>, options?: SetAllOptions): Promise<void> {
    return this.#operations.bulk.setAll(entries, options)
  }

  /**
   * Maps `key` to `value` if the key is absent or mapped to `null`. Resolves to `undefined` if `value` was stored,
   * which lives for `options.ttlSeconds` then; to the value that was there, and is kept, if it was not.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: the value may be
   *   stored.
   * @throws {CodecError} the key or the value cannot be written (`outcome` is `'not-sent'`).
   *
   * @example
   * ```ts
   * console.log(await stock.setIfAbsent('apples', 9)) // prints 3
   * console.log(await stock.setIfAbsent('pears', 9)) // prints undefined
   * ```
   */
  setIfAbsent(key: K, value: V, options?: WriteOptions & TtlOptions): Promise<V | undefined> {
    return this.#operations.keys.setIfAbsent(key, value, options)
  }

  /**
   * Maps `key` to `value` if the key is present. Resolves to the value that it replaced; to `undefined` if the key
   * was absent, or mapped to `null`: some servers cannot distinguish the two.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: the value may be
   *   replaced.
   * @throws {CodecError} the key or the value cannot be written (`outcome` is `'not-sent'`).
   *
   * @example
   * ```ts
   * console.log(await stock.replace('apples', 4)) // prints 3
   * console.log(await stock.replace('pears', 4)) // prints undefined
   * ```
   */
  replace(key: K, value: V, options?: WriteOptions): Promise<V | undefined> {
    return this.#operations.keys.replace(key, value, options)
  }

  /**
   * Replaces the value of `key` with `newValue` if its current value equals `oldValue`. Resolves to `true` if it was
   * replaced; to `false` if the key is absent or mapped to another value, and nothing was changed.
   *
   * Values are equal if `get` shows them as equal: the order of members does not count, and a member that is null
   * equals one that is absent. If another client stores an equal value in another form at that moment, the answer
   * can be `false`.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: the value may be
   *   replaced.
   * @throws {CodecError} a value cannot be written, or the values are too large for a request; nothing was changed.
   *
   * @example
   * ```ts
   * console.log(await stock.replaceMapping('apples', 3, 4)) // prints true
   * console.log(await stock.replaceMapping('apples', 3, 4)) // prints false
   * ```
   */
  replaceMapping(key: K, oldValue: V, newValue: V, options?: WriteOptions): Promise<boolean> {
    return this.#operations.comparisons.replaceMapping(key, oldValue, newValue, options)
  }

  /**
   * Removes `key`, and resolves to the value that it had; to `undefined` if it was absent or mapped to `null`, which
   * the server does not tell apart.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: the key may be
   *   removed.
   * @throws {CodecError} the key cannot be written (`outcome` is `'not-sent'`), or the removed value cannot be read
   *   (`outcome` is `'applied'`).
   *
   * @example
   * ```ts
   * console.log(await stock.delete('apples')) // prints 3
   * console.log(await stock.delete('apples')) // prints undefined
   * ```
   */
  delete(key: K, options?: WriteOptions): Promise<V | undefined> {
    return this.#operations.keys.delete(key, options)
  }

  /**
   * Removes `key` if its current value equals `value`, compared as `replaceMapping` does. Resolves to `true` if it
   * was removed; to `false` if the key is absent or mapped to another value, and nothing was changed.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: the key may be
   *   removed.
   * @throws {CodecError} the value cannot be written, or is too large for a request; nothing was changed.
   *
   * @example
   * ```ts
   * console.log(await stock.removeMapping('apples', 9)) // prints false
   * console.log(await stock.removeMapping('apples', 3)) // prints true
   * ```
   */
  removeMapping(key: K, value: V, options?: WriteOptions): Promise<boolean> {
    return this.#operations.comparisons.removeMapping(key, value, options)
  }

  /**
   * Resolves to whether `key` is present, also if it is mapped to `null`.
   *
   * @throws {CodecError} the key cannot be written.
   *
   * @example
   * ```ts
   * console.log(await stock.has('apples')) // prints true
   * ```
   */
  has(key: K, options?: CallOptions): Promise<boolean> {
    return this.#operations.keys.has(key, options)
  }

  /**
   * Resolves to whether any key is mapped to a value that equals `value`, compared as `replaceMapping` does. The
   * server looks at every entry. If it finds none, it looks again for values that may be equal in another form,
   * which takes as long as a query without an index, and sends those values.
   *
   * @throws {CodecError} the value cannot be written.
   *
   * @example
   * ```ts
   * console.log(await people.hasValue({ age: 36, name: 'Ann' })) // prints true
   * ```
   */
  hasValue(value: V, options?: CallOptions): Promise<boolean> {
    return this.#operations.comparisons.hasValue(value, options)
  }

  /**
   * Resolves to whether `key` is mapped to a value that equals `value`, compared as `replaceMapping` does.
   *
   * @throws {CodecError} the key or the value cannot be written.
   *
   * @example
   * ```ts
   * console.log(await people.hasEntry('ann', { age: 36, name: 'Ann' })) // prints true
   * ```
   */
  hasEntry(key: K, value: V, options?: CallOptions): Promise<boolean> {
    return this.#operations.comparisons.hasEntry(key, value, options)
  }
}
