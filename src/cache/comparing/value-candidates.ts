// Finds the stored values that may equal a value of the caller: a filter that accepts them in every form. The client
// compares the values that pass. The filter uses only methods that every Java object has, so it never fails.
import { javaHashes } from '../../codec/java-hash'
import { isPlainString } from '../../codec/plain-json'
import { all, equal, in as isIn } from '../../query/filters'
import { chain, method } from '../../query/java-methods'
import type { Filter } from '../../query/query'
import { isOfClass, isPlainObject, presentNames } from './same-value'

const MOST_PIECES = 8
const LONGEST_PIECE = 100
/** Java writes larger numbers of the type Double with an exponent. */
const LARGEST_PLAIN = 1e7
/** Codecs refuse some strings with these characters, and may refuse a piece of a string that they accept. */
const MAY_BE_REFUSED = /\\|[\ud800-\udfff]/

/** Returns `undefined` for a value that has only one form, which the server compares itself. */
export function valueCandidates(expected: unknown): Filter<unknown> | undefined {
  if (hasOneForm(expected)) return undefined
  if (isSimple(expected)) return isIn<unknown, never, number>(method('hashCode'), javaHashes(expected))
  const pieces = [...new Set(piecesOf(expected))].sort((one, other) => other.length - one.length)
  return all(...pieces.slice(0, MOST_PIECES).map(hasPiece))
}

/** One character can be a Java Character, and other strings can be written with escapes. */
function hasOneForm(value: unknown): boolean {
  return value === null || typeof value === 'boolean' || (isPlainString(value) && value.length !== 1)
}

function isSimple(value: unknown): value is string | number | boolean | bigint {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value)
}

function hasPiece(piece: string): Filter<unknown> {
  return equal<unknown, never, boolean>(chain(method('toString'), method('contains', piece)), true)
}

/**
 * Returns pieces that the text of the Java object contains in every form. A member that is an object may be of a Java
 * class whose name the server leaves out there. Its text is unknown then, so it has no pieces.
 */
function* piecesOf(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      yield* piece((index === 0 ? '[' : ', ') + beginning(element))
      yield* piecesOf(element)
    }
  } else if (isPlainObject(value) && !isOfClass(value)) {
    for (const name of presentNames(value)) {
      const member = value[name]
      if (name.startsWith('@')) continue
      yield* piece(`${name}=${beginning(member)}`)
      if (Array.isArray(member)) yield* piecesOf(member)
    }
  }
}

function* piece(text: string): Generator<string> {
  const [begin = ''] = text.slice(0, LONGEST_PIECE).split(MAY_BE_REFUSED)
  if (begin !== '') yield begin
}

/** Returns the known beginning of the text of the Java object of `value`. */
function beginning(value: unknown): string {
  if (typeof value === 'number') {
    return Number.isInteger(value) && value !== 0 && Math.abs(value) < LARGEST_PLAIN ? String(value) : ''
  }
  if (Array.isArray(value)) return '['
  return isSimple(value) || value === null ? String(value) : ''
}
