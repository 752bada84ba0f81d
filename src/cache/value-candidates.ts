// Which stored values may be equal to one of the caller's: a filter that the server can decide for every kind of value,
// and that misses none whatever its form. What passes is compared by the client.
import { javaHashes } from '../codec/java-hash'
import { isPlainString } from '../codec/plain-json'
import { all, equal, in as isIn } from '../query/filters'
import { chain, method } from '../query/java-methods'
import type { Filter } from '../query/query'
import { isOfClass, isPlainObject, presentNames } from './same-value'

const MOST_PIECES = 8
const LONGEST_PIECE = 100
/** Java prints larger numbers of the type Double in another form. */
const LARGEST_PLAIN = 1e7
/** A codec refuses strings that servers print wrongly, and a piece may be one where the whole is not. */
const MAY_BE_REFUSED = /\\|[\ud800-\udfff]/

/** `undefined` where there are none, for a value that every client stores in one form. */
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
 * Parts of the Java text, whatever the order of members and whichever of them are null. Objects in members are not looked
 * into: they may be of a class that the server does not name there, and have the text that the class gives them.
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

/** How the Java text of `value` begins, as far as that is known. */
function beginning(value: unknown): string {
  if (typeof value === 'number') {
    return Number.isInteger(value) && value !== 0 && Math.abs(value) < LARGEST_PLAIN ? String(value) : ''
  }
  if (Array.isArray(value)) return '['
  return isSimple(value) || value === null ? String(value) : ''
}
