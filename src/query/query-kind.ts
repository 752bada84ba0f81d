// Which of the five kinds a query is, by the name of its class: servers know theirs as `filter.EqualsFilter` or
// `util.filter.EqualsFilter`. Classes of anybody else's do not tell.

export type QueryKind = 'filter' | 'extractor' | 'comparator' | 'processor' | 'aggregator'

const CLASS_OF_SERVER = /^(?:(?:com\.tangosol\.)?util\.)?(filter|extractor|comparator|processor|aggregator)\./

export function isQuery(value: unknown): value is { readonly '@class': string } {
  return (
    typeof value === 'object' && value !== null && '@class' in value && typeof value['@class'] === 'string'
  )
}

/** `undefined` where it is no query, or one that does not tell. */
export function kindOfQuery(value: unknown): QueryKind | undefined {
  if (!isQuery(value)) return undefined
  return CLASS_OF_SERVER.exec(value['@class'])?.[1] as QueryKind | undefined
}

/** Whether it is known that `value` cannot be used as a query of the kind `wanted`. */
export function isOtherKind(wanted: QueryKind, value: unknown): boolean {
  const kind = kindOfQuery(value)
  if (kind === undefined || kind === wanted) return false
  // Servers take an extractor for the order of what it gives.
  return !(wanted === 'comparator' && kind === 'extractor')
}

/** `a filter`, `an extractor`. */
export function aKind(kind: QueryKind): string {
  return `${/^[ae]/.test(kind) ? 'an' : 'a'} ${kind}`
}
