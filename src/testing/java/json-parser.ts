// Reads JSON into the Java values that the server makes of it.
import { asStored } from './as-stored'
import { JavaException } from './java-exception'
import type { JavaValue } from './java-value'
import { JavaCharacter, JsonObject } from './java-value'
import { isKnownClass, knownObject, OBJECT_CLASS } from './json-classes'
import { markOrdered, RefusedValue } from './known-values'
import { readNumber } from './json-numbers'
import { JsonScanner, UnreadableText } from './json-scanner'

const QUOTE = 0x22
const COMMA = 0x2c
const MINUS = 0x2d
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const COLON = 0x3a
const AT = 0x40
const BEGIN_ARRAY = 0x5b
const END_ARRAY = 0x5d
const BEGIN_OBJECT = 0x7b
const END_OBJECT = 0x7d
const NO_TOKEN = -1
/** About where the stack of the server ends, which also depends on what else is on it. */
const DEEPEST = 440

/** What may come first in an array or object. */
const BEGINS = new Set(Array.from(',"{[nN-tfTF0123456789', (character) => character.charCodeAt(0)))

const BINDING_EXCEPTION = 'com.oracle.coherence.io.json.genson.JsonBindingException'
const STREAM_EXCEPTION = 'com.oracle.coherence.io.json.genson.stream.JsonStreamException'
const REFUSAL = 'Could not deserialize to type class java.lang.Object'

/**
 * Parses `text` as the server does, and returns the value as it is after the server has stored it.
 *
 * @throws {JavaException} the server refuses the text.
 */
export function parseJson(text: string): JavaValue {
  const parser = new JsonParser(text)
  try {
    return parser.whole()
  } catch (error) {
    if (error instanceof UnreadableText || error instanceof RefusedValue) {
      throw new JavaException(BINDING_EXCEPTION, REFUSAL)
    }
    throw error
  }
}

/** The members at the start of an object whose names begin with `@`. */
interface Metadata {
  className?: string
  readonly others: Map<string, string | number | bigint | boolean>
}

class JsonParser {
  readonly #scanner: JsonScanner
  #depth = 0
  /** Whether the value has what may be lost as it is stored. */
  #mayLose = false

  constructor(text: string) {
    this.#scanner = new JsonScanner(text)
  }

  /** The text after the value is ignored. */
  whole(): JavaValue {
    const token = readOrRefuse(() => this.#scanner.token())
    if (token === NO_TOKEN) return null
    const isScalar = token !== BEGIN_ARRAY && token !== BEGIN_OBJECT
    const value = isScalar ? this.#scalarOrWord(token) : this.#value(token)
    return this.#mayLose ? asStored(value) : value
  }

  /** What is not a literal is a string up to the next quote, from the beginning of what the reader has in its buffer. */
  #scalarOrWord(token: number): JavaValue {
    try {
      return this.#value(token)
    } catch (error) {
      if (!(error instanceof UnreadableText)) throw error
      const { text } = this.#scanner
      this.#mayLose = true
      const rest = token === QUOTE ? text.slice(error.at) : buffered(text, error.at)
      const word = readOrRefuse(() => new JsonScanner(rest).string(true))
      return rest.includes('"') ? word : error.read + word
    }
  }

  #value(token: number): JavaValue {
    const scanner = this.#scanner
    if (token === QUOTE) return this.#string()
    if (token === BEGIN_OBJECT) return this.#nested(this.#object)
    if (token === BEGIN_ARRAY) return this.#nested(this.#array)
    if (token === MINUS || (token >= DIGIT_0 && token <= DIGIT_9)) return readNumber(scanner)
    return scanner.literal()
  }

  #nested(read: () => JavaValue): JavaValue {
    if (this.#depth === DEEPEST) throw new JavaException('java.lang.StackOverflowError', null)
    this.#depth += 1
    this.#scanner.at += 1
    const value = read.call(this)
    this.#depth -= 1
    return value
  }

  #string(): string | JavaCharacter {
    const scanner = this.#scanner
    scanner.at += 1
    const string = scanner.string(this.#depth === 0)
    if (!scanner.hadUnicodeEscape) return string
    this.#mayLose = true
    return string.length === 1 ? new JavaCharacter(string) : string
  }

  #array(): JavaValue {
    const elements: JavaValue[] = []
    for (let isFirst = true; ; isFirst = false) {
      const token = this.#nextItem(isFirst)
      if (token === NO_TOKEN) break
      elements.push(this.#value(token))
    }
    this.#scanner.expect(END_ARRAY)
    return elements
  }

  #object(): JavaValue {
    const metadata = this.#metadata()
    const members = new Map<string, JavaValue>()
    for (let isFirst = true; ; isFirst = false) {
      const token = this.#nextItem(isFirst)
      if (token === NO_TOKEN) break
      const name = this.#name(token)
      members.set(name, this.#value(this.#scanner.token()))
    }
    this.#scanner.expect(END_OBJECT)
    return metadata === undefined ? new JsonObject(members) : this.#objectWith(metadata, members)
  }

  /** Moves to the next element or member, and returns its first character, or -1 where there is none. */
  #nextItem(isFirst: boolean): number {
    const scanner = this.#scanner
    const token = scanner.token()
    if (isFirst ? !BEGINS.has(token) : token !== COMMA) return NO_TOKEN
    scanner.hadUnicodeEscape = false
    if (token !== COMMA) return token
    scanner.at += 1
    const next = scanner.token()
    if (next === NO_TOKEN) throw new UnreadableText()
    return next
  }

  /** An escape in a name makes its value, if that is one character long, a Character too. */
  #name(token: number): string {
    if (token !== QUOTE) throw new UnreadableText()
    const scanner = this.#scanner
    scanner.at += 1
    const name = scanner.string(false)
    if (scanner.hadUnicodeEscape) this.#mayLose = true
    scanner.expect(COLON)
    return name
  }

  #metadata(): Metadata | undefined {
    const scanner = this.#scanner
    if (!this.#isAtMetadata()) return undefined
    const metadata: Metadata = { others: new Map() }
    scanner.hadUnicodeEscape = false
    while (this.#isAtMetadata()) {
      scanner.at += 2
      const name = scanner.string(false)
      scanner.expect(COLON)
      this.#readMetadata(metadata, name)
      if (scanner.token() === COMMA) scanner.at += 1
    }
    // The server takes the object for a Character then.
    const isUntyped = metadata.className === undefined || metadata.className === OBJECT_CLASS
    if (isUntyped && this.#scanner.hadUnicodeEscape) throw new UnreadableText()
    return metadata
  }

  #isAtMetadata(): boolean {
    const scanner = this.#scanner
    return scanner.token() === QUOTE && scanner.text.charCodeAt(scanner.at + 1) === AT
  }

  #readMetadata(metadata: Metadata, name: string): void {
    const scanner = this.#scanner
    const token = scanner.token()
    if (token === QUOTE) {
      scanner.at += 1
      const string = scanner.string(false)
      if (name === 'class') metadata.className = string
      else metadata.others.set(name, string)
      return
    }
    if (token === BEGIN_ARRAY || token === BEGIN_OBJECT) throw new UnreadableText()
    const value = this.#value(token)
    if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean') return
    // The server casts the class to a String.
    if (name === 'class') throw new UnreadableText()
    metadata.others.set(name, value)
  }

  #objectWith({ className, others }: Metadata, members: Map<string, JavaValue>): JavaValue {
    if (className !== undefined && isKnownClass(className)) {
      this.#mayLose = true
      return knownObject(className, members, others)
    }
    if (className !== undefined) this.#mayLose ||= this.#depth > 1
    const object = new JsonObject(members, className, versionOf(others.get('version')))
    if (others.get('ordered') === true) markOrdered(object)
    return object
  }
}

/** The server does not replace the reader's own exceptions before the value has begun. */
function readOrRefuse<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof UnreadableText) throw new JavaException(STREAM_EXCEPTION, error.message)
    throw error
  }
}

function versionOf(version: string | number | bigint | boolean | undefined): number {
  if (version === undefined) return 0
  if (typeof version === 'string' || typeof version === 'boolean') throw new UnreadableText()
  return typeof version === 'number' ? version : Number(BigInt.asIntN(32, version))
}

/** The reader's buffer as it looks for a word of up to five characters at `at`: it has moved the rest to the front. */
function buffered(text: string, at: number): string {
  const rest = text.slice(at)
  return rest.length < 'false'.length ? rest + text.slice(rest.length) : text
}
