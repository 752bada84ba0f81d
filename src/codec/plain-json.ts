// Recognizes values whose JSON text the server reads correctly without further checks.
import { isReadAsPrinted } from './java-double'

/** Matches most keys. Their JSON text is the string between quotes. */
const PLAIN_STRING = /^[ !#-[\]-~]{0,64}$/

/** Whether `value` is a string of ASCII whose JSON text is the string between quotes. */
export function isPlainString(value: unknown): value is string {
  return typeof value === 'string' && PLAIN_STRING.test(value)
}

/** Whether `JSON.stringify(number)` is a text that the server reads as that number. */
export function isPlainNumber(number: number): boolean {
  if (number === (number | 0)) return number !== 0 || 1 / number > 0
  if (Number.isSafeInteger(number)) return true
  if (!Number.isFinite(number)) return false
  // JSON.stringify prints these as digits only, which the server would read as a Long, or misread.
  if (Number.isInteger(number) && Math.abs(number) < 1e21) return false
  return isReadAsPrinted(number)
}

/** Whether `object` is an object literal or similar, and not an instance of a class. */
export function isOrdinary(object: object): boolean {
  const prototype = Object.getPrototypeOf(object) as object | null
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

export function hasToJson(object: object): object is { toJSON(key: string): unknown } {
  return typeof (object as { readonly toJSON?: unknown }).toJSON === 'function'
}
