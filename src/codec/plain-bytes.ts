// Writes the JSON of plain values straight into a buffer, which takes half the time of JSON.stringify for a small
// object. The bytes are the same as those of the JSON writer; a property test compares the two. The JSON writer handles
// all other values.
import { writeInAscii } from './json-frame'
import { hasToJson, isPlainNumber } from './plain-json'

/** Returned instead of an end if the value is not plain. */
const NOT_PLAIN = -1
/** Returned instead of an end if the value does not fit. */
const NO_ROOM = Infinity

/** The JSON writer handles deeper values, which may have cycles. */
const DEEPEST = 64
/** Matches strings of ASCII characters that need no escape in JSON. */
const PLAIN = /^[ !#-[\]-~]*$/
/** If the JSON text of a string contains this, the server may not be able to print the string. */
const DOUBTFUL_IN_STRINGS = '\\u'
/** The same for the JSON text of a name. */
const DOUBTFUL_IN_NAMES = '\\'
/** For longer strings, the functions of the engine are faster than a loop. */
const LONGEST_BY_LOOP = 32

const NO_MEMBERS = {}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const AT_SIGN = 0x40
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d

/**
 * Writes `value` at `at` and returns its end: negative if it is not plain, beyond `out` if it does not fit.
 *
 * @param ascii Whether characters beyond ASCII are written as escapes.
 */
export function writePlain(value: unknown, out: Buffer, at: number, ascii: boolean): number {
  try {
    return hasInheritedNames() ? NOT_PLAIN : writeValue(value, out, at, ascii, DEEPEST)
  } catch {
    // A getter or a proxy threw. The JSON writer will get the same error and names the path.
    return NOT_PLAIN
  }
}

/** Whether Object.prototype has an enumerable member, which loops over names would find in every object. */
function hasInheritedNames(): boolean {
  for (const name in NO_MEMBERS) return typeof name === 'string'
  return false
}

function writeValue(value: unknown, out: Buffer, at: number, ascii: boolean, levels: number): number {
  switch (typeof value) {
    case 'string':
      return writeString(value, out, at, ascii)
    case 'number':
      return isPlainNumber(value) ? writeAscii(String(value), out, at) : NOT_PLAIN
    case 'boolean':
      return writeAscii(value ? 'true' : 'false', out, at)
    case 'object':
      if (value === null) return writeAscii('null', out, at)
      if (levels === 0 || hasToJson(value)) return NOT_PLAIN
      return Array.isArray(value)
        ? writeArray(value, out, at, ascii, levels - 1)
        : writeObject(value, out, at, ascii, levels - 1)
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      return NOT_PLAIN
  }
}

function writeArray(
  array: readonly unknown[],
  out: Buffer,
  at: number,
  ascii: boolean,
  levels: number,
): number {
  if (at + 2 > out.length) return NO_ROOM
  let end = at
  out[end++] = OPENING_BRACKET
  // By index, as JSON.stringify does: an array may have its own iterator.
  for (let index = 0; index < array.length; index++) {
    if (index > 0) out[end++] = COMMA
    end = writeValue(array[index], out, end, ascii, levels)
    if (end < 0) return end
    if (end >= out.length) return NO_ROOM
  }
  out[end++] = CLOSING_BRACKET
  return end
}

function writeObject(object: object, out: Buffer, at: number, ascii: boolean, levels: number): number {
  const prototype: unknown = Object.getPrototypeOf(object)
  if (prototype !== Object.prototype && prototype !== null) return NOT_PLAIN
  if (at + 2 > out.length) return NO_ROOM
  let end = at
  out[end++] = OPENING_BRACE
  let isFirst = true
  // At the start of an object, the server drops members whose names begin with an at sign, unless it knows them.
  let atStart = true
  for (const name in object) {
    const member = (object as Record<string, unknown>)[name]
    if (member === undefined) continue
    if (atStart) {
      const unit = name.charCodeAt(0)
      if (unit === AT_SIGN && !(isFirst && name === '@class' && typeof member === 'string')) return NOT_PLAIN
      atStart = unit === AT_SIGN || (unit >= DIGIT_0 && unit <= DIGIT_9)
    }
    if (isFirst) isFirst = false
    else out[end++] = COMMA
    const endOfName = writePlainString(name, out, end)
    end = endOfName === NOT_PLAIN ? writeEscaped(name, out, end, ascii, DOUBTFUL_IN_NAMES) : endOfName
    if (end < 0) return end
    if (end >= out.length) return NO_ROOM
    out[end++] = COLON
    end = writeValue(member, out, end, ascii, levels)
    if (end < 0) return end
    if (end >= out.length) return NO_ROOM
  }
  out[end++] = CLOSING_BRACE
  return end
}

function writeString(string: string, out: Buffer, at: number, ascii: boolean): number {
  const end = writePlainString(string, out, at)
  return end === NOT_PLAIN ? writeEscaped(string, out, at, ascii, DOUBTFUL_IN_STRINGS) : end
}

/** Writes a string that has escapes or characters outside ASCII. */
function writeEscaped(string: string, out: Buffer, at: number, ascii: boolean, doubtful: string): number {
  const text = JSON.stringify(string)
  if (text.includes(doubtful) || text.includes('\u2028') || text.includes('\u2029')) return NOT_PLAIN
  const bytes = Buffer.byteLength(text)
  if (ascii && bytes > text.length) return writeInAscii(text, out, at)
  if (at + bytes <= out.length) out.write(text, at)
  return at + bytes
}

/** Writes `string` in quotes if it is ASCII and needs no escapes. Returns the same as `writePlain`. */
export function writePlainString(string: string, out: Buffer, at: number): number {
  const { length } = string
  if (at + length + 2 > out.length) return NO_ROOM
  const begin = at + 1
  const end = begin + length
  out[at] = QUOTE
  if (length > LONGEST_BY_LOOP) {
    if (!PLAIN.test(string)) return NOT_PLAIN
    out.write(string, begin, 'latin1')
  } else {
    for (let index = 0; index < length; index++) {
      const unit = string.charCodeAt(index)
      if (unit < 0x20 || unit > 0x7e || unit === QUOTE || unit === BACKSLASH) return NOT_PLAIN
      out[begin + index] = unit
    }
  }
  out[end] = QUOTE
  return end + 1
}

function writeAscii(text: string, out: Buffer, at: number): number {
  const { length } = text
  if (at + length > out.length) return NO_ROOM
  for (let index = 0; index < length; index++) out[at + index] = text.charCodeAt(index)
  return at + length
}
