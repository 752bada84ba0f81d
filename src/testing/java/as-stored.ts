// What is lost of a value as the server stores it.
//
// A cache of the default configuration holds values in Coherence's format, which drops surrogates that are not part of a
// pair. Where it meets a list, a Character or another object that it has no form for, it goes over to Java's own format
// for that object, and for all members of a JsonObject that has it as a member. A JsonObject that is written in Java's
// format loses the name of its class, and its members are in Coherence's format again. From the first change of format
// on, lone surrogates are kept.
import { JavaException } from './java-exception'
import type { JavaValue } from './java-value'
import { JavaCharacter, JavaMap, JavaObject, JsonObject } from './java-value'

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

const HAS_OWN_FORM =
  /^(?!java\.)(?!common\.base\.SimpleHolder$|aggregator\.QueryRecorder\.RecordType$)|^java\.util\.Optional/
/** The classes of which Coherence's format has a form, but Java's has none. */
const OPTIONAL = 'java.util.Optional'
/** Maps that Coherence's format has a form for; others are in Java's. */
const OWN_MAP = 'util.LiteMap'

type Store = (value: JavaValue) => JavaValue

/**
 * Returns `value` itself if nothing is lost.
 *
 * @throws {JavaException} the server cannot store the value.
 */
export function asStored(value: JavaValue): JavaValue {
  return inOwnFormat(value, asStored, withoutLoneSurrogates)
}

/** In Coherence's format, within Java's. */
function inInnerFormat(value: JavaValue): JavaValue {
  return inOwnFormat(value, inInnerFormat, (string) => string)
}

function inOwnFormat(value: JavaValue, own: Store, text: (string: string) => string): JavaValue {
  if (typeof value === 'string') return text(value)
  if (typeof value !== 'object' || value === null) return value
  if (!hasOwnForm(value)) return inJavaFormat(value)
  const isOwn = partsOf(value).every(hasOwnForm)
  const store = isOwn ? own : inJavaFormat
  if (value instanceof JsonObject) return withMembers(value, store, isOwn ? text : undefined, value.className)
  return withParts(value, store)
}

function inJavaFormat(value: JavaValue): JavaValue {
  if (value instanceof JsonObject) return withMembers(value, inInnerFormat, undefined, undefined)
  if (Array.isArray(value)) return changed(value, (element: JavaValue) => inJavaFormat(element))
  if (value instanceof JavaObject && value.className.startsWith(OPTIONAL)) {
    throw new JavaException('java.io.NotSerializableException', value.className)
  }
  return withParts(value, inJavaFormat)
}

/** The values that are all written in the same format. */
function partsOf(value: JavaValue): readonly JavaValue[] {
  if (value instanceof JsonObject) return [...value.members.values()]
  return value instanceof JavaMap ? value.entries.flat() : []
}

function hasOwnForm(value: JavaValue): boolean {
  if (value instanceof JavaMap) return value.className === OWN_MAP
  if (value instanceof JavaObject) return HAS_OWN_FORM.test(value.className)
  return !Array.isArray(value) && !(value instanceof JavaCharacter)
}

function withMembers(
  object: JsonObject,
  store: Store,
  text: ((string: string) => string) | undefined,
  className: string | undefined,
): JsonObject {
  const members = storedMembers(object.members, store, text)
  if (members === object.members && className === object.className) return object
  return new JsonObject(members, className, object.version)
}

function withParts(value: JavaValue, store: Store): JavaValue {
  if (value instanceof JavaMap) {
    const entries = changed(value.entries, ([key, part]) => [store(key), store(part)] as const)
    return new JavaMap(value.className, entries)
  }
  if (!(value instanceof JavaObject)) return value
  const members = storedMembers(value.members, store)
  return members === value.members ? value : new JavaObject(value.className, members)
}

function storedMembers(
  members: ReadonlyMap<string, JavaValue>,
  store: Store,
  text: (name: string) => string = (name) => name,
): ReadonlyMap<string, JavaValue> {
  let isChanged = false
  const stored = new Map<string, JavaValue>()
  for (const [name, value] of members) {
    const storedName = text(name)
    const storedValue = store(value)
    isChanged ||= storedName !== name || storedValue !== value
    stored.set(storedName, storedValue)
  }
  return isChanged ? stored : members
}

/** Maps `parts`; returns them themselves if none is changed. */
function changed<T>(parts: readonly T[], store: (part: T) => T): readonly T[] {
  const stored = parts.map(store)
  return stored.every((part, index) => part === parts[index]) ? parts : stored
}

function withoutLoneSurrogates(string: string): string {
  return string.replace(LONE_SURROGATE, '')
}
