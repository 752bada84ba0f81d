// Aggregators: one answer out of many entries. The namespace `Aggregators` of the public surface.
import type { Aggregator, AnyQuery, Answers, Comparator, Filter } from './query'
import type { Path } from './path'
import { isKeyOrder } from './key-order'
import { checkQuery, customObject, serverObject, shown } from './server-object'
import { extractorFrom, type Given, type Source } from './source'
import { groupFilter } from './group-filter'

/** How many entries there are. */
export function count<V>(): Aggregator<V, number> {
  return serverObject('aggregator.Count')
}

/**
 * The sum of the numbers that `source` gives, what is missing left out; `undefined` where there is none.
 *
 * The server sums decimals without loss; the answer is the nearest `number`.
 *
 * @throws {TypeError} the path is empty or has an empty name in it. So do all that take a path.
 */
export function sum<V, P extends Path<V, number | bigint> = never, R = never>(
  source: Source<V, P, R, number | bigint>,
): Aggregator<V, number | undefined> {
  return serverObject('aggregator.BigDecimalSum', { extractor: extractorFrom('Aggregators.sum', source) })
}

/** The mean of the numbers that `source` gives, what is missing left out; `undefined` where there is none. To 8 decimals. */
export function average<V, P extends Path<V, number | bigint> = never, R = never>(
  source: Source<V, P, R, number | bigint>,
): Aggregator<V, number | undefined> {
  return serverObject('aggregator.BigDecimalAverage', {
    extractor: extractorFrom('Aggregators.average', source),
  })
}

/**
 * The greatest of what `source` gives; `undefined` where there is nothing.
 *
 * The server fails where it compares a whole number with a fraction.
 */
export function max<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
): Aggregator<V, NonNullable<Given<V, P, R>> | undefined> {
  return serverObject('aggregator.ComparableMax', { extractor: extractorFrom('Aggregators.max', source) })
}

/** The least of what `source` gives; otherwise as `max`. */
export function min<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
): Aggregator<V, NonNullable<Given<V, P, R>> | undefined> {
  return serverObject('aggregator.ComparableMin', { extractor: extractorFrom('Aggregators.min', source) })
}

/** The different values that `source` gives, in no order, what is missing left out. */
export function distinct<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
): Aggregator<V, NonNullable<Given<V, P, R>>[]> {
  return serverObject('aggregator.DistinctValues', {
    extractor: extractorFrom('Aggregators.distinct', source),
  })
}

/**
 * The first `limit` values in the descending order of `comparator`: with `Comparators.by('age')` the oldest, with its
 * `reversed` the youngest.
 *
 * @param limit How many; fewer where there are fewer.
 * @throws {TypeError} `limit` is not a positive integer, or `comparator` orders keys.
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
 * What `aggregator` makes of each group of entries for which `source` gives the same, in a `Map`. Entries for which it
 * gives nothing are the group `null`. A key that is an object is one of its own, as ever in a `Map`.
 *
 * @param filter Which groups are wanted, by the aggregator's answer: `Filters.greater(Extractors.identity(), 10)`.
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

/** What each of `aggregators` answers, in an array. */
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
 * An aggregator of any class of the server.
 *
 * @param className The name that the server knows the class by: an alias, such as `aggregator.ReducerAggregator`.
 * @param members The fields of the class. Names that the class does not know are ignored by the server, without an error.
 * @throws {TypeError} there is no class name, or a member's name is an integer or starts with `@`.
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
