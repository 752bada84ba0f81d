// Comparators: how results are ordered. The namespace `Comparators` of the public surface.
import type { Comparator } from './query'
import type { Path } from './path'
import { isKeyExtractor, isKeyOrder } from './key-order'
import { checkQuery, customObject, serverObject } from './server-object'
import { extractorFrom, type Source } from './source'

/**
 * Ascending order of what `source` gives, a path such as `'address.city'` or an extractor. What is missing comes first.
 * `Extractors.key()` orders by keys.
 *
 * The server orders strings by UTF-16 code units, and fails on values it cannot compare: objects, strings with numbers,
 * whole numbers with fractions.
 *
 * @throws {TypeError} the path is empty or has an empty name in it.
 */
export function by<V, P extends Path<V> = never, R = never>(source: Source<V, P, R>): Comparator<V> {
  const extractor = extractorFrom('Comparators.by', source)
  return isKeyExtractor(extractor) ? extractor : serverObject('comparator.ExtractorComparator', { extractor })
}

/** The opposite order: descending, what is missing last. */
export function reversed<V>(comparator: Comparator<V>): Comparator<V> {
  checkQuery('Comparators.reversed', 'comparator', "a comparator, such as Comparators.by('name')", comparator)
  return serverObject('comparator.InverseComparator', { comparator })
}

/**
 * The order of the first of `comparators` that tells two values apart, or two keys.
 *
 * @throws {TypeError} there are none, or some order values and some keys, which the server cannot do.
 */
export function chained<V>(...comparators: readonly Comparator<V>[]): Comparator<V> {
  for (const comparator of comparators) {
    checkQuery('Comparators.chained', 'comparator', "comparators, such as Comparators.by('name')", comparator)
  }
  if (comparators.length === 0)
    throw new TypeError('Comparators.chained got nothing: pass one comparator or more')
  if (comparators.some(isKeyOrder) && !comparators.every(isKeyOrder)) {
    throw new TypeError(
      'Comparators.chained got orders of values and of keys: pass one kind; to order by both, keep the key in the value',
    )
  }
  return serverObject('comparator.ChainedComparator', { comparators: Object.freeze([...comparators]) })
}

/**
 * A comparator of any class of the server.
 *
 * @param className The name that the server knows the class by: an alias, such as `comparator.SafeComparator`.
 * @param members The fields of the class. Names that the class does not know are ignored by the server, without an error.
 * @throws {TypeError} there is no class name, or a member's name is an integer or starts with `@`.
 */
export function custom<V = unknown>(className: string, members?: object): Comparator<V> {
  return customObject('Comparators.custom', className, members)
}
