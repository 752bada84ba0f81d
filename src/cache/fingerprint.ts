// What tells a value that is kept as a Java object from every other one, without being the value.
//
// A client does not know the Java object: null members are left out of what it reads, and a number of Java's has types
// that JSON has not. So no JSON of the client's can be relied upon to equal it. But the server can say something of the
// object, and a later request can make the server check that it would say the same again: its Java text, its hash, and
// whether certain parts of it equal what the client has. The text has all members, those that are null included. Only
// types are not seen in it (`1` and `"1"`); a change of one type changes the hash, and the parts of which a client can say
// so are compared by Java itself.
import { all, identity } from '../query/extractors'
import { chain, method } from '../query/java-methods'
import type { AnyQuery } from '../query/query'
import { serverObject } from '../query/server-object'
import { isOfClass, isPlainObject, presentNames } from './same-value'

/** Strings that look in a Java text like something else. */
const AMBIGUOUS_TEXT = /^(?:-?\d[\d.]*(?:E-?\d+)?|true|false|null)$/
/** Each takes some 200 bytes in two requests. */
const MOST_PARTS = 200

/** The text of a list of the value alone: it has at least three characters, so that it never is a Java Character. */
const TEXT = chain(all(identity<unknown>()) as unknown as AnyQuery, method('toString'))
const HASH = method('hashCode')

/**
 * The fingerprint as an extractor: an array of the text, the hash, and an answer for each part that looks like
 * something else. It fails for a value that has other parts than `expected`.
 */
export function fingerprintOf(expected: unknown): AnyQuery {
  const parts: AnyQuery[] = []
  for (const part of ambiguousParts(expected, [])) {
    parts.push(part)
    if (parts.length === MOST_PARTS) break
  }
  return multi(TEXT, HASH, ...parts)
}

/** The same without the parts: it can be taken of every value. */
export const BRIEF_FINGERPRINT = multi(TEXT, HASH)

/** The value together with its fingerprint. */
export function withFingerprint(fingerprint: AnyQuery): AnyQuery {
  return multi(identity<unknown>() as unknown as AnyQuery, fingerprint)
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

/** Objects are looked into, for they may have members that the client does not see. */
function hasObjects(value: unknown): boolean {
  return Array.isArray(value) ? value.some(hasObjects) : typeof value === 'object' && value !== null
}

function isAmbiguous(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isAmbiguous)
  return typeof value === 'string' ? AMBIGUOUS_TEXT.test(value) : value !== null
}
