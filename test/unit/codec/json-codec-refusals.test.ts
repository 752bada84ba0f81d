// What cannot be stored without a change is refused, with the place and a way out.
import { refusal, sent } from './json-texts'

class Empty {
  readonly #hidden = 1
  get hidden(): number {
    return this.#hidden
  }
}

const cycle: { name: string; self?: unknown } = { name: 'a' }
cycle.self = cycle
const loop: unknown[] = []
loop.push([loop])
const sparse: unknown[] = [1]
sparse[2] = 3

describe('what cannot be stored is refused', () => {
  it.each<[string, unknown, string, RegExp]>([
    ['undefined', undefined, 'value', /it is undefined; use null/],
    ['a function', () => 1, 'value', /a function/],
    ['a symbol', Symbol('s'), 'value', /a symbol/],
    ['a nested function', { a: { run: () => 1 } }, 'value.a.run', /a function/],
    ['a nested symbol', [Symbol('s')], 'value[0]', /a symbol/],
    ['undefined in an array', { items: [1, undefined] }, 'value.items[1]', /undefined in an array; use null/],
    ['a hole in an array', { sparse }, 'value.sparse[1]', /a hole in an array; use null/],
    ['a cycle through an object', cycle, 'value.self', /contains itself/],
    ['a cycle through arrays', { loop }, 'value.loop[0][0]', /contains itself/],
    ['NaN', { items: [{ price: NaN }] }, 'value.items[0].price', /it is NaN; use null or a string/],
    ['Infinity', [Infinity], 'value[0]', /it is Infinity/],
    ['minus Infinity', -Infinity, 'value', /it is -Infinity/],
    ['a Date', { at: new Date(0) }, 'value.at', /a Date; use date\.toISOString\(\)/],
    ['an invalid Date', new Date(NaN), 'value', /a Date/],
    ['a Map', { a: new Map() }, 'value.a', /a Map; use Object\.fromEntries/],
    ['a Set', [new Set()], 'value[0]', /a Set; use \[\.\.\.set\]/],
    ['a WeakMap', new WeakMap(), 'value', /a WeakMap/],
    ['a WeakSet', new WeakSet(), 'value', /a WeakSet/],
    ['a RegExp', /a/, 'value', /a RegExp/],
    ['an Error', new TypeError('x'), 'value', /an Error/],
    ['a Promise', Promise.resolve(), 'value', /a Promise; await it/],
    ['a Buffer', Buffer.from('a'), 'value', /a Buffer; use buffer\.toString/],
    ['a typed array', new Float32Array(2), 'value', /binary data; use Array\.from/],
    ['a DataView', new DataView(new ArrayBuffer(1)), 'value', /binary data/],
    ['an ArrayBuffer', new ArrayBuffer(1), 'value', /an ArrayBuffer/],
    ['a boxed number', Object(1), 'value', /a boxed primitive/],
    ['a boxed string', { a: Object('a') as unknown }, 'value.a', /a boxed primitive/],
    ['an iterable', new URLSearchParams('a=1'), 'value', /class URLSearchParams that is iterable/],
    ['an object that shows nothing', new Empty(), 'value', /class Empty without enumerable members/],
    ['half a surrogate pair', { a: 'x\ud800' }, 'value.a', /half a surrogate pair/],
    ['half a surrogate pair in a name', { '\udc00x': 1 }, 'value["\\udc00x"]', /half a surrogate pair/],
    ['backslash, u and four digits', { a: ['\\u0041'] }, 'value.a[0]', /the server cannot print/],
    ['backslash and u near the end', 'C:\\u1', 'value', /the server cannot print/],
    ['a name with two quotes', { 'a "b" c': 1 }, 'value["a \\"b\\" c"]', /more than one place/],
    ['a name with two backslashes', [{ 'C:\\a\\b': 1 }], 'value[0]["C:\\\\a\\\\b"]', /more than one place/],
    [
      'a name with two line separators',
      { '\u2028 \u2028': 1 },
      'value["\u2028 \u2028"]',
      /more than one place/,
    ],
    ['a bigint without end', 10n ** 10_000n, 'value', /a bigint of more than 10,000 digits/],
    [
      'a leading name that the server drops',
      { '@id': 1, a: 1 },
      'value["@id"]',
      /put a member of another name first/,
    ],
    ['the same behind a member that is left out', { a: undefined, '@id': 1 }, 'value["@id"]', /dropped/],
    ['the same behind a class', { '@class': 'A', '@type': 1 }, 'value["@type"]', /dropped/],
    ['a class that is no string', { a: { '@class': 5 } }, 'value.a["@class"]', /in a string/],
    ['a version that is no integer', { '@version': 1.5 }, 'value["@version"]', /an integer from 1/],
    ['version 0', { '@version': 0, a: 1 }, 'value["@version"]', /leave it out/],
    ['an order without a map', { '@ordered': true, entries: [] }, 'value["@ordered"]', /dropped/],
  ])('%s', (_what, value, path, message) => {
    const error = refusal(() => sent(value))
    expect({ path: error.path, outcome: error.outcome }).toEqual({ path, outcome: 'not-sent' })
    expect(error.message).toMatch(message)
  })

  it('more than 200 levels', () => {
    let deep: unknown = 1
    for (let level = 0; level <= 200; level++) deep = { a: deep }
    const error = refusal(() => sent(deep))
    expect(error.path).toBe(`value${'.a'.repeat(200)}`)
    expect(error.message).toMatch(/more than 200 levels deep/)
  })

  it.each<[string, (cause: Error) => unknown]>([
    ['a getter', (cause) => ({ get a() { throw cause } })], // prettier-ignore
    ['a toJSON method', (cause) => ({ a: { toJSON: () => { throw cause } } })], // prettier-ignore
    ['a proxy', (cause) => ({ a: new Proxy({}, { ownKeys: () => { throw cause } }) })], // prettier-ignore
  ])('%s that throws, with the error as the cause', (_what, make) => {
    const cause = new Error('no')
    const error = refusal(() => sent(make(cause)))
    expect([error.path, error.cause, error.outcome]).toEqual(['value.a', cause, 'not-sent'])
  })

  it('a Date that a toJSON method returns', () => {
    expect(refusal(() => sent({ a: { toJSON: () => new Date(0) } })).path).toBe('value.a')
  })

  it('toJSON methods without end', () => {
    const endless = { toJSON: () => ({ next: endless }) }
    expect(refusal(() => sent(endless)).message).toMatch(/200 levels/)
  })

  it.each(['key', 'query'] as const)('in a %s, whose path says so', (role) => {
    expect(refusal(() => sent({ a: [NaN] }, role)).path).toBe(`${role}.a[0]`)
  })
})
