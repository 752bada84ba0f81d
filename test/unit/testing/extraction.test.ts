// What extractors take out of values by properties and methods, as a real server (CE 25.03.2) answered.
import methods from './fixtures/methods.json'
import { toExtractor } from '../../../src/testing/evaluators/extractors'
import { JavaException } from '../../../src/testing/java/java-exception'
import { parseJson } from '../../../src/testing/java/json-parser'
import { printJson } from '../../../src/testing/java/json-printer'

/** `null` as the result is a failure. */
type Call = readonly [value: string, name: string, params: readonly unknown[] | null, result: string | null]

const calls = methods as unknown as readonly Call[]

it.each(calls.filter(([, , , result]) => result !== null))('%s %s %j', (value, name, params, result) => {
  expect(extracted(value, name, params)).toBe(result)
})

it.each(calls.filter(([, , , result]) => result === null))('%s %s %j fails', (value, name, params) => {
  expect(() => extracted(value, name, params)).toThrow(JavaException)
})

it('reads no member that is named like a method of the map', () => {
  const value = '{"size":42,"empty":1,"version":3,"class":"c","values":5,"name":"Ann"}'
  expect(extracted(value, 'size')).toBe('6')
  expect(extracted(value, 'empty')).toBe('false')
  expect(extracted(value, 'version')).toBe('0')
  expect(extracted(value, 'class')).toBe('"com.oracle.coherence.io.json.JsonObject"')
  expect(extracted(value, 'get()', ['size'])).toBe('42')
})

it('takes get and is in front of a name for the name of a getter', () => {
  const value = '{"isActive":true,"getFoo":5,"active":"no","foo":"bar"}'
  expect(extracted(value, 'isActive')).toBe('"no"')
  expect(extracted(value, 'getFoo')).toBe('"bar"')
  expect(extracted(value, 'getFoo()')).toBe('"bar"')
})

it('fails on a path over a value without members', () => {
  const city = '{"@class":"extractor.UniversalExtractor","name":"city"}'
  const address = '{"@class":"extractor.UniversalExtractor","name":"address"}'
  const path = toExtractor(
    parseJson(`{"@class":"extractor.ChainedExtractor","extractors":[${address},${city}]}`),
  )
  expect(path.extractFrom(parseJson('{}'))).toBeNull()
  expect(path.extractFrom(parseJson('{"address":{"city":"Rome"}}'))).toBe('Rome')
  expect(() => path.extractFrom(parseJson('{"address":"Rome"}'))).toThrow(
    'Failed accessing target of class java.lang.String using property city',
  )
})

function extracted(value: string, name: string, params: readonly unknown[] | null = null): string {
  const agent = { '@class': 'extractor.UniversalExtractor', name, ...(params === null ? {} : { params }) }
  return printJson(toExtractor(parseJson(JSON.stringify(agent))).extractFrom(parseJson(value))).text
}
