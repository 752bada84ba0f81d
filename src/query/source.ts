// The source of a query: the path to a member, or an extractor. The query works on what the source extracts.
import type { AnyQuery, Extractor } from './query'
import { pathMembers, type At, type Extracted, type Leads } from './path'
import { checkQuery, serverObject } from './server-object'

/** A path `P` to a `To` in a `V`, or an extractor of an `R`. One of `P` and `R` is `never`. */
export type Source<V, P extends string, R, To = unknown> = (P & NoInfer<Leads<V, P, To>>) | Extractor<V, R>

/** The type of values that can be compared with what a source extracts. */
export type Sought<V, P extends string, R> = [R] extends [never] ? At<V, P> : R

/** The type that a source extracts; with `null` if a member may be missing. */
export type Given<V, P extends string, R> = [R] extends [never] ? Extracted<V, P> : R

/** The type of the elements of an array. */
export type Element<A> = unknown extends A ? unknown : A extends readonly (infer E)[] ? E : never

/**
 * Returns the extractor for a source.
 *
 * @throws {TypeError} `source` is neither a path nor an extractor, or the path is empty or has an empty name in it.
 */
export function extractorFrom(caller: string, source: unknown): AnyQuery {
  if (typeof source === 'string') return memberExtractor(pathMembers(caller, source))
  checkQuery(
    caller,
    'extractor',
    "a path, such as 'address.city', or an extractor, such as Extractors.identity()",
    source,
  )
  return source as AnyQuery
}

/** Makes an extractor that follows one or more member names. If a member on the way is missing, it extracts null. */
export function memberExtractor(members: readonly string[]): AnyQuery {
  const steps = members.map((name) => serverObject('extractor.UniversalExtractor', { name }))
  const [first] = steps
  return steps.length === 1 && first !== undefined
    ? first
    : serverObject('extractor.ChainedExtractor', { extractors: Object.freeze(steps) })
}
