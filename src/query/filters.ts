// Filters: which entries are wanted. The namespace `Filters` of the public surface.
//
// Each takes its source first: a path such as 'address.city', or an extractor.
import type { Filter } from './query'
import type { Path } from './path'
import { checkQuery, checkValue, customObject, serverObject, shown } from './server-object'
import { extractorFrom, type Element, type Sought, type Source } from './source'

/** The bounds of `between`. */
export interface BetweenOptions {
  /** Whether the lower bound itself matches; `true` by default. */
  readonly includeLower?: boolean | undefined
  /** Whether the upper bound itself matches; `true` by default. */
  readonly includeUpper?: boolean | undefined
}

/** How `like` reads its pattern. */
export interface LikeOptions {
  /** The character that takes the meaning from the `%`, `_` or itself behind it; by default there is none. */
  readonly escape?: string | undefined
  /** Whether upper and lower case are the same; `false` by default. */
  readonly ignoreCase?: boolean | undefined
}

/**
 * What equals `value`, objects and arrays included; `null` stands for what is missing.
 *
 * The server tells whole numbers from fractions: `5` matches no stored `5.0`, which is what other clients may have written.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, or `value` is `undefined`. So do all that take both.
 */
export function equal<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  value: NoInfer<Sought<V, P, R> | null>,
): Filter<V> {
  return comparison('Filters.equal', 'filter.EqualsFilter', source, value)
}

/** What does not equal `value`, what is missing included unless `value` is `null`. */
export function notEqual<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  value: NoInfer<Sought<V, P, R> | null>,
): Filter<V> {
  return comparison('Filters.notEqual', 'filter.NotEqualsFilter', source, value)
}

/**
 * What is greater than `value`; what is missing is not.
 *
 * The server fails the query where it compares a whole number with a fraction, or strings with numbers.
 */
export function greater<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  value: NoInfer<NonNullable<Sought<V, P, R>>>,
): Filter<V> {
  return comparison('Filters.greater', 'filter.GreaterFilter', source, value)
}

/** What is greater than or equal to `value`; otherwise as `greater`. */
export function greaterEqual<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  value: NoInfer<NonNullable<Sought<V, P, R>>>,
): Filter<V> {
  return comparison('Filters.greaterEqual', 'filter.GreaterEqualsFilter', source, value)
}

/** What is less than `value`; otherwise as `greater`. */
export function less<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  value: NoInfer<NonNullable<Sought<V, P, R>>>,
): Filter<V> {
  return comparison('Filters.less', 'filter.LessFilter', source, value)
}

/** What is less than or equal to `value`; otherwise as `greater`. */
export function lessEqual<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  value: NoInfer<NonNullable<Sought<V, P, R>>>,
): Filter<V> {
  return comparison('Filters.lessEqual', 'filter.LessEqualsFilter', source, value)
}

/** What lies between `lower` and `upper`, both included unless `options` say otherwise; otherwise as `greater`. */
export function between<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  lower: NoInfer<NonNullable<Sought<V, P, R>>>,
  upper: NoInfer<NonNullable<Sought<V, P, R>>>,
  options: BetweenOptions = {},
): Filter<V> {
  const { includeLower = true, includeUpper = true } = options
  const from = includeLower ? 'filter.GreaterEqualsFilter' : 'filter.GreaterFilter'
  const to = includeUpper ? 'filter.LessEqualsFilter' : 'filter.LessFilter'
  return serverObject('filter.BetweenFilter', {
    filters: Object.freeze([
      comparison('Filters.between', from, source, lower),
      comparison('Filters.between', to, source, upper),
    ]),
  })
}

/** What equals one of `values`; nothing does where there are none. */
function isIn<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  values: Iterable<NoInfer<Sought<V, P, R> | null>>,
): Filter<V> {
  return comparison('Filters.in', 'filter.InFilter', source, listed('Filters.in', values))
}

/**
 * Text like `pattern`, in which `%` stands for any characters, also none, and `_` for one character.
 *
 * @throws {TypeError} `pattern` is not a string, or `options.escape` is not exactly one character.
 */
export function like<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  pattern: string,
  options: LikeOptions = {},
): Filter<V> {
  checkPattern('Filters.like', pattern)
  const { escape, ignoreCase } = options
  if (escape !== undefined && (typeof escape !== 'string' || escape.length !== 1)) {
    throw new TypeError(`Filters.like got ${shown(escape)} as the escape: pass one character, such as '\\\\'`)
  }
  return serverObject('filter.LikeFilter', {
    extractor: extractorFrom('Filters.like', source),
    value: pattern,
    escapeChar: escape,
    ignoreCase: ignoreCase === true ? true : undefined,
  })
}

/**
 * Text that the Java regular expression `pattern` matches as a whole. The server refuses a pattern it cannot read.
 *
 * @throws {TypeError} `pattern` is not a string.
 */
export function regex<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  pattern: string,
): Filter<V> {
  checkPattern('Filters.regex', pattern)
  return comparison('Filters.regex', 'filter.RegexFilter', source, pattern)
}

/** What is missing or `null`. */
export function isNull<V, P extends Path<V> = never, R = never>(source: Source<V, P, R>): Filter<V> {
  return serverObject('filter.IsNullFilter', { extractor: extractorFrom('Filters.isNull', source) })
}

/** What is neither missing nor `null`. */
export function isNotNull<V, P extends Path<V> = never, R = never>(source: Source<V, P, R>): Filter<V> {
  return serverObject('filter.IsNotNullFilter', { extractor: extractorFrom('Filters.isNotNull', source) })
}

/** Arrays that have `value` in them. */
export function contains<V, P extends Path<V, readonly unknown[]> = never, R = never>(
  source: Source<V, P, R, readonly unknown[]>,
  value: NoInfer<Element<Sought<V, P, R>> | null>,
): Filter<V> {
  return comparison('Filters.contains', 'filter.ContainsFilter', source, value)
}

/** Arrays that have all of `values` in them. */
export function containsAll<V, P extends Path<V, readonly unknown[]> = never, R = never>(
  source: Source<V, P, R, readonly unknown[]>,
  values: Iterable<NoInfer<Element<Sought<V, P, R>> | null>>,
): Filter<V> {
  return comparison(
    'Filters.containsAll',
    'filter.ContainsAllFilter',
    source,
    listed('Filters.containsAll', values),
  )
}

/** Arrays that have at least one of `values` in them. */
export function containsAny<V, P extends Path<V, readonly unknown[]> = never, R = never>(
  source: Source<V, P, R, readonly unknown[]>,
  values: Iterable<NoInfer<Element<Sought<V, P, R>> | null>>,
): Filter<V> {
  return comparison(
    'Filters.containsAny',
    'filter.ContainsAnyFilter',
    source,
    listed('Filters.containsAny', values),
  )
}

/** Every entry. */
export function always<V>(): Filter<V> {
  return serverObject('filter.AlwaysFilter')
}

/** No entry. */
export function never<V>(): Filter<V> {
  return serverObject('filter.NeverFilter')
}

/** Entries that exist: for processors, which also run on keys without an entry. */
export function present<V>(): Filter<V> {
  return serverObject('filter.PresentFilter')
}

/** What all of `filters` want; every entry where there are none. */
export function all<V>(...filters: readonly Filter<V>[]): Filter<V> {
  return serverObject('filter.AllFilter', { filters: checkedFilters('Filters.all', filters) })
}

/** What at least one of `filters` wants; no entry where there are none. */
export function any<V>(...filters: readonly Filter<V>[]): Filter<V> {
  return serverObject('filter.AnyFilter', { filters: checkedFilters('Filters.any', filters) })
}

/** What `filter` does not want. */
export function not<V>(filter: Filter<V>): Filter<V> {
  return serverObject('filter.NotFilter', { filter: checkedFilters('Filters.not', [filter])[0] })
}

/**
 * A filter of any class of the server.
 *
 * @param className The name that the server knows the class by: an alias, such as `filter.InKeySetFilter`.
 * @param members The fields of the class. Names that the class does not know are ignored by the server, without an error.
 * @throws {TypeError} there is no class name, or a member's name is an integer or starts with `@`.
 */
export function custom<V = unknown>(className: string, members?: object): Filter<V> {
  return customObject('Filters.custom', className, members)
}

export { isIn as in }

function comparison<V>(caller: string, className: string, source: unknown, value: unknown): Filter<V> {
  const extractor = extractorFrom(caller, source)
  checkValue(caller, value)
  return serverObject(className, { extractor, value })
}

function listed(caller: string, values: unknown): readonly unknown[] {
  if (typeof values !== 'object' || values === null || !(Symbol.iterator in values)) {
    throw new TypeError(`${caller} got ${shown(values)}: pass an array or another iterable of values`)
  }
  const list = [...(values as Iterable<unknown>)]
  for (const value of list) checkValue(caller, value)
  return Object.freeze(list)
}

function checkPattern(caller: string, pattern: unknown): void {
  if (typeof pattern !== 'string')
    throw new TypeError(`${caller} got ${shown(pattern)} as the pattern: pass a string`)
}

function checkedFilters<V>(caller: string, filters: readonly Filter<V>[]): readonly Filter<V>[] {
  for (const filter of filters)
    checkQuery(caller, 'filter', "filters, such as Filters.equal('name', 'Ann')", filter)
  return Object.freeze([...filters])
}
