// Servers compare keys as bytes, so that equal keys must be written alike.
import { refusal, returned, sent } from './json-texts'

describe('a key', () => {
  it.each<[string, unknown, string]>([
    ['a string', 'order-1', '"order-1"'],
    ['an empty string', '', '""'],
    ['one character that is not ASCII', 'é', '"\\u00e9"'],
    ['a line separator', '\u2028', '"\\u2028"'],
    ['zero', 0, '0'],
    ['minus zero', -0, '0'],
    ['a fraction', 19.99, '19.99'],
    ['a bigint', 5n, '{"@class":"math.BigInt","value":"5"}'],
    ['a boolean', false, 'false'],
    ['null', null, 'null'],
    ['an array', ['eu', 5, null], '["eu",5,null]'],
    ['names in order', { b: 1, a: 2, B: 3 }, '{"B":3,"a":2,"b":1}'],
    ['names that look like integers in the order of text', { 10: 1, 9: 2 }, '{"10":1,"9":2}'],
    ['nested names in order', [{ b: { d: 1, c: 2 }, a: -0 }], '[{"a":0,"b":{"c":2,"d":1}}]'],
    ['no null and no undefined members', { a: null, b: undefined, c: { d: null } }, '{"c":{}}'],
    ['the class first', { a: 1, '@version': 2, '@class': 'Id' }, '{"@class":"Id","@version":2,"a":1}'],
    ['other names with an at sign last', { '@id': 1, z: 2 }, '{"z":2,"@id":1}'],
    ['a class that is no string last', { '@class': 5, z: 2 }, '{"z":2,"@class":5}'],
  ])('has one form: %s', (_what, key, text) => {
    expect(sent(key, 'key')).toBe(text)
  })

  it('comes back with the same members', () => {
    const key = { region: 'eu', id: 5, tags: ['a', 'é'], sequence: 2n ** 60n }
    expect(returned(key, 'key')).toEqual(key)
  })

  it.each<[string, unknown, string]>([
    ['an integer beyond the safe ones', 2 ** 53, 'key'],
    ['a number that the server does not read exactly', { a: 0.11133861563652171 }, 'key.a'],
    ['only names that the server drops', { '@id': 1 }, 'key["@id"]'],
    ['undefined', undefined, 'key'],
    ['a string that the server prints as another', 'x\\u005A', 'key'],
  ])('is refused where it would not be found: %s', (_what, key, path) => {
    expect(refusal(() => sent(key, 'key')).path).toBe(path)
  })
})
