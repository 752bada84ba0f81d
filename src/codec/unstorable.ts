// Recognizes objects that JSON.stringify silently changes (a Map becomes {}, say), and names an alternative.
import { types } from 'node:util'

/** Describes an object that cannot be stored, with its article, and the alternative. */
type Problem = readonly [what: string, instead: string]

interface Kind {
  readonly matches: (object: object) => boolean
  readonly problem: Problem
}

const KINDS_DESPITE_TO_JSON: readonly Kind[] = [
  kind(types.isDate, 'a Date', 'use date.toISOString() or date.getTime()'),
  kind((object) => Buffer.isBuffer(object), 'a Buffer', "use buffer.toString('base64')"),
  kind(types.isArrayBufferView, 'a view of binary data', 'use Array.from(view), or a base64 string'),
  kind(types.isBoxedPrimitive, 'a boxed primitive', 'use object.valueOf()'),
]

const KINDS: readonly Kind[] = [
  kind(types.isMap, 'a Map', 'use Object.fromEntries(map) or [...map]'),
  kind(types.isSet, 'a Set', 'use [...set]'),
  kind(types.isAnyArrayBuffer, 'an ArrayBuffer', "use Buffer.from(buffer).toString('base64')"),
  kind(types.isRegExp, 'a RegExp', 'use regexp.source'),
  kind(types.isPromise, 'a Promise', 'await it first'),
  kind(isError, 'an Error', 'use { name: error.name, message: error.message }'),
  kind(types.isWeakMap, 'a WeakMap', 'use an object'),
  kind(types.isWeakSet, 'a WeakSet', 'use an array'),
]

/** Returns the problem if `object` cannot be stored, whatever its toJSON method returns. */
export function unstorableDespiteToJson(object: object): Problem | undefined {
  return KINDS_DESPITE_TO_JSON.find(({ matches }) => matches(object))?.problem
}

/** Returns the problem if `object`, an instance of a class without a toJSON method, is more than its members. */
export function unstorable(object: object): Problem | undefined {
  const problem = unstorableDespiteToJson(object) ?? KINDS.find(({ matches }) => matches(object))?.problem
  if (problem !== undefined) return problem
  if (isIterable(object)) return [`${className(object)} that is iterable`, 'use an array of what it gives']
  if (Object.keys(object).length > 0) return undefined
  return [`${className(object)} without enumerable members of its own`, 'give the class a toJSON method']
}

function kind(matches: (object: object) => boolean, what: string, instead: string): Kind {
  return { matches, problem: [what, instead] }
}

function isError(object: object): boolean {
  return types.isNativeError(object) || object instanceof Error
}

function isIterable(object: object): boolean {
  const { [Symbol.iterator]: forEach, [Symbol.asyncIterator]: forAwait } = object as Record<symbol, unknown>
  return typeof forEach === 'function' || typeof forAwait === 'function'
}

function className(object: object): string {
  const name: unknown = (object as { readonly constructor?: { readonly name?: unknown } }).constructor?.name
  return typeof name === 'string' && name !== '' ? `an object of class ${name}` : 'an object of a class'
}
