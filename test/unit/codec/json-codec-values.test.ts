// What goes in as a value and how it is written.
import { jsonCodec } from '../../../src/codec/json-codec'
import { received, returned, sent } from './json-texts'

class Account {
  owner = 'Ann'
  #secret = 1
  get balance(): number {
    return this.#secret
  }
}

describe('a value', () => {
  it.each<[string, unknown, string]>([
    ['null', null, 'null'],
    ['false', false, 'false'],
    ['zero', 0, '0'],
    ['an empty string', '', '""'],
    ['an empty array', [], '[]'],
    ['an empty object', {}, '{}'],
    ['nesting', { a: [{ b: [[]] }, null] }, '{"a":[{"b":[[]]},null]}'],
    ['the largest safe integer', 2 ** 53 - 1, '9007199254740991'],
    ['the smallest safe integer', -(2 ** 53) + 1, '-9007199254740991'],
    ['a fraction', 0.1, '0.1'],
    ['a small fraction', 5e-324, '5e-324'],
    ['text in the Latin script', 'Zürich', '"Z\\u00fcrich"'],
    ['text beyond the basic plane', 'a😀b', '"a\\ud83d\\ude00b"'],
    ['a name that is not ASCII', { größe: 1 }, '{"gr\\u00f6\\u00dfe":1}'],
    ['control characters', 'a\n\u0001', '"a\\n\\u0001"'],
    ['backslashes', 'C:\\users', '"C:\\\\users"'],
    ['a name with one quote', { '5"': 1 }, '{"5\\"":1}'],
    ['names that look like integers', { 10: 'a', 9: 'b' }, '{"9":"b","10":"a"}'],
    ['a class of the server', { '@class': 'Order', id: 1 }, '{"@class":"Order","id":1}'],
    ['a version', { '@version': 3, a: 1 }, '{"@version":3,"a":1}'],
    ['a class and a version', { '@class': 'Order', '@version': 3 }, '{"@class":"Order","@version":3}'],
    ['an at sign behind another name', { a: 1, '@id': 'x' }, '{"a":1,"@id":"x"}'],
    ['an at sign behind an integer', { 0: 'a', '@id': 'x' }, '{"0":"a","@id":"x"}'],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
    [
      'members of Object.prototype',
      { toString: 1, hasOwnProperty: null },
      '{"toString":1,"hasOwnProperty":null}',
    ],
  ])('is sent as JSON and comes back: %s', (_what, value, text) => {
    expect(sent(value)).toBe(text)
    expect(returned(value)).toEqual(value)
  })

  it.each<[string, unknown, string]>([
    ['minus zero', -0, '-0.0'],
    ['an integer beyond the safe ones', 2 ** 60, '1.152921504606847e+18'],
    ['an integer just beyond the safe ones', 2 ** 53, '9.007199254740992e+15'],
    ['a large integer', 1e20, '1e+20'],
    ['an integer that JSON prints with an exponent', 1e21, '1e+21'],
  ])('is sent so that the server makes a double of it: %s', (_what, number, text) => {
    expect(sent(number)).toBe(text)
    expect(sent({ a: [number] })).toBe(`{"a":[${text}]}`)
    expect(Object.is(received(text), number)).toBe(true)
  })

  it.each<[string, bigint, string]>([
    ['the first beyond the safe integers', 2n ** 53n, '9007199254740992'],
    ['the largest Long', 2n ** 63n - 1n, '9223372036854775807'],
    ['the smallest Long that JSON can carry', -(2n ** 63n) + 1n, '-9223372036854775807'],
    ['the smallest Long', -(2n ** 63n), '{"@class":"math.BigInt","value":"-9223372036854775808"}'],
    ['beyond Long', 2n ** 63n, '{"@class":"math.BigInt","value":"9223372036854775808"}'],
    ['a small one', 1n, '{"@class":"math.BigInt","value":"1"}'],
    ['zero', 0n, '{"@class":"math.BigInt","value":"0"}'],
    ['a safe one', -(2n ** 53n) + 1n, '{"@class":"math.BigInt","value":"-9007199254740991"}'],
  ])('may be a bigint and comes back as one: %s', (_what, integer, text) => {
    expect(sent(integer)).toBe(text)
    expect(returned([{ a: integer }])).toEqual([{ a: integer }])
  })

  it('has no members that are undefined', () => {
    expect(sent({ a: undefined, b: 1 })).toBe('{"b":1}')
    expect(sent({ a: undefined, '@class': 'Order', b: 1n })).toMatch(/^\{"@class":"Order","b":/)
  })

  it('has its class first, also where JavaScript moves a name that looks like an integer to the front', () => {
    expect(sent({ '@class': 'Order', 0: 'a' })).toBe('{"@class":"Order","0":"a"}')
    expect(sent({ '@class': 'Order', '@version': 2, 7: 'a' })).toBe('{"@class":"Order","@version":2,"7":"a"}')
    expect(sent({ 4294967295: 'a', '@class': 'x' })).toBe('{"4294967295":"a","@class":"x"}')
  })

  it('may have a member named __proto__', () => {
    const value: unknown = JSON.parse('{"__proto__":{"admin":true},"b":5}')
    expect(sent(value)).toBe('{"__proto__":{"admin":true},"b":5}')
    expect(Object.entries(returned({ a: 1n, value }) as object)).toEqual([
      ['a', 1n],
      ['value', value],
    ])
  })

  it('may hold one object in two places', () => {
    const twice = { a: 1 }
    expect(sent([twice, { twice }, 5n])).toBe(
      '[{"a":1},{"twice":{"a":1}},{"@class":"math.BigInt","value":"5"}]',
    )
  })

  it('may be 200 levels deep', () => {
    let deep: unknown = []
    for (let level = 1; level < 200; level++) deep = [deep]
    expect(returned(deep)).toEqual(deep)
  })

  it('may be an instance of a class, of which the own enumerable members are sent', () => {
    expect(sent(new Account())).toBe('{"owner":"Ann"}')
    expect(sent({ account: new Account() })).toBe('{"account":{"owner":"Ann"}}')
  })

  it('is what its toJSON method returns', () => {
    const money = { amount: 5, toJSON: (name: string) => ({ name, cents: 500 }) }
    expect(sent(money)).toBe('{"name":"","cents":500}')
    expect(sent({ price: money, list: [money] })).toBe(
      '{"price":{"name":"price","cents":500},"list":[{"name":"0","cents":500}]}',
    )
    expect(sent(new URL('http://localhost/a'))).toBe('"http://localhost/a"')
    expect(sent({ left: { toJSON: () => undefined } })).toBe('{}')
  })

  it('keeps its bigints where BigInt.prototype has a toJSON', () => {
    Object.defineProperty(BigInt.prototype, 'toJSON', { value: () => 'text', configurable: true })
    try {
      expect(returned({ a: 5n })).toEqual({ a: 5n })
    } finally {
      Reflect.deleteProperty(BigInt.prototype, 'toJSON')
    }
  })

  it('loses members whose name is a symbol, as in JSON', () => {
    expect(sent({ [Symbol('mark')]: 1, a: 1 })).toBe('{"a":1}')
  })

  it('may be frozen, and is not modified', () => {
    const value = Object.freeze({
      '@class': 'Order',
      big: 5n,
      list: Object.freeze([0.5, -0, undefined].slice(0, 2)),
    })
    expect(returned(value)).toEqual({ '@class': 'Order', big: 5n, list: [0.5, -0] })
    expect(value).toEqual({ '@class': 'Order', big: 5n, list: [0.5, -0] })
  })
})

describe('a query', () => {
  it('is sent as it is, with its class first at every depth', () => {
    const filter = {
      '@class': 'filter.AllFilter',
      filters: [
        {
          '@class': 'filter.EqualsFilter',
          extractor: { '@class': 'extractor.UniversalExtractor', name: 'a' },
        },
      ],
    }
    expect(sent(filter, 'query')).toBe(JSON.stringify(filter))
  })

  it('may have metadata that values cannot', () => {
    const argument = { '@version': 0, map: { '@ordered': true, entries: [] } }
    expect(sent(argument, 'query')).toBe('{"@version":0,"map":{"@ordered":true,"entries":[]}}')
  })
})

describe('without the option ascii', () => {
  const codec = jsonCodec({ ascii: false })

  it('text is sent in UTF-8, apart from the two characters that servers escape', () => {
    const bytes = codec.encode({ größe: 'é\u2028😀' }, 'value')
    expect(Buffer.from(bytes).toString('utf8', 1)).toBe('{"größe":"é\\u2028😀"}')
  })
})
