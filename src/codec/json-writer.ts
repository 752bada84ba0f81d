// Writes values as JSON. Refuses a value that would not be read back as it was written, with an error that names the
// part of the value and an alternative.
import { CodecError } from '../errors'
import { bigIntText } from './big-integer'
import type { CodecRole } from './codec'
import { doubleText, isReadAsServerPrints } from './java-double'
import { nameProblem, stringProblem } from './json-strings'
import { droppedMember, writingOrder, type Member } from './member-order'
import { hasToJson, isOrdinary, isPlainNumber } from './plain-json'
import { unstorable, unstorableDespiteToJson } from './unstorable'
import { pathText, type PathStep } from './value-path'

/** Servers of 25.03.2 handle 400 levels and overflow their stack at 500. */
const DEEPEST = 200

/** Other strings need no call of JSON.stringify. */
const TO_BE_ESCAPED = /["\\]|[^ -\u2027\u202a-\ud7ff\ue000-\uffff]/

/** Describes a value that cannot be stored, and the alternative. */
type Problem = readonly [what: string, instead: string]

/**
 * Returns the JSON text of `value`.
 *
 * @throws {CodecError} no text would be read back as the same value.
 */
export function writeJson(value: unknown, role: CodecRole): string {
  return new JsonWriter(role).write(value)
}

class JsonWriter {
  readonly #role: CodecRole
  readonly #path: PathStep[] = []
  /** The objects that contain the current value. */
  readonly #ancestors: object[] = []

  constructor(role: CodecRole) {
    this.#role = role
  }

  write(value: unknown): string {
    try {
      return this.#text(value) ?? this.#refuse(['undefined', 'use null, or delete the entry'])
    } catch (error) {
      if (error instanceof CodecError) throw error
      throw this.#error('reading it failed', error)
    }
  }

  /** Returns `undefined` for undefined, which members of objects may be. */
  #text(value: unknown): string | undefined {
    if (typeof value !== 'object' || value === null || !hasToJson(value)) return this.#textAsIs(value)
    this.#accept(unstorableDespiteToJson(value))
    return this.#textAsIs(value.toJSON(String(this.#path.at(-1) ?? '')))
  }

  #textAsIs(value: unknown): string | undefined {
    switch (typeof value) {
      case 'undefined':
        return undefined
      case 'boolean':
        return String(value)
      case 'string':
        return this.#string(value, stringProblem)
      case 'number':
        return this.#number(value)
      case 'bigint':
        return bigIntText(value) ?? this.#refuse(['a bigint of more than 10,000 digits', 'use a string'])
      case 'function':
        return this.#refuse(['a function', 'store data only'])
      case 'symbol':
        return this.#refuse(['a symbol', 'use its description'])
      case 'object':
        return value === null ? 'null' : this.#object(value)
    }
  }

  #string(string: string, problem: (string: string) => Problem | undefined): string {
    if (!TO_BE_ESCAPED.test(string)) return `"${string}"`
    this.#accept(problem(string))
    return JSON.stringify(string)
  }

  #number(number: number): string {
    if (!Number.isFinite(number)) this.#refuse([String(number), 'use null or a string'])
    if (this.#role === 'key') return this.#numberInKey(number)
    return isPlainNumber(number) ? String(number) : doubleText(number)
  }

  #numberInKey(number: number): string {
    if (Number.isInteger(number) && !Number.isSafeInteger(number)) {
      this.#refuse([`${number}, which is beyond the safe integers`, 'use a bigint or a string'])
    }
    // To look up a key, the server may print it in its own form and read that text.
    if (!isReadAsServerPrints(number)) {
      this.#refuse([`${number}, which the server does not read exactly`, 'use a string or an integer'])
    }
    return number === 0 ? '0' : String(number)
  }

  #object(object: object): string {
    if (this.#ancestors.includes(object)) {
      this.#refuse(['an object that contains itself', 'store a reference to it, such as its key'])
    }
    if (this.#ancestors.length === DEEPEST) {
      this.#refuse([
        `nested more than ${DEEPEST} levels deep, which servers cannot read`,
        'store a flatter value',
      ])
    }
    this.#ancestors.push(object)
    const text = Array.isArray(object) ? this.#array(object) : this.#members(object)
    this.#ancestors.pop()
    return text
  }

  #array(array: readonly unknown[]): string {
    let text = '['
    for (let index = 0; index < array.length; index++) {
      this.#path.push(index)
      const element =
        this.#text(array[index]) ??
        this.#refuse([index in array ? 'undefined in an array' : 'a hole in an array', 'use null'])
      text += index === 0 ? element : `,${element}`
      this.#path.pop()
    }
    return `${text}]`
  }

  #members(object: object): string {
    if (!isOrdinary(object)) this.#accept(unstorable(object))
    const members: Member[] = []
    for (const name of Object.keys(object)) {
      this.#path.push(name)
      const value = (object as Record<string, unknown>)[name]
      const text = this.#text(value)
      if (text !== undefined && !(text === 'null' && this.#role === 'key')) {
        members.push({ name, value, text: `${this.#string(name, nameProblem)}:${text}` })
      }
      this.#path.pop()
    }
    const ordered = writingOrder(members, this.#role)
    const dropped = droppedMember(ordered, this.#role)
    if (dropped !== undefined) this.#refuseMetadata(dropped)
    return `{${ordered.map(({ text }) => text).join(',')}}`
  }

  #refuseMetadata({ name }: Member): never {
    this.#path.push(name)
    const instead =
      name === '@class'
        ? 'name the class of the server in a string'
        : name === '@version'
          ? 'use an integer from 1 to 2,147,483,647, or leave it out'
          : 'put a member of another name first'
    return this.#refuse(['taken for metadata at the start of an object, and dropped by the server', instead])
  }

  #accept(problem: Problem | undefined): void {
    if (problem !== undefined) this.#refuse(problem)
  }

  #refuse([what, instead]: Problem): never {
    throw this.#error(`it is ${what}; ${instead}`)
  }

  #error(reason: string, cause?: unknown): CodecError {
    const path = pathText(this.#role, this.#path)
    return new CodecError(`Cannot encode ${path}: ${reason}`, { path, outcome: 'not-sent', cause })
  }
}
