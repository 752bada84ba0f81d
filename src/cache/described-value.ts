// Values in error texts.
import { aKind, isQuery, kindOfQuery } from '../query/query-kind'

/** A value as error texts show it: short, and never an object's contents. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? 'a string' : `'${value}'`
  if (typeof value === 'function') return describeFunction(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return 'an array'
  if (!isQuery(value)) return describeObject(value)
  const kind = kindOfQuery(value)
  return kind === undefined ? 'a query' : aKind(kind)
}

function describeObject(value: object): string {
  const { constructor: madeBy } = value as { readonly constructor?: unknown }
  if (typeof madeBy !== 'function' || madeBy.name === '' || madeBy.name === 'Object') return 'an object'
  return `an instance of ${madeBy.name}`
}

/** `a function`, or which class, where somebody passed it in place of an instance. */
export function describeFunction(value: { readonly name: string }): string {
  if (!/^class\b/.test(Function.prototype.toString.call(value))) return 'a function'
  return value.name === '' ? 'a class' : `the class ${value.name}`
}
