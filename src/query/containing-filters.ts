// Filters that look into the text or the array that a source extracts.
import { checkedOptions, flagIn } from './checked-options'
import { comparison, comparisonWithEach } from './comparison'
import type { Filter } from './query'
import type { Path } from './path'
import { serverObject, shown } from './server-object'
import { extractorFrom, type Element, type Sought, type Source } from './source'

/** How `like` reads its pattern. */
export interface LikeOptions {
  /** The character that makes a `%`, a `_` or itself literal if it stands before it; none by default. */
  readonly escape?: string | undefined
  /** Whether upper and lower case match each other; `false` by default. */
  readonly ignoreCase?: boolean | undefined
}

/**
 * Matches entries whose text at `source` matches `pattern`. In it `%` stands for any text, even none, and `_` for one
 * character. A missing value matches only if the pattern is `%`.
 *
 * @throws {TypeError} `pattern` is not a string, `options.escape` is not exactly one character, or another
 * option is wrong.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const startsWithA: Filter<{ name: string }> = Filters.like('name', 'A%', { ignoreCase: true })
 * console.log(startsWithA['@class']) // prints filter.LikeFilter
 * ```
 */
export function like<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  pattern: string,
  options: LikeOptions = {},
): Filter<V> {
  checkPattern('Filters.like', pattern)
  const checked = checkedOptions('Filters.like', options, ['escape', 'ignoreCase'])
  const { escape } = checked
  if (escape !== undefined && (typeof escape !== 'string' || escape.length !== 1)) {
    throw new TypeError(`Filters.like got ${shown(escape)} as the escape: pass one character, such as '\\\\'`)
  }
  return serverObject('filter.LikeFilter', {
    extractor: extractorFrom('Filters.like', source),
    value: pattern,
    escapeChar: escape,
    ignoreCase: flagIn('Filters.like', checked, 'ignoreCase') === true ? true : undefined,
  })
}

/**
 * Matches entries whose whole text at `source` matches the Java regular expression `pattern`. A missing value counts as
 * the text `null` (25.03.2). The server refuses a pattern that it cannot read.
 *
 * @throws {TypeError} `pattern` is not a string.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const zipCode: Filter<{ zip: string }> = Filters.regex('zip', '[0-9]{5}')
 * console.log(zipCode['@class']) // prints filter.RegexFilter
 * ```
 */
export function regex<V, P extends Path<V> = never, R = never>(
  source: Source<V, P, R>,
  pattern: string,
): Filter<V> {
  checkPattern('Filters.regex', pattern)
  return comparison('Filters.regex', 'filter.RegexFilter', source, pattern)
}

/**
 * Matches entries whose array at `source` contains `value`. A missing array never matches.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, or `value` is `undefined`.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const members: Filter<{ tags: string[] }> = Filters.contains('tags', 'member')
 * console.log(members['@class']) // prints filter.ContainsFilter
 * ```
 */
export function contains<V, P extends Path<V, readonly unknown[]> = never, R = never>(
  source: Source<V, P, R, readonly unknown[]>,
  value: NoInfer<Element<Sought<V, P, R>> | null>,
): Filter<V> {
  return comparison('Filters.contains', 'filter.ContainsFilter', source, value)
}

/**
 * Matches entries whose array at `source` contains all of `values`. A missing array never matches.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, or `values` is not iterable or contains
 *   `undefined`.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const both: Filter<{ tags: string[] }> = Filters.containsAll('tags', ['member', 'retired'])
 * console.log(both['@class']) // prints filter.ContainsAllFilter
 * ```
 */
export function containsAll<V, P extends Path<V, readonly unknown[]> = never, R = never>(
  source: Source<V, P, R, readonly unknown[]>,
  values: Iterable<NoInfer<Element<Sought<V, P, R>> | null>>,
): Filter<V> {
  return comparisonWithEach('Filters.containsAll', 'filter.ContainsAllFilter', source, values)
}

/**
 * Matches entries whose array at `source` contains at least one of `values`. A missing array never matches.
 *
 * @throws {TypeError} the path is empty or has an empty name in it, or `values` is not iterable or contains
 *   `undefined`.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const either: Filter<{ tags: string[] }> = Filters.containsAny('tags', ['member', 'guest'])
 * console.log(either['@class']) // prints filter.ContainsAnyFilter
 * ```
 */
export function containsAny<V, P extends Path<V, readonly unknown[]> = never, R = never>(
  source: Source<V, P, R, readonly unknown[]>,
  values: Iterable<NoInfer<Element<Sought<V, P, R>> | null>>,
): Filter<V> {
  return comparisonWithEach('Filters.containsAny', 'filter.ContainsAnyFilter', source, values)
}

function checkPattern(caller: string, pattern: unknown): void {
  if (typeof pattern !== 'string')
    throw new TypeError(`${caller} got ${shown(pattern)} as the pattern: pass a string`)
}
