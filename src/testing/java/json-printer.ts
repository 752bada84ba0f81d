// Prints Java values as the server does.
import { CLASS } from './class-names'
import { decimalToString } from './decimals'
import { doubleText, floatText } from './double-text'
import { identityText } from './identity'
import { JavaException } from './java-exception'
import { javaToString } from './java-text'
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
import { printedName } from './json-classes'
import { isReadAs } from './json-numbers'
import { parseJson } from './json-parser'
import {
  failedToWrite,
  isPlain,
  isPlainBesidesPairs,
  quoted,
  quotedCharacter,
  quotedName,
  UnwritableValue,
} from './json-strings'

export { identityText } from './identity'

const SMALLEST_INTEGER = -(2n ** 31n)
const LARGEST_INTEGER = 2n ** 31n - 1n
const SMALLEST_LONG = -(2n ** 63n)

export interface Printed {
  readonly text: string
  /** Whether the server, if it reads `text`, makes the same value of it. */
  readonly exact: boolean
}

/**
 * Prints `value`.
 *
 * @throws {JavaException} the server cannot print it.
 */
export function printJson(value: JavaValue): Printed {
  if (typeof value === 'string' && value.length > 1 && isPlain(value))
    return { text: `"${value}"`, exact: true }
  const printer = new JsonPrinter()
  const text = print(printer, value)
  if (!printer.isDoubtful || printer.isInexact) return { text, exact: !printer.isInexact }
  return { text, exact: readsAs(text, value) }
}

function print(printer: JsonPrinter, value: JavaValue): string {
  try {
    return printer.text(value)
  } catch (error) {
    if (!(error instanceof UnwritableValue)) throw error
    throw failedToWrite(typeof value === 'string' ? 'java.lang.String' : 'java.lang.Object')
  }
}

function readsAs(text: string, value: JavaValue): boolean {
  try {
    return identityText(parseJson(text)) === identityText(value)
  } catch (error) {
    if (error instanceof JavaException) return false
    throw error
  }
}

/** Objects in which the class of another is not printed, if they are members of a JsonObject. */
const NAMELESS = /^java\.time\.(?!Duration|Period|DayOfWeek|Month$)/

class JsonPrinter {
  /** Whether the text is certainly read as another value. */
  isInexact = false
  /** Whether the text has to be read in order to know. */
  isDoubtful = false

  text(value: JavaValue): string {
    if (typeof value === 'string') return this.#string(value)
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value)
    if (typeof value === 'bigint') return this.#long(value)
    if (value instanceof JavaDouble) return this.#double(value.value)
    if (value instanceof JsonObject) return this.#jsonObject(value)
    if (value instanceof JavaBigInteger) return `{"@class":"math.BigInt","value":"${value.value}"}`
    if (value instanceof JavaBigDecimal) return `{"@class":"math.BigDec","value":"${decimalToString(value)}"}`
    if (value instanceof JavaCharacter) return quotedCharacter(value.value)
    if (value instanceof JavaMap) return this.#map(value, true)
    if (value instanceof JavaObject) return this.#object(value, true)
    return this.#list(value)
  }

  #string(string: string): string {
    if (isPlain(string)) return `"${string}"`
    if (!isPlainBesidesPairs(string)) this.isDoubtful = true
    return quoted(string)
  }

  #long(long: bigint): string {
    if ((long >= SMALLEST_INTEGER && long <= LARGEST_INTEGER) || long === SMALLEST_LONG) this.isInexact = true
    return String(long)
  }

  #double(double: number): string {
    const text = doubleText(double)
    if (!Number.isFinite(double)) {
      this.isInexact = true
      return `"${text}"`
    }
    if (!this.isInexact && !isReadAs(text, double)) this.isInexact = true
    return text
  }

  #list(list: readonly JavaValue[]): string {
    let text = '['
    for (let index = 0; index < list.length; index++) {
      if (index > 0) text += ','
      const element = list[index] ?? null
      if (element instanceof JsonObject && element.className !== undefined) this.isDoubtful = true
      text += this.text(element)
    }
    return `${text}]`
  }

  #jsonObject({ members, className, version }: JsonObject): string {
    let text = '{'
    if (className !== undefined) {
      this.isDoubtful = true
      text += `"@class":${quoted(className)}`
    }
    if (version > 0) text += `${text.length > 1 ? ',' : ''}"@version":${version}`
    else if (version < 0) this.isInexact = true
    let isFirst = true
    for (const [name, value] of members) {
      // The server looks at the names of members that it leaves out, too.
      const printed = quotedName(name)
      if (value === null) {
        this.isInexact = true
        continue
      }
      if ((isFirst && name.startsWith('@')) || !isPlain(name)) this.isDoubtful = true
      isFirst = false
      text += `${text.length > 1 ? ',' : ''}${printed}:${this.#member(value)}`
    }
    return `${text}}`
  }

  #member(value: JavaValue): string {
    if (value instanceof JavaMap) return this.#map(value, false)
    return value instanceof JavaObject
      ? this.#object(value, !NAMELESS.test(value.className))
      : this.text(value)
  }

  #map({ className, entries }: JavaMap, isNamed: boolean): string {
    this.isDoubtful = true
    const metadata = isNamed ? [`"@class":${quoted(className)}`] : []
    if (className === 'java.util.LinkedHashMap') metadata.push('"@ordered":true')
    if (className === 'java.util.TreeMap' || className.endsWith('SkipListMap'))
      metadata.push('"@sorted":true')
    const texts = entries.map(([key, value]) => {
      const parts = []
      if (key !== null) parts.push(`"key":${this.text(key)}`)
      if (value !== null) parts.push(`"value":${this.text(value)}`)
      return `{${parts.join(',')}}`
    })
    return `{${[...metadata, `"entries":[${texts.join(',')}]`].join(',')}}`
  }

  #object({ className, members }: JavaObject, isNamed: boolean): string {
    this.isDoubtful = true
    if (className === CLASS) return this.text(members.get('name') ?? null)
    const parts = isNamed ? [`"@class":${quoted(printedName(className))}`] : []
    for (const [name, value] of members) {
      if (value === null) continue
      parts.push(`${quotedName(name)}:${this.#typedMember(className, name, value)}`)
    }
    return `{${parts.join(',')}}`
  }

  /** Members whose Java type is not that of the value. */
  #typedMember(className: string, name: string, value: JavaValue): string {
    if (className === 'ai.Float32Vector' && Array.isArray(value))
      return `[${value.map(floatElement).join(',')}]`
    if (className === 'ai.DocumentChunk' && name === 'metadata' && value instanceof JavaMap) {
      return this.#map(value, false)
    }
    return this.text(value)
  }
}

function floatElement(element: JavaValue): string {
  return element instanceof JavaDouble ? floatText(element.value) : javaToString(element)
}
