// Extractors: what to take out of a value. The namespace `Extractors` of the public surface.
import type { AnyQuery, Answers, Extractor } from './query'
import { pathMembers, type Extracted, type Leads, type Path } from './path'
import { checkQuery, customObject, serverObject } from './server-object'
import { memberExtractor } from './source'

/**
 * The member that `path` leads to, such as `'address.city'`; `null` where a member on the way is missing.
 *
 * A name that ends in `()` calls a method of the server's object instead. For a member whose own name has a dot in it use
 * `custom('extractor.UniversalExtractor', { name })`.
 *
 * @throws {TypeError} `path` is empty or has an empty name in it.
 */
export function extract<V, P extends Path<V>>(path: P & NoInfer<Leads<V, P>>): Extractor<V, Extracted<V, P>> {
  return memberExtractor(pathMembers('Extractors.extract', path))
}

/** The value itself. */
export function identity<V>(): Extractor<V, V> {
  return serverObject('extractor.IdentityExtractor')
}

/** The key of the entry instead of its value. */
export function key<V>(): Extractor<V, unknown> {
  return serverObject('extractor.KeyExtractor')
}

/** What each of `extractors` gives, in an array. */
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
 * An extractor of any class of the server.
 *
 * @param className The name that the server knows the class by: an alias, such as `extractor.KeyExtractor`.
 * @param members The fields of the class. Names that the class does not know are ignored by the server, without an error.
 * @throws {TypeError} there is no class name, or a member's name is an integer or starts with `@`.
 */
export function custom<V = unknown, R = unknown>(className: string, members?: object): Extractor<V, R> {
  return customObject('Extractors.custom', className, members)
}
