// Finds out which of the five kinds a query is, by the name of its class. Servers know their own classes as
// `filter.EqualsFilter` or `util.filter.EqualsFilter`. The name of a user's class does not show its kind.

export type QueryKind = 'filter' | 'extractor' | 'comparator' | 'processor' | 'aggregator'

const CLASS_OF_SERVER = /^(?:(?:com\.tangosol\.)?util\.)?(filter|extractor|comparator|processor|aggregator)\./

/** Whether `value` is an object that names a class, as all queries do. */
export function isQuery(value: unknown): value is { readonly '@class': string } {
  return (
    typeof value === 'object' && value !== null && '@class' in value && typeof value['@class'] === 'string'
  )
}

/** Returns the kind of a query; `undefined` if `value` is no query, or if its class does not show its kind. */
export function kindOfQuery(value: unknown): QueryKind | undefined {
  if (!isQuery(value)) return undefined
  return CLASS_OF_SERVER.exec(value['@class'])?.[1] as QueryKind | undefined
}

/** Whether `value` is certainly not usable as a query of the kind `wanted`. */
export function isOtherKind(wanted: QueryKind, value: unknown): boolean {
  const kind = kindOfQuery(value)
  if (kind === undefined || kind === wanted) return false
  // Servers take an extractor for the order of what it gives.
  return !(wanted === 'comparator' && kind === 'extractor')
}

/** Puts the article before a kind: `a filter`, `an extractor`. */
export function aKind(kind: QueryKind): string {
  return `${/^[ae]/.test(kind) ? 'an' : 'a'} ${kind}`
}
