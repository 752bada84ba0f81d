// String.valueOf() of Java values.
import { CLASS, classNameOf } from './class-names'
import { decimalToString } from './decimals'
import { doubleText, floatText } from './double-text'
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
import { timeText } from './time-text'

export { classNameOf } from './class-names'

/** `String.valueOf`. */
export function javaToString(value: JavaValue): string {
  if (typeof value !== 'object' || value === null) return String(value)
  if (value instanceof JavaDouble) return doubleText(value.value)
  if (value instanceof JavaBigInteger) return String(value.value)
  if (value instanceof JavaBigDecimal) return decimalToString(value)
  if (value instanceof JavaCharacter) return value.value
  if (value instanceof JsonObject) {
    return `JsonObject{version=${value.version}, properties=${textOfEntries(value.members)}}`
  }
  if (value instanceof JavaMap) return textOfEntries(value.entries)
  if (value instanceof JavaObject) return textOfObject(value)
  return textOfList(value)
}

function textOfList(list: readonly JavaValue[]): string {
  return `[${list.map(javaToString).join(', ')}]`
}

function textOfEntries(entries: Iterable<readonly [JavaValue, JavaValue]>): string {
  return `{${Array.from(entries, ([key, value]) => `${javaToString(key)}=${javaToString(value)}`).join(', ')}}`
}

function textOfObject(value: JavaObject): string {
  const { className, members } = value
  const text = (name: string): string => javaToString(members.get(name) ?? null)
  switch (className) {
    case CLASS:
      return `class ${text('name')}`
    case 'java.util.Optional':
    case 'java.util.OptionalInt':
    case 'java.util.OptionalLong':
    case 'java.util.OptionalDouble':
      return members.has('value')
        ? `${simpleName(className)}[${text('value')}]`
        : `${simpleName(className)}.empty`
    case 'util.CompositeKey':
      return `${text('primary')}:${text('secondary')}`
    case 'ai.Float32Vector':
      return `Float32Vector{vector=${floats(members.get('array') ?? [])}}`
  }
  if (members.has('enum')) return text('enum')
  return timeText(className, members) ?? `${classNameOf(value)}@0`
}

function simpleName(className: string): string {
  return className.slice(className.lastIndexOf('.') + 1)
}

function floats(array: JavaValue): string {
  if (!Array.isArray(array)) return '[]'
  const elements: readonly JavaValue[] = array
  return `[${elements.map((element) => (element instanceof JavaDouble ? floatText(element.value) : '')).join(', ')}]`
}
