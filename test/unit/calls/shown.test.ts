// What error texts show of a value.
import { plainKindOfObject, shown, shownKey } from '../../../src/calls/shown'
import { equal } from '../../../src/query/filters'

class Point {
  readonly x = 1
}

describe('a value in an error text', () => {
  it.each([
    ['a text', 'abc', "'abc'"],
    ['a long text', 'x'.repeat(81), `'${'x'.repeat(80)}...'`],
    ['a negative zero', -0, '-0'],
    ['a bigint', 5n, '5n'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a symbol', Symbol('secret'), 'a symbol'],
    ['a function', () => 1, 'a function'],
    ['a class', Point, 'the class Point'],
    ['an array', ['secret'], 'an array'],
    ['an object', { password: 'secret' }, 'an object'],
    ['an object of a class', new Map(), 'an instance of Map'],
    ['a query', equal('password', 'secret'), 'a filter'],
    ['a query of an unknown class', { '@class': 'com.acme.Rule' }, 'a query'],
  ])('is short and without contents: %s', (_, value, text) => {
    expect(shown(value)).toBe(text)
  })

  it('conceals keys and passwords', () => {
    expect(shown('-----BEGIN PRIVATE KEY-----\nsecret')).toBe('the text of a PEM file')
    expect(shown('http://user:secret@host:80')).toBe("'http://***@host:80'")
    expect(shown('to http://a@b and http://c@d')).toBe("'to http://***@b and http://c@d'")
  })

  it('may be as long as a text can be', () => {
    // With a regular expression this takes hours.
    expect(shown('//'.repeat(5_000_000))).toBe(`'${'/'.repeat(80)}...'`)
  })

  it('can be described without its class', () => {
    expect(shown(new Map(), plainKindOfObject)).toBe('an object')
    expect(shown(Buffer.from('secret'), plainKindOfObject)).toBe('bytes')
  })
})

describe('a key in an error text', () => {
  it('has its contents, up to a length', () => {
    expect([shownKey('a'), shownKey({ id: 7n }), shownKey(undefined)]).toEqual([
      '"a"',
      '{"id":"7"}',
      'undefined',
    ])
    expect(shownKey('x'.repeat(100))).toBe(`"${'x'.repeat(79)}...`)
  })

  it('may be one that only a codec of the user can write', () => {
    const circular: { self?: object } = {}
    circular.self = circular

    expect([shownKey(circular), shownKey(Symbol('s'))]).toEqual(['an object', 'Symbol(s)'])
  })
})
