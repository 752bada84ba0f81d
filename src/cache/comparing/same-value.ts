// Decides whether two values are equal to a user of a map. `get` answers members in the stored order, and most
// caches leave out members that are null, so neither counts.
import { isDeepStrictEqual } from 'node:util'

type PlainObject = Readonly<Record<string, unknown>>

/** The largest relative difference between a number and the number that a server reads from its text. */
const PRINTING_ERROR = 2 ** -50

/**
 * Whether `one` equals `other`, both decoded by a codec. The order of members does not count, and a member that is
 * null equals one that is absent. In arrays, null is an element like any other.
 */
export function isSameValue(one: unknown, other: unknown): boolean {
  return areSame(one, other, isDeepStrictEqual)
}

/**
 * Whether a server may print `printed` for the JSON text that `value` was read from. The last digit of a number may
 * change, and objects of Java classes have the form that their class defines.
 */
export function mayBePrintOf(value: unknown, printed: unknown): boolean {
  return areSame(value, printed, (part, partPrinted) => {
    if (typeof part === 'number' && typeof partPrinted === 'number') {
      return Math.abs(part - partPrinted) <= Math.abs(part) * PRINTING_ERROR
    }
    return isOfClass(part) && typeof partPrinted === 'object' && partPrinted !== null
  })
}

/** Calls `decide` for two parts that are neither equal nor both arrays nor both objects with the same members. */
function areSame(one: unknown, other: unknown, decide: (one: unknown, other: unknown) => boolean): boolean {
  if (one === other) return true
  if (Array.isArray(one) && Array.isArray(other)) {
    return (
      one.length === other.length && one.every((element, index) => areSame(element, other[index], decide))
    )
  }
  if (isPlainObject(one) && isPlainObject(other)) {
    const names = presentNames(one)
    const haveSameMembers =
      names.length === presentNames(other).length &&
      names.every((name) => Object.hasOwn(other, name) && areSame(one[name], other[name], decide))
    return haveSameMembers || decide(one, other)
  }
  return decide(one, other)
}

/** Whether it is not an instance of a class. Only codecs of users return such instances. */
export function isPlainObject(value: unknown): value is PlainObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Whether it is an object of a class of the server. */
export function isOfClass(value: unknown): boolean {
  return isPlainObject(value) && '@class' in value
}

/** The names of the members that are not null. */
export function presentNames(object: PlainObject): string[] {
  return Object.keys(object).filter((name) => (object[name] ?? null) !== null)
}
