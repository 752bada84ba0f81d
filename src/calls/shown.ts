// Formats values for error texts: on one line, and without secrets.
import { isUint8Array } from 'node:util/types'
import { aKind, isQuery, kindOfQuery } from '../query/query-kind'

const LONGEST_SHOWN = 80

/**
 * Formats a value for error texts. It never shows the contents of an object, key material, or the password of a URL.
 *
 * @param describe Describes an object that is neither null nor an array. Default: by its class or its kind of query.
 */
export function shown(value: unknown, describe: (object: object) => string = kindOfObject): string {
  switch (typeof value) {
    case 'string':
      return shownText(value)
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'bigint':
      return `${value}n`
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'symbol':
      return 'a symbol'
    case 'function':
      return shownFunction(value)
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? 'an array' : describe(value)
  }
}

/** Describes an object whose class means nothing to the reader. */
export function plainKindOfObject(object: object): string {
  return isUint8Array(object) ? 'bytes' : 'an object'
}

/** Formats a key of a map with its contents, because keys are not secret. */
export function shownKey(key: unknown): string {
  const text = keyText(key)
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text
}

/** A codec of the user may support keys that JSON cannot represent. */
function keyText(key: unknown): string {
  try {
    const text = JSON.stringify(key, bigintAsText) as string | undefined
    return text ?? String(key)
  } catch {
    return shown(key)
  }
}

function shownText(text: string): string {
  if (text.includes('-----BEGIN')) return 'the text of a PEM file'
  const concealed = withoutPassword(text)
  return concealed.length > LONGEST_SHOWN ? `'${concealed.slice(0, LONGEST_SHOWN)}...'` : `'${concealed}'`
}

/** Without what is between `//` and `@`. A text may be of any length, so that is not left to a regular expression. */
function withoutPassword(text: string): string {
  const begin = text.indexOf('//')
  const end = begin < 0 ? -1 : text.indexOf('@', begin)
  return end < 0 ? text : `${text.slice(0, begin)}//***${text.slice(end)}`
}

/** Returns `a function`, or the name of the class if a class was passed instead of an instance. */
function shownFunction(value: { readonly name: string }): string {
  if (!/^class\b/.test(Function.prototype.toString.call(value))) return 'a function'
  return value.name === '' ? 'a class' : `the class ${value.name}`
}

function kindOfObject(object: object): string {
  if (isQuery(object)) {
    const kind = kindOfQuery(object)
    return kind === undefined ? 'a query' : aKind(kind)
  }
  const { constructor: madeBy } = object as { readonly constructor?: unknown }
  if (typeof madeBy !== 'function' || madeBy.name === '' || madeBy.name === 'Object') return 'an object'
  return `an instance of ${madeBy.name}`
}

function bigintAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
