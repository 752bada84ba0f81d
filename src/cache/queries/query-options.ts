// The options that select the entries of a call, and their checks.
import { wrongArgument } from '../../calls/caller-stack'
import type { Comparator, Filter } from '../../query/query'
import { isOtherKind, isQuery, type QueryKind } from '../../query/query-kind'
import { CALL_OPTIONS, type CallOptions, describe, type GivenOptions } from '../../calls/call-options'

/** The options of a streamed read: which elements it returns, and in which order. */
export interface QueryOptions<V> extends CallOptions {
  /** Only entries whose value the filter accepts. */
  readonly filter?: Filter<V> | undefined
  /** The order of the elements by their values. If it is left out, the order is undefined. */
  readonly comparator?: Comparator<V> | undefined
  /** The maximum number of elements. With a comparator, the server still computes the whole result. */
  readonly limit?: number | undefined
}

/** The entries that a call applies to: those of some keys, those of a filter, or all. */
export type EntryTarget<K, V> =
  | { readonly keys: Iterable<K>; readonly filter?: undefined }
  | { readonly filter: Filter<V>; readonly keys?: undefined }
  | { readonly keys?: undefined; readonly filter?: undefined }

export const QUERY_OPTIONS = [...CALL_OPTIONS, 'filter', 'comparator', 'limit'] as const
export const TARGET_OPTIONS = [...CALL_OPTIONS, 'keys', 'filter'] as const

/** A query of the user, recognized by its class name. */
export type AnyQuery = object

/** The name of a query among the options or the arguments. */
export type QueryName = QueryKind | `the ${QueryKind}`

/** The functions that create each kind of query, for error texts. */
const MADE_BY: Readonly<Record<QueryKind, string>> = {
  filter: "Filters, such as Filters.equal('name', 'Ann')",
  comparator: "Comparators, such as Comparators.by('name')",
  extractor: "Extractors, such as Extractors.extract('name')",
  processor: "Processors, such as Processors.increment('count', 1)",
  aggregator: 'Aggregators, such as Aggregators.count()',
}

/**
 * Checks a query. `what` is the option or the argument, such as `filter` or `the processor`.
 *
 * @throws {TypeError} it is not a query of this kind.
 */
export function checkedQuery(operation: string, what: QueryName, query: unknown): AnyQuery {
  const kind = what.replace('the ', '') as QueryKind
  if (isQuery(query) && !isOtherKind(kind, query)) return query
  throw wrongArgument(`${operation}: ${what} is ${describe(query)}; make one with ${MADE_BY[kind]}`)
}

/** @throws {TypeError} it is neither `undefined` nor a query of this kind. */
export function checkedOptionalQuery(
  operation: string,
  what: QueryName,
  query: unknown,
): AnyQuery | undefined {
  return query === undefined ? undefined : checkedQuery(operation, what, query)
}

/** @throws {TypeError} the limit is not a whole number of 0 or more. */
export function limitOf(operation: string, { limit }: GivenOptions): number {
  if (limit === undefined) return Infinity
  if (typeof limit === 'number' && limit >= 0 && (Number.isInteger(limit) || limit === Infinity)) return limit
  throw wrongArgument(`${operation}: limit is ${describe(limit)}; pass a whole number of 0 or more`)
}

/** @throws {TypeError} there are both keys and a filter. */
export function checkTarget(operation: string, { keys, filter }: GivenOptions): void {
  if (keys === undefined || filter === undefined) return
  throw wrongArgument(`${operation}: keys and filter exclude each other; pass one of them`)
}
