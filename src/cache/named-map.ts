// A map of the server as users see it: each method documents and delegates.
import { inspect } from 'node:util'
import type { Path } from '../query/path'
import type { Aggregator, Comparator, Processor } from '../query/query'
import type { Source } from '../query/source'
import type { WriteOptions } from './aborted-write'
import { BulkCalls } from './bulk-calls'
import type { Entries } from './bulk-write'
import type { CallOptions } from './call-options'
import { ComparingCalls } from './comparing-calls'
import { EntryCalls } from './entry-calls'
import type { EventListener } from './event-listeners'
import type { EventStream } from './event-stream'
import { type EventOptions, ListenCalls } from './listen-calls'
import type { ListenOptions } from './listen-options'
import { MapContext } from './map-context'
import type { EventFor } from './map-event'
import type { MapLifecycleEvents } from './map-lifecycle'
import { QueryCalls } from './query-calls'
import type { EntryTarget, QueryOptions } from './query-options'
import type { Results } from './results'
import type { MapListener, Subscription } from './subscription'

/** The life of an entry. */
export interface TtlOptions {
  /**
   * How long the entry lives, in seconds, from now: above 0, rounded up to a millisecond; `Infinity` for ever.
   * Left out, the default of the cache holds.
   */
  readonly ttlSeconds?: number | undefined
}

/** Options of `setAll`. `ttlSeconds` is the life of each entry. */
export interface SetAllOptions extends WriteOptions, TtlOptions {
  /** Called after each message that was stored, with the number of entries stored so far. */
  readonly onProgress?: ((storedEntries: number) => void) | undefined
}

/** Options of `addIndex`. */
export interface IndexOptions<V> extends WriteOptions {
  /** Whether the index helps with ranges and order as well. `false` where left out. */
  readonly ordered?: boolean | undefined
  /** The order of the index; the natural one where left out. */
  readonly comparator?: Comparator<V> | undefined
}

const MAP_CLASS = 'NamedMap'

/**
 * A map of keys to values on the server, shared by all clients that ask for its name. Get one from
 * `session.getMap(name)`.
 *
 * Keys and values are JSON. `undefined` is "nothing"; `null`, `0`, `''` and `false` are keys and values like any other.
 * Calls on one key are carried out in the order in which they were made, whether they are awaited or not.
 *
 * What changes entries is never repeated by itself: when the connection is lost before the answer, it rejects with
 * `ConnectionError` whose `outcome` is `'unknown'`, and may or may not have been carried out. Reads are sent again on the
 * next connection, within their time.
 *
 * Every method rejects with `SessionClosedError` when the session is closed, `MapInactiveError` when the map was
 * released or destroyed, `RequestTimeoutError` when there is no answer in time, `ConnectionError` when there is no
 * connection or it was lost, `ServerError` with what the server says went wrong, `CodecError` when a key or value has
 * no form or cannot be read, `TypeError` when an argument is wrong, and the `reason` of a signal that aborts.
 */
export class NamedMap<K, V> implements AsyncIterable<[K, V]> {
  readonly #context: MapContext<K, V>
  readonly #entries: EntryCalls<K, V>
  readonly #comparisons: ComparingCalls<K, V>
  readonly #bulk: BulkCalls<K, V>
  readonly #queries: QueryCalls<K, V>
  readonly #listeners: ListenCalls<K, V>

  /** @internal */
  constructor(context: MapContext<K, V>) {
    if (!(context instanceof MapContext)) {
      throw new TypeError(
        `A ${new.target.name} is not made with new; call await session.getMap(name) or session.getCache(name)`,
      )
    }
    this.#context = context
    this.#entries = new EntryCalls(context)
    this.#comparisons = new ComparingCalls(context)
    this.#bulk = new BulkCalls(context)
    this.#queries = new QueryCalls(context)
    this.#listeners = new ListenCalls(context)
  }

  /** The map's name on the server. */
  get name(): string {
    return this.#context.name
  }

  /** Whether calls can be made: the map was neither released nor destroyed, and the session is open. */
  get isActive(): boolean {
    return this.#context.isUsable
  }

  /** The value of `key`; `undefined` where the key is absent. */
  get(key: K, options?: CallOptions): Promise<V | undefined> {
    return this.#entries.get(key, options)
  }

  /** The value of `key`, also where it is `null`; `defaultValue` where the key is absent. Nothing is stored. */
  getOrDefault<D = V>(key: K, defaultValue: D, options?: CallOptions): Promise<V | D> {
    return this.#entries.getOrDefault(key, defaultValue, options)
  }

  /**
   * The values of those keys that are present, under the given keys themselves and in their order. Keys that are
   * mapped to `null` are left out by most servers (those after 24.09, unless their caches keep JSON as it came).
   */
  getAll(keys: Iterable<K>, options?: CallOptions): Promise<Map<K, V>> {
    return this.#bulk.getAll(keys, options)
  }

  /**
   * Maps `key` to `value` and gives the value it replaced; `undefined` where there was none or it was `null`, which
   * the server does not tell apart. The entry lives for `ttlSeconds`.
   *
   * Not repeated when the connection is lost before the answer: `ConnectionError` with `outcome` `'unknown'`.
   */
  set(key: K, value: V, options?: WriteOptions & TtlOptions): Promise<V | undefined> {
    return this.#entries.set(key, value, options)
  }

  /**
   * Stores all entries, in messages of bounded size: memory is bounded whatever an iterable gives. It is not one
   * transaction: after a failure some of the entries are stored. `timeoutSeconds` holds for each message.
   */
  setAll(entries: Entries<K, V>, options?: SetAllOptions): Promise<void> {
    return this.#bulk.setAll(entries, options)
  }

  /**
   * Maps `key` to `value` where the key is absent or mapped to `null`. Gives the value that was there and is kept;
   * `undefined` where `value` was stored, which lives for `ttlSeconds` then.
   */
  setIfAbsent(key: K, value: V, options?: WriteOptions & TtlOptions): Promise<V | undefined> {
    return this.#entries.setIfAbsent(key, value, options)
  }

  /**
   * Maps `key` to `value` where the key is present, and gives the value it replaced; `undefined` where the key was
   * absent or mapped to `null`, which not every server tells apart.
   */
  replace(key: K, value: V, options?: WriteOptions): Promise<V | undefined> {
    return this.#entries.replace(key, value, options)
  }

  /**
   * Maps `key` to `newValue` where it is mapped to a value that equals `oldValue`. Resolves to `true` where it did, and
   * to `false` where the key is absent or mapped to another value; nothing was changed then.
   *
   * Values are equal when `get` shows them so: the order of members does not count, and a member that is null equals one
   * that is absent. Another client may store an equal value in another form at that moment: the answer can be `false` then.
   *
   * Not repeated when the connection is lost before the answer: `ConnectionError` with `outcome` `'unknown'`.
   *
   * @throws {CodecError} a value has no form, or the values are too large for a request; nothing was changed.
   */
  replaceMapping(key: K, oldValue: V, newValue: V, options?: WriteOptions): Promise<boolean> {
    return this.#comparisons.replaceMapping(key, oldValue, newValue, options)
  }

  /**
   * Removes `key` and gives the value it had; `undefined` where it was absent or mapped to `null`, which the server
   * does not tell apart.
   */
  delete(key: K, options?: WriteOptions): Promise<V | undefined> {
    return this.#entries.delete(key, options)
  }

  /**
   * Removes `key` where it is mapped to a value that equals `value`, as `replaceMapping` compares them. Resolves to
   * `true` where it did, and to `false` where the key is absent or mapped to another value; nothing was changed then.
   *
   * Not repeated when the connection is lost before the answer: `ConnectionError` with `outcome` `'unknown'`.
   *
   * @throws {CodecError} the value has no form, or is too large for a request; nothing was changed.
   */
  removeMapping(key: K, value: V, options?: WriteOptions): Promise<boolean> {
    return this.#comparisons.removeMapping(key, value, options)
  }

  /** Whether `key` is present, also where it is mapped to `null`. */
  has(key: K, options?: CallOptions): Promise<boolean> {
    return this.#entries.has(key, options)
  }

  /**
   * Whether any key is mapped to a value that equals `value`, as `replaceMapping` compares them. The server looks at every
   * entry. Where it finds none it looks again for values that may be equal in another form, which takes as long as a query
   * without an index, and sends those.
   */
  hasValue(value: V, options?: CallOptions): Promise<boolean> {
    return this.#comparisons.hasValue(value, options)
  }

  /** Whether `key` is mapped to a value that equals `value`, as `replaceMapping` compares them. */
  hasEntry(key: K, value: V, options?: CallOptions): Promise<boolean> {
    return this.#comparisons.hasEntry(key, value, options)
  }

  /** Whether there are no entries. */
  isEmpty(options?: CallOptions): Promise<boolean> {
    return this.#entries.isEmpty(options)
  }

  /** Whether the server's service of the map is ready for requests. */
  isReady(options?: CallOptions): Promise<boolean> {
    return this.#entries.isReady(options)
  }

  /** The number of entries. */
  size(options?: CallOptions): Promise<number> {
    return this.#entries.size(options)
  }

  /** Removes all entries; listeners get an event for each. */
  clear(options?: WriteOptions): Promise<void> {
    return this.#entries.clear(options)
  }

  /** Removes all entries at once, without an event for each. */
  truncate(options?: WriteOptions): Promise<void> {
    return this.#entries.truncate(options)
  }

  /**
   * Removes the map with all entries from the cluster, for every client. It is inactive afterwards; ask the session
   * for a new one. Nothing happens where it was destroyed before.
   */
  destroy(options?: WriteOptions): Promise<void> {
    return this.#entries.destroy(options)
  }

  /**
   * Ends the use of the map on this client; its entries stay on the server. New calls are refused, those in progress
   * are waited for. Nothing happens where it is inactive already.
   */
  release(): Promise<void> {
    return this.#entries.release()
  }

  /** All keys, or those of the entries that the options select. */
  keys(options?: QueryOptions<V>): Results<K> {
    return this.#queries.keys(options)
  }

  /** All values, or those that the options select; equal values come as often as they are there. */
  values(options?: QueryOptions<V>): Results<V> {
    return this.#queries.values(options)
  }

  /** All entries, or those that the options select. */
  entries(options?: QueryOptions<V>): Results<[K, V]> {
    return this.#queries.entries(options)
  }

  /** Calls `visit` with the value and the key of each entry, and waits for it before the next. */
  forEach(visit: (value: V, key: K) => unknown, options?: QueryOptions<V>): Promise<void> {
    return this.#queries.forEach(visit, options)
  }

  /** The same as `entries()`. */
  [Symbol.asyncIterator](): AsyncIterator<[K, V], undefined> {
    return this.#queries.entries(undefined)[Symbol.asyncIterator]() as AsyncIterator<[K, V], undefined>
  }

  /** Runs `processor` on the entry of `key`, whether it is present or not, and gives its result. */
  invoke<R>(key: K, processor: Processor<V, R>, options?: WriteOptions): Promise<R> {
    return this.#queries.invoke(key, processor, options)
  }

  /**
   * Runs `processor` at once on the entries of some keys, on those that a filter accepts, or on all. Gives the results
   * by key; with `discardResults` nothing; with `stream` each result as it comes, to be consumed once.
   */
  invokeAll<R>(
    processor: Processor<V, R>,
    options?: EntryTarget<K, V> & WriteOptions & { readonly discardResults?: false; readonly stream?: false },
  ): Promise<Map<K, R>>
  invokeAll(
    processor: Processor<V, unknown>,
    options: EntryTarget<K, V> & WriteOptions & { readonly discardResults: true; readonly stream?: false },
  ): Promise<void>
  invokeAll<R>(
    processor: Processor<V, R>,
    options: EntryTarget<K, V> & WriteOptions & { readonly stream: true; readonly discardResults?: false },
  ): Results<[K, R]>
  invokeAll<R>(
    processor: Processor<V, R>,
    options?: object,
  ): Promise<Map<K, R>> | Promise<void> | Results<[K, R]> {
    return this.#queries.invokeAll(processor, options)
  }

  /** What `aggregator` makes of the entries of some keys, of those that a filter accepts, or of all. */
  aggregate<R>(aggregator: Aggregator<V, R>, options?: EntryTarget<K, V> & CallOptions): Promise<R> {
    return this.#queries.aggregate(aggregator, options)
  }

  /**
   * Keeps an index of what `source` gives, a path such as `'address.city'` or an extractor, for queries by the same.
   * Nothing happens where there is the same index.
   */
  addIndex<P extends Path<V> = never, R = never>(
    source: Source<V, P, R>,
    options?: IndexOptions<V>,
  ): Promise<void> {
    return this.#queries.addIndex(source, options)
  }

  /** Drops the index of what `source` gives. Nothing happens where there is none. */
  removeIndex<P extends Path<V> = never, R = never>(
    source: Source<V, P, R>,
    options?: WriteOptions,
  ): Promise<void> {
    return this.#queries.removeIndex(source, options)
  }

  /**
   * Calls `listener` for each event of the entries that the options select, in the server's order. A function is
   * called for every event; an object has a function for each kind. One that returns a promise is called again when
   * it is settled; up to 10,000 events wait for it, older ones are dropped then, and told as a gap.
   *
   * Resolves when the server has the registration: no event after that is missed. After a lost connection it is
   * registered again before calls go on, and told of the gap. What a listener throws is an `error` event of the
   * session. The registration ends with `close()`, with an abort of `options.signal`, and with the map.
   */
  async listen<Lite extends boolean = false, Primed extends boolean = false>(
    listener:
      MapListener<K, V, EventFor<K, V, Lite, Primed>> | ((event: EventFor<K, V, Lite, Primed>) => unknown),
    options?: ListenOptions<K, V, Lite, Primed>,
  ): Promise<Subscription> {
    return await this.#listeners.listen(this, listener, options)
  }

  /**
   * The events of the entries that the options select, as an async iterable to be consumed once. It is registered at
   * once, and events are kept from then on. It gives gaps and truncations as well, told apart by `type`.
   */
  events<Lite extends boolean = false, Primed extends boolean = false>(
    options?: EventOptions<K, V, Lite, Primed>,
  ): EventStream<K, V, EventFor<K, V, Lite, Primed>> {
    return this.#listeners.events(this, options) as EventStream<K, V, EventFor<K, V, Lite, Primed>>
  }

  /** Calls `listener` when the event happens to the map, by this client or another. */
  on<N extends keyof MapLifecycleEvents>(event: N, listener: EventListener<MapLifecycleEvents[N]>): this {
    this.#context.lifecycle.listeners.add(event, listener)
    return this
  }

  /** Calls `listener` the next time the event happens to the map, and not again. `off` takes it away before. */
  once<N extends keyof MapLifecycleEvents>(event: N, listener: EventListener<MapLifecycleEvents[N]>): this {
    this.#context.lifecycle.listeners.addOnce(event, listener)
    return this
  }

  /** Takes a listener away. */
  off<N extends keyof MapLifecycleEvents>(event: N, listener: EventListener<MapLifecycleEvents[N]>): this {
    this.#context.lifecycle.listeners.remove(event, listener)
    return this
  }

  /** Written out, as bundlers shorten the names of classes. @internal */
  get [Symbol.toStringTag](): string {
    return MAP_CLASS
  }

  /** The class, the name and the state, for logs. @internal */
  [inspect.custom](): string {
    return `${this[Symbol.toStringTag]} ${inspect(this.name)} { ${this.#context.state} }`
  }
}
