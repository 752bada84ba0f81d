// Where a query takes what it works on from: a path to a member, or an extractor.
import type { AnyQuery, Extractor } from './query'
import { pathMembers, type At, type Extracted, type Leads } from './path'
import { checkQuery, serverObject } from './server-object'

/** A path `P` to a `To` in a `V`, or an extractor of an `R`. One of `P` and `R` is `never`. */
export type Source<V, P extends string, R, To = unknown> = (P & NoInfer<Leads<V, P, To>>) | Extractor<V, R>

/** What a source is compared with. */
export type Sought<V, P extends string, R> = [R] extends [never] ? At<V, P> : R

/** What a source gives; `null` where there may be nothing. */
export type Given<V, P extends string, R> = [R] extends [never] ? Extracted<V, P> : R

/** The element of an array. */
export type Element<A> = unknown extends A ? unknown : A extends readonly (infer E)[] ? E : never

/** The extractor that a source stands for. */
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

/** Follows the members one after the other; there is at least one. A missing one on the way gives null. */
export function memberExtractor(members: readonly string[]): AnyQuery {
  const steps = members.map((name) => serverObject('extractor.UniversalExtractor', { name }))
  const [first] = steps
  return steps.length === 1 && first !== undefined
    ? first
    : serverObject('extractor.ChainedExtractor', { extractors: Object.freeze(steps) })
}
