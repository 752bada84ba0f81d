// The classes that `@class` may name.
import { isOfFamily } from './class-names'
import { JavaObject, type JavaValue } from './java-value'
import { bigNumber, documentChunk, isMapClass, javaMap, type Metadata, RefusedValue } from './known-values'
import { FAMILIES, OTHERS } from './known-aliases'
import { isValueClass, valueObject } from './value-classes'

const BIG_NUMBERS = new Set(['math.BigInt', 'math.BigDec', 'java.math.BigInteger', 'java.math.BigDecimal'])
const COMPATIBILITY_PREFIX = 'util.'
/** The class of a JsonObject's declared type. */
export const OBJECT_CLASS = 'java.lang.Object'

/** Names of the classes that are objects with their members as they were sent. */
const ALIASES = new Set([...aliasesOf(FAMILIES), ...aliasesOf(OTHERS)])

function aliasesOf(groups: Readonly<Record<string, string>>): string[] {
  return Object.entries(groups).flatMap(([group, names]) =>
    names.split(' ').map((name) => `${group}.${name}`),
  )
}

/** Whether a JSON text that names this class becomes something else than a JsonObject, or is refused. */
export function isKnownClass(name: string): boolean {
  if (name.startsWith('javax.') || name === OBJECT_CLASS) return false
  return name.includes('.') || name.startsWith('[') || name === 'JsonPortableException'
}

/**
 * Makes an object of a known class.
 *
 * @throws {RefusedValue} the server has no such class, or cannot make an object of it.
 */
export function knownObject(
  name: string,
  members: ReadonlyMap<string, JavaValue>,
  metadata: Metadata,
): JavaValue {
  if (BIG_NUMBERS.has(name)) return bigNumber(name, members)
  if (isMapClass(name)) return javaMap(name, members, metadata)
  if (isValueClass(name)) return valueObject(name, members)
  if (name === 'ai.DocumentChunk') return documentChunk(members)
  const className = withoutPrefix(name)
  if (!ALIASES.has(className)) throw new RefusedValue()
  return new JavaObject(className, members)
}

/** The name that servers print for a class. */
export function printedName(className: string): string {
  const isPrefixed = isOfFamily(className) && className !== 'aggregator.QueryRecorder.RecordType'
  return isPrefixed ? COMPATIBILITY_PREFIX + className : className
}

function withoutPrefix(name: string): string {
  const short = name.startsWith(COMPATIBILITY_PREFIX) ? name.slice(COMPATIBILITY_PREFIX.length) : name
  return isOfFamily(short) && short !== 'aggregator.QueryRecorder.RecordType' ? short : name
}
