// Calls of methods of the Java objects that values are, and the properties that reflection finds by such methods.
import { JavaException } from '../java/java-exception'
import {
  JavaBigDecimal,
  JavaBigInteger,
  JavaCharacter,
  JavaDouble,
  JavaMap,
  JavaObject,
  JsonObject,
  type JavaValue,
} from '../java/java-value'
import { CLASS } from '../java/class-names'
import { classNameOf } from '../java/java-text'
import { JSON_OBJECT_METHODS, LIST_METHODS, MAP_METHODS } from './methods/collection-methods'
import { mapView } from './methods/map-view'
import { Changed, findMethod, method, type Method, type Methods } from './methods/method'
import {
  BIG_DECIMAL_METHODS,
  BIG_INTEGER_METHODS,
  DOUBLE_METHODS,
  NUMBER_METHODS,
} from './methods/number-methods'
import { COMPARABLE_METHODS, OBJECT_METHODS } from './methods/object-methods'
import { STRING_METHODS } from './methods/string-methods'
import { isNumber } from './numbers'

// The target of a method is always of the class in whose table it was found.
type AnyMethods = Methods<never>

const BOOLEAN_METHODS: AnyMethods = { booleanValue: [method('', (value: boolean) => value)] }
const CHARACTER_METHODS: AnyMethods = { charValue: [method('', (value: JavaCharacter) => value)] }

/** Calls a method of a value that is not null. Throws where its class has none that takes these arguments. */
export function invoke(target: JavaValue, name: string, args: readonly JavaValue[], shown: string): Changed {
  const found = methodOf(target, name, args)
  if (found === undefined) throw missingMethod(target, shown)
  const result = found.call(target as never, ...(args as never[]))
  return result instanceof Changed ? result : new Changed(result, target)
}

/**
 * Reads a property of a value that is not null: what the method of that name returns, or else the one with `get` or
 * `is` in front; of a map what it has under the name. So of an object a member is never read that is named like one of
 * these methods.
 */
export function readProperty(target: JavaValue, name: string): JavaValue {
  const accessor = accessorOf(target, name)
  if (accessor !== undefined) {
    const result = accessor.call(target as never)
    return result instanceof Changed ? result.result : result
  }
  if (target instanceof JavaMap) return mapView(target).get(name) ?? null
  if (target instanceof JsonObject) return target.members.get(name) ?? null
  if (hasMember(target, name)) return target.members.get(name) ?? null
  throw missingMethod(target, `.${name}`)
}

/** Whether a value other than a map has the property. */
export function hasProperty(target: JavaValue, name: string): boolean {
  return accessorOf(target, name) !== undefined || hasMember(target, name)
}

function accessorOf(target: JavaValue, name: string): Method<never> | undefined {
  const [first] = name
  if (first === undefined) {
    throw new JavaException('java.lang.StringIndexOutOfBoundsException', 'String index out of range: 0')
  }
  const capitalized = first.toUpperCase() + name.slice(1)
  for (const candidate of [name, `get${capitalized}`, `is${capitalized}`]) {
    const found = methodOf(target, candidate, [])
    if (found !== undefined) return found
  }
  return undefined
}

export function missingMethod(target: JavaValue, shown: string): JavaException {
  return new JavaException(
    'java.lang.RuntimeException',
    `Missing or inaccessible method: ${classNameOf(target)}${shown}${isClass(target) ? NO_REFLECTION : ''}`,
  )
}

const NO_REFLECTION =
  ' (The type, java.lang.Class, is disallowed as a reflection target by the current reflection filter configuration)'

/** A class, of which servers let no method be called. */
function isClass(value: JavaValue): boolean {
  return value instanceof JavaObject && value.className === CLASS
}

function hasMember(target: JavaValue, name: string): target is JavaObject {
  return target instanceof JavaObject && !isClass(target) && target.members.has(name)
}

function methodOf(target: JavaValue, name: string, args: readonly JavaValue[]): Method<never> | undefined {
  for (const methods of tablesOf(target)) {
    const found = findMethod(methods, name, args)
    if (found !== undefined) return found
  }
  return undefined
}

function tablesOf(target: JavaValue): readonly AnyMethods[] {
  if (target instanceof JsonObject) return [JSON_OBJECT_METHODS, MAP_METHODS, OBJECT_METHODS]
  if (target instanceof JavaMap) return [MAP_METHODS, OBJECT_METHODS]
  if (Array.isArray(target)) return [LIST_METHODS, OBJECT_METHODS]
  if (target instanceof JavaObject) return isClass(target) ? [] : [OBJECT_METHODS]
  return [...ownTablesOf(target), COMPARABLE_METHODS, OBJECT_METHODS]
}

function ownTablesOf(target: JavaValue): readonly AnyMethods[] {
  if (typeof target === 'string') return [STRING_METHODS]
  if (typeof target === 'boolean') return [BOOLEAN_METHODS]
  if (target instanceof JavaCharacter) return [CHARACTER_METHODS]
  if (!isNumber(target)) return []
  if (target instanceof JavaDouble) return [DOUBLE_METHODS, NUMBER_METHODS]
  if (target instanceof JavaBigInteger) return [BIG_INTEGER_METHODS, NUMBER_METHODS]
  if (target instanceof JavaBigDecimal) return [BIG_DECIMAL_METHODS, NUMBER_METHODS]
  return [NUMBER_METHODS]
}
