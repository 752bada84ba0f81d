// equals() of Java values.
import type { JavaValue } from './java-value'
import {
  JavaBigDecimal,
  JavaBigInteger,
  JavaCharacter,
  JavaDouble,
  JavaMap,
  JavaObject,
  JsonObject,
} from './java-value'

/** Classes whose objects equal only themselves. */
const WITHOUT_EQUALS = new Set(['common.base.SimpleHolder', 'util.NullEntryProcessor'])

/** `Objects.equals`. */
export function javaEquals(a: JavaValue, b: JavaValue): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof JavaDouble) return b instanceof JavaDouble && Object.is(a.value, b.value)
  if (a instanceof JsonObject) return b instanceof JsonObject && equalJsonObjects(a, b)
  if (a instanceof JavaBigInteger) return b instanceof JavaBigInteger && a.value === b.value
  if (a instanceof JavaBigDecimal) {
    return b instanceof JavaBigDecimal && a.unscaled === b.unscaled && a.scale === b.scale
  }
  if (a instanceof JavaCharacter) return b instanceof JavaCharacter && a.value === b.value
  if (a instanceof JavaMap) return equalMaps(a, b)
  if (a instanceof JavaObject) return b instanceof JavaObject && equalObjects(a, b)
  return isList(a) && isList(b) && equalLists(a, b)
}

/** The name of the class does not matter, the version does. */
function equalJsonObjects(a: JsonObject, b: JsonObject): boolean {
  return a.version === b.version && equalMembers(a.members, b.members)
}

function equalMembers(a: ReadonlyMap<string, JavaValue>, b: ReadonlyMap<string, JavaValue>): boolean {
  if (a.size !== b.size) return false
  for (const [name, value] of a) {
    const other = b.get(name)
    if (other === undefined || !javaEquals(value, other)) return false
  }
  return true
}

/** A map also equals a JsonObject, which does not equal it. */
function equalMaps(a: JavaMap, b: JavaValue): boolean {
  const others = b instanceof JavaMap ? b.entries : b instanceof JsonObject ? [...b.members] : undefined
  if (others?.length !== a.entries.length) return false
  return a.entries.every(([key, value]) =>
    others.some(([otherKey, other]) => javaEquals(key, otherKey) && javaEquals(value, other)),
  )
}

function equalObjects(a: JavaObject, b: JavaObject): boolean {
  return a.className === b.className && !WITHOUT_EQUALS.has(a.className) && equalMembers(a.members, b.members)
}

function equalLists(a: readonly JavaValue[], b: readonly JavaValue[]): boolean {
  return a.length === b.length && a.every((element, index) => javaEquals(element, b[index] ?? null))
}

function isList(value: JavaValue & object): value is readonly JavaValue[] {
  return Array.isArray(value)
}
