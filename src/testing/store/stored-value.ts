// How values are kept: as the JSON text that a client reads, where that says everything, and otherwise with the Java
// value as well. A million entries take a string each, not a tree of objects.
import { parseJson } from '../java/json-parser'
import { identityText, printJson } from '../java/json-printer'
import type { JavaValue } from '../java/java-value'

/** A value whose text does not say all of it: a `java.lang.Long` of 1 prints as an Integer does. */
interface Held {
  readonly text: string
  readonly value: JavaValue
}

export type Stored = string | Held

export function toStored(value: JavaValue): Stored {
  const { text, exact } = printJson(value)
  return exact ? text : { text, value }
}

/** What a client reads of it. */
export function textOf(stored: Stored): string {
  return typeof stored === 'string' ? stored : stored.text
}

export function valueOf(stored: Stored): JavaValue {
  return typeof stored === 'string' ? parseJson(stored) : stored.value
}

/** Whether both are the same to the byte. */
export function isSame(a: Stored, b: Stored): boolean {
  return identityOf(a) === identityOf(b)
}

/** The text that keys are compared by: equal for keys that are one key on the server, and for those only. */
export function identityOf(key: Stored): string {
  return typeof key === 'string' ? key : `\0${identityText(key.value)}`
}
