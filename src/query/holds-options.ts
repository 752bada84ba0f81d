// Tells objects of options from objects that only look like some.
import { isQuery } from './query-kind'

/**
 * Whether `value` can hold options. A signal, a promise that was not awaited, a `Map` and similar objects have no own
 * members, and would be read as empty options.
 */
export function holdsOptions(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isQuery(value)) return false
  // Each byte is a member of its own.
  if (ArrayBuffer.isView(value)) return false
  return isPlain(value) || Object.keys(value).length > 0
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
