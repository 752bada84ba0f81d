// Finds out, at little cost, whether JSON.stringify alone gives the right text of a value. It does for what most
// people store; everything else goes to the JSON writer, which looks closer. When in doubt the answer is no.
import { isReadAsPrinted } from './java-double'
import { mayHaveEscapes, nameTrouble, SUSPICIOUS_TEXT } from './json-strings'

/** What keys are most of the time: it stands for itself. */
const PLAIN_STRING = /^[ !#-[\]-~]{0,64}$/
/** Deeper values, which may have cycles, are the writer's. */
const DEEPEST = 64
const AT_SIGN = 0x40
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39

/** What JSON.stringify makes of `value`, where that is right. */
export function plainText(value: unknown): string | undefined {
  try {
    if (!isPlain(value, DEEPEST)) return undefined
    const text = JSON.stringify(value)
    if (!mayHaveEscapes(text)) return text
    return text.includes(SUSPICIOUS_TEXT) || !hasPlainNames(value) ? undefined : text
  } catch {
    // A getter or a proxy threw: the writer will meet the same error, and knows where.
    return undefined
  }
}

/** Whether it is a string whose JSON text is itself between quotes, all ASCII. */
export function isPlainString(value: unknown): value is string {
  return typeof value === 'string' && PLAIN_STRING.test(value)
}

/** Whether `JSON.stringify(number)` is a text that the server reads as that number. */
export function isPlainNumber(number: number): boolean {
  if (number === (number | 0)) return number !== 0 || 1 / number > 0
  if (Number.isSafeInteger(number)) return true
  if (!Number.isFinite(number)) return false
  // JSON.stringify prints these as digits only, which the server would take for a Long, or misread.
  if (Number.isInteger(number) && Math.abs(number) < 1e21) return false
  return isReadAsPrinted(number)
}

/** Whether it is an object literal or the like, and of no class. */
export function isOrdinary(object: object): boolean {
  const prototype = Object.getPrototypeOf(object) as object | null
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

export function hasToJson(object: object): object is { toJSON(key: string): unknown } {
  return typeof (object as { readonly toJSON?: unknown }).toJSON === 'function'
}

function isPlain(value: unknown, levels: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return isPlainNumber(value)
    case 'object':
      if (value === null) return true
      if (levels === 0 || hasToJson(value)) return false
      return Array.isArray(value)
        ? isPlainArray(value, levels)
        : isOrdinary(value) && arePlainMembers(value, levels)
    case 'bigint':
    case 'function':
    case 'symbol':
    case 'undefined':
      return false
  }
}

function isPlainArray(array: readonly unknown[], levels: number): boolean {
  // By index, as JSON.stringify does: an array may have an iterator of its own.
  // eslint-disable-next-line @typescript-eslint/prefer-for-of
  for (let index = 0; index < array.length; index++) {
    if (!isPlain(array[index], levels - 1)) return false
  }
  return true
}

function arePlainMembers(object: object, levels: number): boolean {
  // The server drops what begins with an at sign at the start of an object, unless it is metadata that it knows.
  let atStart = true
  let digitsFirst = false
  // With what somebody may have put on Object.prototype, which is looked at for nothing.
  for (const name in object) {
    const member = (object as Record<string, unknown>)[name]
    if (member === undefined) continue
    if (!isPlain(member, levels - 1)) return false
    if (!atStart) continue
    const unit = name.charCodeAt(0)
    if (unit === AT_SIGN) {
      if (digitsFirst || name !== '@class' || typeof member !== 'string') return false
    } else if (unit >= DIGIT_0 && unit <= DIGIT_9) {
      digitsFirst = true
    } else {
      atStart = false
    }
  }
  return true
}

function hasPlainNames(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(hasPlainNames)
  return Object.entries(value).every(
    ([name, member]) => nameTrouble(name) === undefined && hasPlainNames(member),
  )
}
