// The filter of a group compares the aggregator's answer as the server holds it, which for sums and averages is a
// java.math.BigDecimal. It is never equal to another kind of number, and ordering the two fails the call, so numbers
// that are compared with the answer itself are sent as decimals.
import type { Aggregator } from './query'

const DECIMAL = /^(util\.)?aggregator\.BigDecimal(Sum|Average)$/
const IDENTITY = /^(util\.)?extractor\.IdentityExtractor$/

/** `filter`, such that it works on the answers of `aggregator`. */
export function groupFilter(aggregator: Aggregator<never, unknown>, filter: object): object {
  return DECIMAL.test(aggregator['@class']) ? withDecimals(filter) : filter
}

function withDecimals(filter: object): object {
  const comparesAnswer = IDENTITY.test(className(Reflect.get(filter, 'extractor')))
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

function className(object: unknown): string {
  return typeof object === 'object' && object !== null ? String(Reflect.get(object, '@class')) : ''
}
