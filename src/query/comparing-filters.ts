// Filters that compare what a source extracts with a value, with bounds or with null.
import { checkedOptions, flagIn } from './checked-options'
import { comparison, comparisonWithEach } from './comparison'
import type { Filter } from './query'
import type { Path } from './path'
import { serverObject } from './server-object'
import { extractorFrom, type Sought, type Source } from './source'

/** Which bounds of `between` match. */
export interface BetweenOptions {
  /** Whether the lower bound itself matches; `true` by default. */
  readonly includeLower?: boolean | undefined
  /** Whether the upper bound itself matches; `true` by default. */
  readonly includeUpper?: boolean | undefined
}

/**
 * Matches entries whose value at `source` equals `value`, compared deeply. `null` also matches a missing value.
 *
 * The server distinguishes whole numbers from fractions: `5` does not match a stored `5.0`, which other clients may
 * have written.
 *
 * @param source A path, such as `'address.city'`, or an extractor. All filters of values take one.
 * @throws {TypeError} the path is empty or has an empty name in it, or `value` is `undefined`.
 *
 * @example
 * ```ts
 * import { Filters, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; city: string }>('people')
 * await people.set(1, { name: 'Ann', city: 'Boston' })
 * await people.set(2, { name: 'Bo', city: 'Rome' })
 * console.log(await people.keys({ filter: Filters.equal('city', 'Rome') }).toArray()) // prints [ 2 ]
 * ```
 */
export function equal<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  value: NoInfer<Sought<V, P, R> | null>,
): Filter<V> {
  return comparison('Filters.equal', 'filter.EqualsFilter', source, value)
}

/**
 * Matches entries whose value at `source` does not equal `value`. A missing value matches, unless `value` is `null`.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, or `value` is `undefined`.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const abroad: Filter<{ city: string }> = Filters.notEqual('city', 'Boston')
 * console.log(abroad['@class']) // prints filter.NotEqualsFilter
 * ```
 */
export function notEqual<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  value: NoInfer<Sought<V, P, R> | null>,
): Filter<V> {
  return comparison('Filters.notEqual', 'filter.NotEqualsFilter', source, value)
}

/**
 * Matches entries whose value at `source` is greater than `value`. A missing value never matches.
 *
 * The server fails the query if it has to compare a whole number with a fraction, or a string with a number.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, or `value` is `undefined`.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const expensive: Filter<{ cents: number }> = Filters.greater('cents', 10_000)
 * console.log(expensive['@class']) // prints filter.GreaterFilter
 * ```
 */
export function greater<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  value: NoInfer<NonNullable<Sought<V, P, R>>>,
): Filter<V> {
  return comparison('Filters.greater', 'filter.GreaterFilter', source, value)
}

/**
 * Matches entries whose value at `source` is greater than or equal to `value`. A missing value never matches.
 *
 * The server fails the query if it has to compare a whole number with a fraction, or a string with a number.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, or `value` is `undefined`.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const adults: Filter<{ age: number }> = Filters.greaterEqual('age', 18)
 * console.log(adults['@class']) // prints filter.GreaterEqualsFilter
 * ```
 */
export function greaterEqual<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  value: NoInfer<NonNullable<Sought<V, P, R>>>,
): Filter<V> {
  return comparison('Filters.greaterEqual', 'filter.GreaterEqualsFilter', source, value)
}

/**
 * Matches entries whose value at `source` is less than `value`. A missing value never matches.
 *
 * The server fails the query if it has to compare a whole number with a fraction, or a string with a number.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, or `value` is `undefined`.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const minors: Filter<{ age: number }> = Filters.less('age', 18)
 * console.log(minors['@class']) // prints filter.LessFilter
 * ```
 */
export function less<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  value: NoInfer<NonNullable<Sought<V, P, R>>>,
): Filter<V> {
  return comparison('Filters.less', 'filter.LessFilter', source, value)
}

/**
 * Matches entries whose value at `source` is less than or equal to `value`. A missing value never matches.
 *
 * The server fails the query if it has to compare a whole number with a fraction, or a string with a number.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, or `value` is `undefined`.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const cheap: Filter<{ cents: number }> = Filters.lessEqual('cents', 500)
 * console.log(cheap['@class']) // prints filter.LessEqualsFilter
 * ```
 */
export function lessEqual<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  value: NoInfer<NonNullable<Sought<V, P, R>>>,
): Filter<V> {
  return comparison('Filters.lessEqual', 'filter.LessEqualsFilter', source, value)
}

/**
 * Matches entries whose value at `source` is between `lower` and `upper`. A missing value never matches.
 *
 * Both bounds match, unless `options` exclude them. The server fails the query if it has to compare a whole number
 * with a fraction, or a string with a number.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, a bound is `undefined`, or an option is wrong.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const working: Filter<{ age: number }> = Filters.between('age', 18, 65, { includeUpper: false })
 * console.log(working['@class']) // prints filter.BetweenFilter
 * ```
 */
export function between<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  lower: NoInfer<NonNullable<Sought<V, P, R>>>,
  upper: NoInfer<NonNullable<Sought<V, P, R>>>,
  options: BetweenOptions = {},
): Filter<V> {
  const checked = checkedOptions('Filters.between', options, ['includeLower', 'includeUpper'])
  const includesLower = flagIn('Filters.between', checked, 'includeLower') ?? true
  const includesUpper = flagIn('Filters.between', checked, 'includeUpper') ?? true
  const from = includesLower ? 'filter.GreaterEqualsFilter' : 'filter.GreaterFilter'
  const to = includesUpper ? 'filter.LessEqualsFilter' : 'filter.LessFilter'
  return serverObject('filter.BetweenFilter', {
    filters: Object.freeze([
      comparison('Filters.between', from, source, lower),
      comparison('Filters.between', to, source, upper),
    ]),
  })
}

/**
 * Matches entries whose value at `source` equals one of `values`; `null` also matches a missing value. Without
 * values it matches no entry.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, or `values` is not iterable or contains
 *   `undefined`.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const nearby: Filter<{ city: string }> = Filters.in('city', ['Boston', 'Salem'])
 * console.log(nearby['@class']) // prints filter.InFilter
 * ```
 */
function isIn<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  values: Iterable<NoInfer<Sought<V, P, R> | null>>,
): Filter<V> {
  return comparisonWithEach('Filters.in', 'filter.InFilter', source, values)
}

/**
 * Matches entries whose value at `source` is missing or `null`.
 *
 * @throws {TypeError} the path is empty or has an empty name in it.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const unnamed: Filter<{ name?: string }> = Filters.isNull('name')
 * console.log(unnamed['@class']) // prints filter.IsNullFilter
 * ```
 */
export function isNull<V, P extends Path<V> = never, R = never>(source: Source<V, P, R>): Filter<V> {
  return serverObject('filter.IsNullFilter', { extractor: extractorFrom('Filters.isNull', source) })
}

/**
 * Matches entries whose value at `source` is neither missing nor `null`.
 *
 * @throws {TypeError} the path is empty or has an empty name in it.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const named: Filter<{ name?: string }> = Filters.isNotNull('name')
 * console.log(named['@class']) // prints filter.IsNotNullFilter
 * ```
 */
export function isNotNull<V, P extends Path<V> = never, R = never>(source: Source<V, P, R>): Filter<V> {
  return serverObject('filter.IsNotNullFilter', { extractor: extractorFrom('Filters.isNotNull', source) })
}

export { isIn as in }
