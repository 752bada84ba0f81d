// Computes the fingerprint of a stored value: the results of toString() and hashCode() of its Java object, and of
// equals() for some of its parts. If two objects have the same fingerprint, they are the same to a user.
//
// A client cannot send the Java object itself, to compare it on the server: the JSON that it reads leaves out null
// members, and several Java types have the same JSON. The text has all members, also those that are null. It does not
// show types: `1` and `"1"` look the same. Another type of one part always changes the hash. Two changes at once may
// not change it, so the parts that look like a value of another type are compared by equals() too.
import { all, identity } from '../../query/extractors'
import { chain, method } from '../../query/java-methods'
import type { AnyQuery } from '../../query/query'
import { serverObject } from '../../query/server-object'
import { isOfClass, isPlainObject, presentNames } from './same-value'

/** Strings that look like a value of another type in the text of a Java object. */
const AMBIGUOUS_TEXT = /^(?:-?\d[\d.]*(?:E-?\d+)?|true|false|null)$/
/** Each takes about 200 bytes in two requests. */
const MOST_PARTS = 200

/**
 * Extracts the fingerprint of a value that equals `expected`: an array of text, hash, and the results for the parts.
 * The server fails it for a value that has other parts.
 */
export function fingerprintOf(expected: unknown): AnyQuery {
  const parts: AnyQuery[] = []
  for (const part of ambiguousParts(expected, [])) {
    parts.push(part)
    if (parts.length === MOST_PARTS) break
  }
  return multi(...textAndHash(), ...parts)
}

/** The same without the parts. The server never fails it. */
export function briefFingerprint(): AnyQuery {
  return multi(...textAndHash())
}

/** Extracts the value and its fingerprint, in an array. */
export function withFingerprint(fingerprint: AnyQuery): AnyQuery {
  return multi(identity<unknown>() as unknown as AnyQuery, fingerprint)
}

/** The text is that of a list that has only the value in it. A text of one character could be sent as a Java Character only. */
function textAndHash(): AnyQuery[] {
  const text = chain(all(identity<unknown>()) as unknown as AnyQuery, method('toString'))
  return [text, method('hashCode')]
}

function multi(...extractors: readonly AnyQuery[]): AnyQuery {
  return serverObject('extractor.MultiExtractor', { extractors: Object.freeze(extractors) })
}

function* ambiguousParts(value: unknown, path: readonly AnyQuery[]): Generator<AnyQuery> {
  if (!hasObjects(value)) {
    if (isAmbiguous(value)) yield chain(...path, method('equals', value))
  } else if (Array.isArray(value)) {
    for (const [index, element] of value.entries())
      yield* ambiguousParts(element, [...path, method('get', index)])
  } else if (isPlainObject(value) && !isOfClass(value)) {
    for (const name of presentNames(value)) yield* ambiguousParts(value[name], [...path, method('get', name)])
  }
}

/** An object cannot be compared by equals(): it may have null members that the client does not see. */
function hasObjects(value: unknown): boolean {
  return Array.isArray(value) ? value.some(hasObjects) : typeof value === 'object' && value !== null
}

function isAmbiguous(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isAmbiguous)
  return typeof value === 'string' ? AMBIGUOUS_TEXT.test(value) : value !== null
}
