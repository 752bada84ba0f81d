// Filters select entries. This file is the namespace `Filters` of the public surface. Filters of values take their source
// first: a path such as 'address.city', or an extractor. The filters here take none.
import type { Filter } from './query'
import { checkQuery, customObject, serverObject } from './server-object'

export * from './comparing-filters'
export * from './containing-filters'

/**
 * Matches every entry.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const everything: Filter<unknown> = Filters.always()
 * console.log(everything['@class']) // prints filter.AlwaysFilter
 * ```
 */
export function always<V>(): Filter<V> {
  return serverObject('filter.AlwaysFilter')
}

/**
 * Matches no entry.
 *
 * @example
 * ```ts
 * import { type Filter, Filters } from 'coherence-ts'
 *
 * const nothing: Filter<unknown> = Filters.never()
 * console.log(nothing['@class']) // prints filter.NeverFilter
 * ```
 */
export function never<V>(): Filter<V> {
  return serverObject('filter.NeverFilter')
}

/**
 * Matches entries that exist. It is for processors, which also run on keys without an entry.
 *
 * @example
 * ```ts
 * import { Filters, Processors, Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * const stock = await session.getMap<string, number>('stock')
 * await stock.invoke('apples', Processors.conditionalPut(Filters.not(Filters.present()), 3))
 * console.log(await stock.get('apples')) // prints 3
 * ```
 */
export function present<V>(): Filter<V> {
  return serverObject('filter.PresentFilter')
}

/**
 * Matches entries that all of `filters` match. Without filters it matches every entry.
 *
 * @throws {TypeError} one of `filters` is not a filter.
 *
 * @example
 * ```ts
 * import { Filters } from 'coherence-ts'
 *
 * const wanted = Filters.all<{ name: string; age: number }>(Filters.greater('age', 30), Filters.like('name', 'A%'))
 * console.log(wanted['@class']) // prints filter.AllFilter
 * ```
 */
export function all<V>(...filters: readonly Filter<V>[]): Filter<V> {
  return serverObject('filter.AllFilter', { filters: checkedFilters('Filters.all', filters) })
}

/**
 * Matches entries that at least one of `filters` matches. Without filters it matches no entry.
 *
 * @throws {TypeError} one of `filters` is not a filter.
 *
 * @example
 * ```ts
 * import { Filters } from 'coherence-ts'
 *
 * const priority = Filters.any<{ total: number; express: boolean }>(
 *   Filters.greater('total', 1000),
 *   Filters.equal('express', true),
 * )
 * console.log(priority['@class']) // prints filter.AnyFilter
 * ```
 */
export function any<V>(...filters: readonly Filter<V>[]): Filter<V> {
  return serverObject('filter.AnyFilter', { filters: checkedFilters('Filters.any', filters) })
}

/**
 * Matches entries that `filter` does not match.
 *
 * @throws {TypeError} `filter` is not a filter.
 *
 * @example
 * ```ts
 * import { Filters } from 'coherence-ts'
 *
 * const active = Filters.not<{ tags: string[] }>(Filters.contains('tags', 'retired'))
 * console.log(active['@class']) // prints filter.NotFilter
 * ```
 */
export function not<V>(filter: Filter<V>): Filter<V> {
  return serverObject('filter.NotFilter', { filter: checkedFilters('Filters.not', [filter])[0] })
}

/**
 * Makes a filter of any class that the server knows.
 *
 * @param className The name by which the server knows the class: an alias, such as `filter.InKeySetFilter`, or the
 *   full name of your own class.
 * @param members The fields of the class. The server ignores fields that the class does not have, without an error.
 * @throws {TypeError} there is no class name, or a member's name is an integer or starts with `@`.
 *
 * @example
 * ```ts
 * import { Filters } from 'coherence-ts'
 *
 * const onlyOne = Filters.custom<{ age: number }>('filter.XorFilter', {
 *   filters: [Filters.greater('age', 30), Filters.never()],
 * })
 * console.log(onlyOne['@class']) // prints filter.XorFilter
 * ```
 */
export function custom<V = unknown>(className: string, members?: object): Filter<V> {
  return customObject('Filters.custom', className, members)
}

function checkedFilters<V>(caller: string, filters: readonly Filter<V>[]): readonly Filter<V>[] {
  for (const filter of filters)
    checkQuery(caller, 'filter', "filters, such as Filters.equal('name', 'Ann')", filter)
  return Object.freeze([...filters])
}
