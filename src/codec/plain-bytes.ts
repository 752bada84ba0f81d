// Writes the JSON of what most people store straight into a buffer: no text is made of it first, and JSON.stringify,
// which takes twice as long for a small object, is not asked. What it writes is what JSON.stringify would print, and
// right; a property test holds it to that. Everything else is left to the JSON writer.
import { hasToJson, isPlainNumber } from './plain-json'

/** What is given in place of an end: it is not that simple. */
const NOT_PLAIN = -1
/** What is given in place of an end: it takes more room. */
const NO_ROOM = Infinity

/** Deeper values, which may have cycles, are the writer's. */
const DEEPEST = 64
/** What JSON has in strings as it is, in ASCII. */
const PLAIN = /^[ !#-[\]-~]*$/
/** Longer strings are tested and written faster by the engine. */
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
 * Writes `value` at `at`, and gives where it ends: less than 0 where it is not plain, beyond `out` where it takes more
 * room.
 */
export function writePlain(value: unknown, out: Buffer, at: number): number {
  try {
    return hasInheritedNames() ? NOT_PLAIN : writeValue(value, out, at, DEEPEST)
  } catch {
    // A getter or a proxy threw: the writer will meet the same error, and knows where.
    return NOT_PLAIN
  }
}

/** Whether somebody put a member on Object.prototype that loops over names come across. */
function hasInheritedNames(): boolean {
  for (const name in NO_MEMBERS) return typeof name === 'string'
  return false
}

function writeValue(value: unknown, out: Buffer, at: number, levels: number): number {
  switch (typeof value) {
    case 'string':
      return writePlainString(value, out, at)
    case 'number':
      return isPlainNumber(value) ? writeAscii(String(value), out, at) : NOT_PLAIN
    case 'boolean':
      return writeAscii(value ? 'true' : 'false', out, at)
    case 'object':
      if (value === null) return writeAscii('null', out, at)
      if (levels === 0 || hasToJson(value)) return NOT_PLAIN
      return Array.isArray(value)
        ? writeArray(value, out, at, levels - 1)
        : writeObject(value, out, at, levels - 1)
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      return NOT_PLAIN
  }
}

function writeArray(array: readonly unknown[], out: Buffer, at: number, levels: number): number {
  if (at + 2 > out.length) return NO_ROOM
  let end = at
  out[end++] = OPENING_BRACKET
  // By index, as JSON.stringify does: an array may have an iterator of its own.
  for (let index = 0; index < array.length; index++) {
    if (index > 0) out[end++] = COMMA
    end = writeValue(array[index], out, end, levels)
    if (end < 0) return end
    if (end >= out.length) return NO_ROOM
  }
  out[end++] = CLOSING_BRACKET
  return end
}

function writeObject(object: object, out: Buffer, at: number, levels: number): number {
  if (Object.getPrototypeOf(object) !== Object.prototype) return NOT_PLAIN
  if (at + 2 > out.length) return NO_ROOM
  let end = at
  out[end++] = OPENING_BRACE
  let isFirst = true
  // The server drops what begins with an at sign at the start of an object, unless it is metadata that it knows.
  let atStart = true
  for (const name in object) {
    const member = (object as Record<string, unknown>)[name]
    if (member === undefined) continue
    if (atStart) {
      const unit = name.charCodeAt(0)
      if (unit === AT_SIGN) return NOT_PLAIN
      atStart = unit >= DIGIT_0 && unit <= DIGIT_9
    }
    if (isFirst) isFirst = false
    else out[end++] = COMMA
    end = writePlainString(name, out, end)
    if (end < 0) return end
    if (end >= out.length) return NO_ROOM
    out[end++] = COLON
    end = writeValue(member, out, end, levels)
    if (end < 0) return end
    if (end >= out.length) return NO_ROOM
  }
  out[end++] = CLOSING_BRACE
  return end
}

/** Writes `string` in quotes, and gives where it ends in the same sense. */
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
