// The filter of a group compares the aggregator's result as the server holds it: for sums and averages a
// java.math.BigDecimal. A BigDecimal is never equal to another kind of number, and ordering the two fails the call. So
// numbers that are compared with the result itself are sent as decimals.
import type { Aggregator } from './query'
import { classNameOf } from './server-object'

const DECIMAL = /^aggregator\.BigDecimal(Sum|Average)$/
const IDENTITY = 'extractor.IdentityExtractor'

/** Makes a filter like `filter` that works on the results of `aggregator`. */
export function groupFilter(aggregator: Aggregator<never, unknown>, filter: object): object {
  return DECIMAL.test(classNameOf(aggregator)) ? withDecimals(filter) : filter
}

function withDecimals(filter: object): object {
  const comparesAnswer = classNameOf(Reflect.get(filter, 'extractor')) === IDENTITY
  const members = Object.entries(filter).map(([name, member]: [string, unknown]) => {
    if (name === 'filters' && Array.isArray(member)) return [name, Object.freeze(member.map(nested))]
    if (name === 'filter') return [name, nested(member)]
    if (name === 'value' && comparesAnswer) return [name, decimal(member)]
    return [name, member]
  })
  return Object.freeze(Object.fromEntries(members) as object)
}

function nested(filter: unknown): unknown {
  return typeof filter === 'object' && filter !== null ? withDecimals(filter) : filter
}

function decimal(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(decimal))
  if (typeof value !== 'bigint' && !Number.isFinite(value)) return value
  return Object.freeze({ '@class': 'math.BigDec', value: String(value) })
}
