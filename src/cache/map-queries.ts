// The part of a map that works with queries: streamed reads, entry processors, aggregators and indexes.
import type { CallOptions, WriteOptions } from '../calls/call-options'
import type { Path } from '../query/path'
import type { Aggregator, Processor } from '../query/query'
import type { Source } from '../query/source'
import { MapEntries } from './map-entries'
import type { Operations } from './operations'
import type { IndexOptions } from './queries/agents'
import type { EntryTarget, QueryOptions } from './queries/query-options'
import type { Results } from './queries/results'

/**
 * The methods of a `NamedMap` for queries.
 *
 * @example The examples of the methods begin with this one:
 * ```ts
 * import { Aggregators, Filters, Processors, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * await stock.set('apples', 3)
 * const people = await session.getMap<string, { name: string; age: number }>('people')
 * await people.set('ann', { name: 'Ann', age: 36 })
 * ```
 */
export abstract class MapQueries<K, V> extends MapEntries<K, V> implements AsyncIterable<[K, V]> {
  readonly #operations: Operations<K, V>

  /** @internal */
  constructor(operations: Operations<K, V>) {
    super(operations)
    this.#operations = operations
  }

  /**
   * Returns all keys, or those of the entries that the options select. The request is sent when the results are
   * consumed.
   *
   * @throws {TypeError} an option is wrong; this is thrown at once.
   *
   * @example
   * ```ts
   * for await (const key of stock.keys()) console.log(key) // prints apples
   * ```
   */
  keys(options?: QueryOptions<V>): Results<K> {
    return this.#operations.reads.keys(options)
  }

  /**
   * Returns all values, or those that the options select. Equal values come as often as they are stored. The request
   * is sent when the results are consumed.
   *
   * @throws {TypeError} an option is wrong; this is thrown at once.
   *
   * @example
   * ```ts
   * const grownUps = await people.values({ filter: Filters.greaterEqual('age', 18) }).toArray()
   * console.log(grownUps) // prints [ { name: 'Ann', age: 36 } ]
   * ```
   */
  values(options?: QueryOptions<V>): Results<V> {
    return this.#operations.reads.values(options)
  }

  /**
   * Returns all entries, or those that the options select. The request is sent when the results are consumed.
   *
   * @throws {TypeError} an option is wrong; this is thrown at once.
   *
   * @example
   * ```ts
   * for await (const [key, person] of people.entries({ filter: Filters.less('age', 40), limit: 10 })) {
   *   console.log(key, person.name) // prints ann Ann
   * }
   * ```
   */
  entries(options?: QueryOptions<V>): Results<[K, V]> {
    return this.#operations.reads.entries(options)
  }

  /**
   * Calls `visit` with the value and the key of each entry, and waits for it before the next. Rejects with what
   * `visit` throws.
   *
   * @throws {RequestTimeoutError} an entry did not come within `options.timeoutSeconds`.
   *
   * @example
   * ```ts
   * await stock.forEach((count, key) => console.log(key, count)) // prints apples 3
   * ```
   */
  forEach(visit: (value: V, key: K) => unknown, options?: QueryOptions<V>): Promise<void> {
    return this.#operations.reads.forEach(visit, options)
  }

  /**
   * Iterates over all entries, as `entries()` does.
   *
   * @example
   * ```ts
   * for await (const [key, count] of stock) console.log(key, count) // prints apples 3
   * ```
   */
  [Symbol.asyncIterator](): AsyncIterator<[K, V], undefined> {
    return this.#operations.reads.entries(undefined)[Symbol.asyncIterator]() as AsyncIterator<
      [K, V],
      undefined
    >
  }

  /**
   * Runs `processor` on the entry of `key`, whether it is present or not, and resolves to its result.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: the processor may
   *   have run.
   * @throws {ServerError} the processor failed on the server.
   *
   * @example
   * ```ts
   * const age = await people.invoke('ann', Processors.increment('age', 1))
   * console.log(age) // prints 37
   * ```
   */
  invoke<R>(key: K, processor: Processor<V, R>, options?: WriteOptions): Promise<R> {
    return this.#operations.agents.invoke(key, processor, options)
  }

  /**
   * Runs `processor` on the entries of some keys, on those that a filter accepts, or on all. Resolves to the results
   * by key; with `discardResults` to nothing. With `stream` it returns each result as it comes, to be consumed once.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: the processor may
   *   have run on any of the entries.
   * @throws {ServerError} the processor failed on the server.
   *
   * @example
   * ```ts
   * const ages = await people.invokeAll(Processors.increment('age', 1), { keys: ['ann'] })
   * console.log(ages) // prints Map(1) { 'ann' => 37 }
   * ```
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
    return this.#operations.agents.invokeAll(processor, options)
  }

  /**
   * Resolves to what `aggregator` computes from the entries of some keys, of those that a filter accepts, or of all.
   *
   * @throws {ServerError} the aggregator failed on the server.
   *
   * @example
   * ```ts
   * const average = await people.aggregate(Aggregators.average('age'), { filter: Filters.less('age', 40) })
   * console.log(average) // prints 36
   * ```
   */
  aggregate<R>(aggregator: Aggregator<V, R>, options?: EntryTarget<K, V> & CallOptions): Promise<R> {
    return this.#operations.agents.aggregate(aggregator, options)
  }

  /**
   * Adds an index of what `source` extracts, a path such as `'address.city'` or an extractor, for queries by the
   * same source. Does nothing if there is the same index.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: the index may be
   *   there.
   *
   * @example
   * ```ts
   * await people.addIndex('age', { ordered: true })
   * ```
   */
  addIndex<P extends Path<V> = never, R = never>(
    source: Source<V, P, R>,
    options?: IndexOptions<V>,
  ): Promise<void> {
    return this.#operations.agents.addIndex(source, options)
  }

  /**
   * Removes the index of what `source` extracts. Does nothing if there is none.
   *
   * @throws {ConnectionError} the connection was lost before the answer; `outcome` is `'unknown'`: the index may be
   *   removed.
   *
   * @example
   * ```ts
   * await people.removeIndex('age')
   * ```
   */
  removeIndex<P extends Path<V> = never, R = never>(
    source: Source<V, P, R>,
    options?: WriteOptions,
  ): Promise<void> {
    return this.#operations.agents.removeIndex(source, options)
  }
}
