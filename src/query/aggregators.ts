// Aggregators make one result from many entries. This file is the namespace `Aggregators` of the public surface.
import type { Aggregator, AnyQuery, Answers, Comparator, Filter } from './query'
import type { Path } from './path'
import { isKeyOrder } from './key-order'
import { checkQuery, customObject, serverObject, shown } from './server-object'
import { extractorFrom, type Given, type Source } from './source'
import { groupFilter } from './group-filter'

/**
 * Counts the entries; `0` if there are none.
 *
 * @example
 * ```ts
 * import { Aggregators, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * console.log(await people.aggregate(Aggregators.count())) // prints 1
 * ```
 */
export function count<V>(): Aggregator<V, number> {
  return serverObject('aggregator.Count')
}

/**
 * Adds up the numbers that `source` extracts, without missing values; `undefined` if there are none.
 *
 * The server adds decimals without loss. The result is the nearest `number`.
 *
 * @param source A path, such as `'order.total'`, or an extractor. All aggregators of values take one.
 * @throws {TypeError} the path is empty or has an empty name in it.
 *
 * @example
 * ```ts
 * import { Aggregators, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * await people.set(2, { name: 'Bo', age: 17 })
 * console.log(await people.aggregate(Aggregators.sum('age'))) // prints 53
 * ```
 */
export function sum<V, P extends Path<V, number | bigint> = never, R = never>(
  source: Source<V, P, R, number | bigint>,
): Aggregator<V, number | undefined> {
  return serverObject('aggregator.BigDecimalSum', { extractor: extractorFrom('Aggregators.sum', source) })
}

/**
 * Computes the mean of the numbers that `source` extracts, to 8 decimals and without missing values; `undefined` if
 * there are none.
 *
 * @throws {TypeError} the path is empty or has an empty name in it.
 *
 * @example
 * ```ts
 * import { Aggregators, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * await people.set(2, { name: 'Bo', age: 17 })
 * console.log(await people.aggregate(Aggregators.average('age'))) // prints 26.5
 * ```
 */
export function average<V, P extends Path<V, number | bigint> = never, R = never>(
  source: Source<V, P, R, number | bigint>,
): Aggregator<V, number | undefined> {
  return serverObject('aggregator.BigDecimalAverage', {
    extractor: extractorFrom('Aggregators.average', source),
  })
}

/**
 * Finds the greatest value that `source` extracts, without missing values; `undefined` if there are none.
 *
 * The server fails if it has to compare a whole number with a fraction.
 *
 * @throws {TypeError} the path is empty or has an empty name in it.
 *
 * @example
 * ```ts
 * import { Aggregators, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * console.log(await people.aggregate(Aggregators.max('age'))) // prints 36
 * ```
 */
export function max<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
): Aggregator<V, NonNullable<Given<V, P, R>> | undefined> {
  return serverObject('aggregator.ComparableMax', { extractor: extractorFrom('Aggregators.max', source) })
}

/**
 * Finds the least value that `source` extracts, without missing values; `undefined` if there are none.
 *
 * The server fails if it has to compare a whole number with a fraction.
 *
 * @throws {TypeError} the path is empty or has an empty name in it.
 *
 * @example
 * ```ts
 * import { Aggregators, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * console.log(await people.aggregate(Aggregators.min('age'))) // prints 36
 * ```
 */
export function min<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
): Aggregator<V, NonNullable<Given<V, P, R>> | undefined> {
  return serverObject('aggregator.ComparableMin', { extractor: extractorFrom('Aggregators.min', source) })
}

/**
 * Collects the distinct values that `source` extracts, in no order and without missing values; `[]` if there are
 * none.
 *
 * @throws {TypeError} the path is empty or has an empty name in it.
 *
 * @example
 * ```ts
 * import { Aggregators, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * console.log(await people.aggregate(Aggregators.distinct('name'))) // prints [ 'Ann' ]
 * ```
 */
export function distinct<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
): Aggregator<V, NonNullable<Given<V, P, R>>[]> {
  return serverObject('aggregator.DistinctValues', {
    extractor: extractorFrom('Aggregators.distinct', source),
  })
}

/**
 * Returns the first `limit` values in the descending order of `comparator`; `[]` if there are no entries.
 * `Comparators.by('age')` finds the oldest, and its `reversed` the youngest.
 *
 * @param limit How many values at most.
 * @throws {TypeError} `limit` is not a positive integer, or `comparator` orders keys.
 *
 * @example
 * ```ts
 * import { Aggregators, Comparators, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * const [oldest] = await people.aggregate(Aggregators.top(1, Comparators.by('age')))
 * console.log(oldest?.name) // prints Ann
 * ```
 */
export function top<V>(limit: number, comparator: Comparator<V>): Aggregator<V, V[]> {
  if (!Number.isSafeInteger(limit) || limit < 1) {
    throw new TypeError(`Aggregators.top got ${shown(limit)} as the limit: pass a positive integer`)
  }
  checkQuery('Aggregators.top', 'comparator', "a comparator, such as Comparators.by('age')", comparator)
  if (isKeyOrder(comparator)) {
    throw new TypeError(
      "Aggregators.top got an order of keys: pass one of values, such as Comparators.by('age'), or read the first " +
        'entries in the order of keys with a limit',
    )
  }
  return serverObject('aggregator.TopNAggregator', {
    extractor: serverObject('extractor.IdentityExtractor'),
    comparator,
    results: limit,
  })
}

/**
 * Runs `aggregator` on each group of entries for which `source` extracts the same value, and returns a `Map` with the
 * results; an empty `Map` if there are no entries.
 *
 * Entries with a missing value are the group `null`. If a group's key is an object, it is a key with its own
 * identity, as always in a `Map`.
 *
 * @param filter Selects groups by the aggregator's result, such as `Filters.greater(Extractors.identity(), 10)`.
 * @throws {TypeError} the path is empty or has an empty name in it, or `aggregator` or `filter` is another kind of
 *   query.
 *
 * @example
 * ```ts
 * import { Aggregators, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; city: string }>('people')
 * await people.set(1, { name: 'Ann', city: 'Rome' })
 * await people.set(2, { name: 'Bo', city: 'Rome' })
 * const counts = await people.aggregate(Aggregators.groupBy('city', Aggregators.count()))
 * console.log(counts) // prints Map(1) { 'Rome' => 2 }
 * ```
 */
export function groupBy<V, R, P extends Path<V> = never, G = never>(
  source: Source<V, P, G>,
  aggregator: Aggregator<V, R>,
  filter?: Filter<NoInfer<Exclude<R, undefined>>>,
): Aggregator<V, Map<Given<V, P, G>, R>> {
  checkAggregator('Aggregators.groupBy', aggregator)
  if (filter !== undefined) {
    checkQuery(
      'Aggregators.groupBy',
      'filter',
      'a filter, such as Filters.greater(Extractors.identity(), 10)',
      filter,
    )
  }
  return serverObject('aggregator.GroupAggregator', {
    extractor: extractorFrom('Aggregators.groupBy', source),
    aggregator,
    filter: filter === undefined ? undefined : groupFilter(aggregator, filter),
  })
}

/**
 * Runs several aggregators on the same entries, and returns an array with their results.
 *
 * @throws {TypeError} one of the arguments is not an aggregator.
 *
 * @example
 * ```ts
 * import { Aggregators, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * const both = Aggregators.all(Aggregators.count(), Aggregators.max('age'))
 * console.log(await people.aggregate(both)) // prints [ 1, 36 ]
 * ```
 */
export function all<V, A, B = never, C = never, D = never, E = never, F = never>(
  first: Aggregator<V, A>,
  second?: Aggregator<V, B>,
  third?: Aggregator<V, C>,
  fourth?: Aggregator<V, D>,
  fifth?: Aggregator<V, E>,
  sixth?: Aggregator<V, F>,
): Aggregator<V, Answers<[A, B, C, D, E, F]>>
export function all(...aggregators: readonly (Aggregator<never, unknown> | undefined)[]): AnyQuery {
  for (const aggregator of aggregators) checkAggregator('Aggregators.all', aggregator)
  return serverObject('aggregator.CompositeAggregator', { aggregators: Object.freeze([...aggregators]) })
}

/**
 * Makes an aggregator of any class that the server knows.
 *
 * @param className The name by which the server knows the class: an alias, such as `aggregator.ReducerAggregator`, or
 *   the full name of your own class.
 * @param members The fields of the class. The server ignores fields that the class does not have, without an error.
 * @throws {TypeError} there is no class name, or a member's name is an integer or starts with `@`.
 *
 * @example
 * ```ts
 * import { Aggregators, Extractors } from 'coherence-ts'
 *
 * const names = Aggregators.custom<{ name: string }, unknown>('aggregator.ReducerAggregator', {
 *   extractor: Extractors.extract<{ name: string }, 'name'>('name'),
 * })
 * console.log(names['@class']) // prints aggregator.ReducerAggregator
 * ```
 */
export function custom<V = unknown, R = unknown>(className: string, members?: object): Aggregator<V, R> {
  return customObject('Aggregators.custom', className, members)
}

function checkAggregator(caller: string, aggregator: unknown): void {
  checkQuery(
    caller,
    'aggregator',
    "an aggregator, such as Aggregators.count() or Aggregators.sum('age')",
    aggregator,
  )
}
