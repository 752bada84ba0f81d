// The entries that the recorded queries ran on, in the order in which the server had them.
import type { MutableEntry } from '../../../src/testing/evaluators/entry'
import { parseJson } from '../../../src/testing/java/json-parser'
import { printJson } from '../../../src/testing/java/json-printer'
import type { JavaValue } from '../../../src/testing/java/java-value'

/** An entry that a processor may change. */
export class TestEntry implements MutableEntry {
  readonly key: JavaValue
  value: JavaValue
  isPresent: boolean

  constructor(key: string, value: string | undefined) {
    this.key = parseJson(key)
    this.value = value === undefined ? null : parseJson(value)
    this.isPresent = value !== undefined
  }

  setValue(value: JavaValue): void {
    this.value = value
    this.isPresent = true
  }

  remove(): void {
    this.value = null
    this.isPresent = false
  }
}

const PEOPLE: Readonly<Record<string, string>> = {
  5: '{"id":5,"name":"Zoe%","age":50,"score":5.5,"tags":["c"]}',
  1: '{"id":1,"name":"Bill","age":10,"score":1.5,"tags":["a","b"],"addr":{"city":"Rome","zip":5},"opt":1}',
  3: '{"id":3,"name":"Jill","age":30,"score":3.5,"tags":[],"addr":{"city":"Rome","zip":7}}',
  2: '{"id":2,"name":"Fred","age":20,"score":2.5,"tags":["b","c"],"addr":{"city":"Oslo","zip":6}}',
  4: '{"id":4,"name":"Jane","age":40,"score":4,"tags":["a"],"addr":{"city":"Bern","zip":8}}',
}
const EVERYONE = ['5', '1', '3', '2', '4']

export function people(keys: readonly string[] = EVERYONE): TestEntry[] {
  return keys.map((key) => new TestEntry(key, PEOPLE[key]))
}

export function vectors(): TestEntry[] {
  return [1, 2, 3].map(
    (id) =>
      new TestEntry(String(id), `{"id":${id},"vector":{"@class":"ai.Float32Vector","array":[${id}.0,1.0]}}`),
  )
}

/** What a client reads. */
export function printed(value: JavaValue): unknown {
  return JSON.parse(printJson(value).text)
}
