// The five kinds of query. Each is a frozen plain object that names a class of the server; what it asks of a value and
// what it answers is known to the compiler only.

declare const filterOf: unique symbol
declare const extractorOf: unique symbol
declare const comparatorOf: unique symbol
declare const processorOf: unique symbol
declare const aggregatorOf: unique symbol

/** Says of a value of type `V` whether it is wanted. */
export interface Filter<in V> {
  /** The name that the server knows the filter's class by. */
  readonly '@class': string
  /** For the compiler only: there is no such member. */
  readonly [filterOf]: (value: V) => void
}

/** Takes an `R` out of a value of type `V`. */
export interface Extractor<in V, out R> {
  /** The name that the server knows the extractor's class by. */
  readonly '@class': string
  /** For the compiler only: there is no such member. */
  readonly [extractorOf]: (value: V) => R
}

/** Orders values of type `V`. */
export interface Comparator<in V> {
  /** The name that the server knows the comparator's class by. */
  readonly '@class': string
  /** For the compiler only: there is no such member. */
  readonly [comparatorOf]: (value: V) => void
}

/** Works on one entry whose value is a `V`, where the entry is kept, and answers an `R`. */
export interface Processor<in V, out R> {
  /** The name that the server knows the processor's class by. */
  readonly '@class': string
  /** For the compiler only: there is no such member. */
  readonly [processorOf]: (value: V) => R
}

/** Makes one `R` of many values of type `V`. */
export interface Aggregator<in V, out R> {
  /** The name that the server knows the aggregator's class by. */
  readonly '@class': string
  /** For the compiler only: there is no such member. */
  readonly [aggregatorOf]: (value: V) => R
}

/** The answers of several queries, of which the last ones may not be there: those are `never`. */
export type Answers<R extends readonly unknown[]> = R extends readonly [...infer Others, infer Last]
  ? [Last] extends [never]
    ? Answers<Others>
    : R
  : []

/**
 * What can stand for any query: how plain data gets into these types, each maker of queries saying which of them it is.
 */
export type AnyQuery = Filter<unknown> &
  Extractor<unknown, never> &
  Comparator<unknown> &
  Processor<unknown, never> &
  Aggregator<unknown, never>
