// Extractors take something out of a value. This file is the namespace `Extractors` of the public surface.
import type { AnyQuery, Answers, Extractor } from './query'
import { pathMembers, type Extracted, type Leads, type Path } from './path'
import { checkQuery, customObject, serverObject } from './server-object'
import { memberExtractor } from './source'

/**
 * Extracts the member at the end of `path`, such as `'address.city'`. If a member on the path is missing, it extracts
 * `null`.
 *
 * A name that ends in `()` calls a method of the server's object instead. If the name of a member has a dot in it,
 * use `custom('extractor.UniversalExtractor', { name })`.
 *
 * @throws {TypeError} `path` is empty or has an empty name in it.
 *
 * @example
 * ```ts
 * import { type Extractor, Extractors } from 'coherence-ts'
 *
 * const city: Extractor<{ address: { city: string } }, string> = Extractors.extract('address.city')
 * console.log(city['@class']) // prints extractor.ChainedExtractor
 * ```
 */
export function extract<V, P extends Path<V>>(path: P & NoInfer<Leads<V, P>>): Extractor<V, Extracted<V, P>> {
  return memberExtractor(pathMembers('Extractors.extract', path))
}

/**
 * Extracts the value itself, for maps whose values are numbers or strings.
 *
 * @example
 * ```ts
 * import { Extractors, type Filter, Filters } from 'coherence-ts'
 *
 * const scarce: Filter<number> = Filters.less(Extractors.identity<number>(), 10)
 * console.log(scarce['@class']) // prints filter.LessFilter
 * ```
 */
export function identity<V>(): Extractor<V, V> {
  return serverObject('extractor.IdentityExtractor')
}

/**
 * Extracts the key of the entry instead of its value.
 *
 * @example
 * ```ts
 * import { Comparators, Extractors } from 'coherence-ts'
 *
 * const byKey = Comparators.by(Extractors.key<unknown>())
 * console.log(byKey['@class']) // prints extractor.KeyExtractor
 * ```
 */
export function key<V>(): Extractor<V, unknown> {
  return serverObject('extractor.KeyExtractor')
}

/**
 * Extracts an array with what each of the extractors extracts, in their order.
 *
 * @throws {TypeError} one of the arguments is not an extractor.
 *
 * @example
 * ```ts
 * import { Aggregators, Extractors, Session } from 'coherence-ts'
 *
 * interface Person {
 *   name: string
 *   age: number
 * }
 *
 * await using session = await Session.create()
 * const people = await session.getMap<number, Person>('people')
 * await people.set(1, { name: 'Ann', age: 36 })
 * const pair = Extractors.all(Extractors.extract<Person, 'name'>('name'), Extractors.extract<Person, 'age'>('age'))
 * console.log(await people.aggregate(Aggregators.distinct(pair))) // prints [ [ 'Ann', 36 ] ]
 * ```
 */
export function all<V, A, B = never, C = never, D = never, E = never, F = never>(
  first: Extractor<V, A>,
  second?: Extractor<V, B>,
  third?: Extractor<V, C>,
  fourth?: Extractor<V, D>,
  fifth?: Extractor<V, E>,
  sixth?: Extractor<V, F>,
): Extractor<V, Answers<[A, B, C, D, E, F]>>
export function all(...extractors: readonly (Extractor<never, unknown> | undefined)[]): AnyQuery {
  for (const extractor of extractors) {
    checkQuery('Extractors.all', 'extractor', "extractors, such as Extractors.extract('name')", extractor)
  }
  return serverObject('extractor.MultiExtractor', { extractors: Object.freeze([...extractors]) })
}

/**
 * Makes an extractor of any class that the server knows.
 *
 * @param className The name by which the server knows the class: an alias, such as `extractor.KeyExtractor`, or the
 *   full name of your own class.
 * @param members The fields of the class. The server ignores fields that the class does not have, without an error.
 * @throws {TypeError} there is no class name, or a member's name is an integer or starts with `@`.
 *
 * @example
 * ```ts
 * import { Extractors } from 'coherence-ts'
 *
 * const size = Extractors.custom<{ size: number }, number>('extractor.UniversalExtractor', {
 *   name: 'get()',
 *   params: ['size'],
 * })
 * console.log(size['@class']) // prints extractor.UniversalExtractor
 * ```
 */
export function custom<V = unknown, R = unknown>(className: string, members?: object): Extractor<V, R> {
  return customObject('Extractors.custom', className, members)
}
