// The five kinds of query. Each is a frozen plain object that names a class of the server. Only the compiler knows the
// types of its values and its result.

declare const filterOf: unique symbol
declare const extractorOf: unique symbol
declare const comparatorOf: unique symbol
declare const processorOf: unique symbol
declare const aggregatorOf: unique symbol

/** Accepts or rejects values of type `V`. `Filters` has the functions that make filters. */
export interface Filter<in V> {
  /** The name by which the server knows the class of the filter. */
  readonly '@class': string
  /** Only for the compiler. The member does not exist. */
  readonly [filterOf]: (value: V) => void
}

/** Extracts an `R` from a value of type `V`. `Extractors` has the functions that make extractors. */
export interface Extractor<in V, out R> {
  /** The name by which the server knows the class of the extractor. */
  readonly '@class': string
  /** Only for the compiler. The member does not exist. */
  readonly [extractorOf]: (value: V) => R
}

/** Orders values of type `V`. `Comparators` has the functions that make comparators. */
export interface Comparator<in V> {
  /** The name by which the server knows the class of the comparator. */
  readonly '@class': string
  /** Only for the compiler. The member does not exist. */
  readonly [comparatorOf]: (value: V) => void
}

/**
 * Works on one entry with a value of type `V`, on the server that stores it, and returns an `R`. `Processors` has the
 * functions that make processors.
 */
export interface Processor<in V, out R> {
  /** The name by which the server knows the class of the processor. */
  readonly '@class': string
  /** Only for the compiler. The member does not exist. */
  readonly [processorOf]: (value: V) => R
}

/** Makes one `R` from many values of type `V`. `Aggregators` has the functions that make aggregators. */
export interface Aggregator<in V, out R> {
  /** The name by which the server knows the class of the aggregator. */
  readonly '@class': string
  /** Only for the compiler. The member does not exist. */
  readonly [aggregatorOf]: (value: V) => R
}

/** The results of several queries. The last ones may be left out: their types are `never`. */
export type Answers<R extends readonly unknown[]> = R extends readonly [...infer Others, infer Last]
  ? [Last] extends [never]
    ? Answers<Others>
    : R
  : []

/**
 * The type of plain data that is about to become a query. The function that makes the query declares which kind it
 * is.
 */
export type AnyQuery = Filter<unknown> &
  Extractor<unknown, never> &
  Comparator<unknown> &
  Processor<unknown, never> &
  Aggregator<unknown, never>
