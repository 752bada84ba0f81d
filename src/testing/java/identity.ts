// Tells keys apart as the server does, by the bytes that it stores of them.
import { decimalToString } from './decimals'
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

/** A text that is the same for values that are one key on the server, and for no others. */
export function identityText(value: JavaValue): string {
  if (typeof value === 'string') return `s${value.length}:${value}`
  if (typeof value === 'number') return `i${value};`
  if (typeof value === 'bigint') return `l${value};`
  if (typeof value === 'boolean') return value ? 't' : 'f'
  return value === null ? 'n' : identityOfObject(value)
}

function identityOfObject(value: JavaValue & object): string {
  if (value instanceof JsonObject) {
    return `{${identityOfName(value.className)}${value.version};${identityOfMembers(value.members)}}`
  }
  if (value instanceof JavaDouble) return `d${Object.is(value.value, -0) ? '-0' : value.value};`
  if (value instanceof JavaBigInteger) return `I${value.value};`
  if (value instanceof JavaBigDecimal) return `D${decimalToString(value)};`
  if (value instanceof JavaCharacter) return `c${value.value}`
  if (value instanceof JavaMap) return `M${identityText(value.className)}${identityOfEntries(value.entries)}.`
  if (value instanceof JavaObject)
    return `O${identityText(value.className)}${identityOfMembers(value.members)}.`
  return `[${value.map(identityText).join('')}]`
}

function identityOfName(className: string | undefined): string {
  return className === undefined ? '-' : identityText(className)
}

function identityOfMembers(members: ReadonlyMap<string, JavaValue>): string {
  let text = ''
  for (const [name, value] of members) text += identityText(name) + identityText(value)
  return text
}

function identityOfEntries(entries: readonly (readonly [JavaValue, JavaValue])[]): string {
  return entries.map(([key, value]) => identityText(key) + identityText(value)).join('')
}
