// Comparators order results. This file is the namespace `Comparators` of the public surface.
import type { Comparator } from './query'
import type { Path } from './path'
import { isKeyExtractor, isKeyOrder } from './key-order'
import { checkQuery, customObject, serverObject } from './server-object'
import { extractorFrom, type Source } from './source'

/**
 * Orders entries by what `source` extracts, ascending, with missing values first. `Extractors.key()` orders by keys.
 *
 * The server orders strings by UTF-16 code units. It fails on values that it cannot compare: objects, strings with
 * numbers, whole numbers with fractions.
 *
 * @param source A path, such as `'address.city'`, or an extractor.
 * @throws {TypeError} the path is empty or has an empty name in it.
 *
 * @example
 * ```ts
 * import { Comparators, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, { name: string; age: number }>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * await people.set(2, { name: 'Bo', age: 17 })
 * console.log(await people.keys({ comparator: Comparators.by('age') }).toArray()) // prints [ 2, 1 ]
 * ```
 */
export function by<V, P extends Path<V> = never, R = never>(source: Source<V, P, R>): Comparator<V> {
  const extractor = extractorFrom('Comparators.by', source)
  return isKeyExtractor(extractor) ? extractor : serverObject('comparator.ExtractorComparator', { extractor })
}

/**
 * Reverses an order: the result is descending, with missing values last.
 *
 * @throws {TypeError} `comparator` is not a comparator.
 *
 * @example
 * ```ts
 * import { Comparators } from 'coherence-ts'
 *
 * const oldestFirst = Comparators.reversed<{ age: number }>(Comparators.by('age'))
 * console.log(oldestFirst['@class']) // prints comparator.InverseComparator
 * ```
 */
export function reversed<V>(comparator: Comparator<V>): Comparator<V> {
  checkQuery('Comparators.reversed', 'comparator', "a comparator, such as Comparators.by('name')", comparator)
  return serverObject('comparator.InverseComparator', { comparator })
}

/**
 * Orders by the first of `comparators`. If it finds two values or two keys equal, the next one decides, and so on.
 *
 * @throws {TypeError} there is no comparator, or some order values and others keys, which the server cannot do.
 *
 * @example
 * ```ts
 * import { Comparators } from 'coherence-ts'
 *
 * const byCityAndAge = Comparators.chained<{ city: string; age: number }>(
 *   Comparators.by('city'),
 *   Comparators.by('age'),
 * )
 * console.log(byCityAndAge['@class']) // prints comparator.ChainedComparator
 * ```
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
 * Makes a comparator of any class that the server knows.
 *
 * @param className The name by which the server knows the class: an alias, such as `comparator.SafeComparator`, or
 *   the full name of your own class.
 * @param members The fields of the class. The server ignores fields that the class does not have, without an error.
 * @throws {TypeError} there is no class name, or a member's name is an integer or starts with `@`.
 *
 * @example
 * ```ts
 * import { Comparators } from 'coherence-ts'
 *
 * const safe = Comparators.custom<number>('comparator.SafeComparator')
 * console.log(safe['@class']) // prints comparator.SafeComparator
 * ```
 */
export function custom<V = unknown>(className: string, members?: object): Comparator<V> {
  return customObject('Comparators.custom', className, members)
}
