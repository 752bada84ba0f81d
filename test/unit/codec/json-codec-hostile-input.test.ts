// Whatever a server or another client has written, reading it gives a value or a CodecError, and changes nothing else.
import fc from 'fast-check'
import { jsonCodec } from '../../../src/codec/json-codec'
import { CodecError } from '../../../src/errors'
import { framed, received } from './json-texts'

const codec = jsonCodec()

function survives(bytes: Uint8Array): void {
  try {
    codec.decode(bytes, 'value')
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError)
  }
}

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

describe('hostile input', () => {
  it.each([
    '{"hasOwnProperty":1,"@class":"math.BigInt"}',
    '{"@class":null,"value":"5"}',
    '{"@class":{"@class":"math.BigInt","value":"5"},"value":"5"}',
    '{"@class":"constructor","value":"5"}',
    '{"@class":"__proto__","value":"5","x":"math.BigInt"}',
    '{"@class":"util.LiteMap","entries":{"key":1}}',
    '{"@class":"util.LiteMap","entries":[null,1,[],{}]}',
    '{"entries":5,"toJSON":"math.BigInt","toString":null}',
  ])('is read as it is: %s', (text) => {
    expect(
      JSON.stringify(received(text), (_name, member: unknown) => (typeof member === 'bigint' ? 'B' : member)),
    ).toBe(text.replace('{"@class":"math.BigInt","value":"5"}', '"B"'))
  })

  it('does not set prototypes', () => {
    const value = received(
      '{"__proto__":{"polluted":true},"a":{"@class":"math.BigInt","value":"1"},' +
        '"constructor":{"prototype":{"polluted":true}}}',
    ) as object
    expect(Object.keys(value)).toEqual(['__proto__', 'a', 'constructor'])
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })

  it('may have an integer where a prototype would be', () => {
    const value = received('{"__proto__":9007199254740993}') as object
    expect(Object.entries(value)).toEqual([['__proto__', 9007199254740993n]])
  })

  it('may be deep', () => {
    const depth = 100_000
    const value = received(`${'['.repeat(depth)}{"@class":"math.BigInt","value":"5"}${']'.repeat(depth)}`)
    let at = value
    while (Array.isArray(at)) at = at[0] as unknown
    expect(at).toBe(5n)
  })

  it.each(['9'.repeat(1_000_000), `{"a":"${'9'.repeat(1_000_000)}"}`, `"${'\\'.repeat(1_000_000)}"`])(
    'may be a very long run of one character',
    (text) => survives(framed(text)),
  )

  it('may be any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => survives(Buffer.from([0x15, ...bytes]))),
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => survives(bytes)))
  })

  it('may be any pieces of JSON', () => {
    const piece = fc.constantFrom(
      ...['{', '}', '[', ']', ',', ':', '"', '\\', 'u', '"@class":', '"math.BigInt"', '"value":', '"5"', '-'],
      ...['9007199254740993', '"__proto__":', 'null', '1.5', ' ', '\\u0041'],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => survives(framed(pieces.join('')))),
      { numRuns: 2_000 },
    )
  })
})
