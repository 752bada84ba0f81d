// Whatever a server or another client has written, reading it gives a value or a CodecError, and changes nothing else.
import fc from 'fast-check'
import { isUtf8 } from 'node:buffer'
import { directFormOf } from '../../../src/codec/direct-form'
import { jsonCodec } from '../../../src/codec/json-codec'
import { CodecError } from '../../../src/errors'
import { oddVersionOf } from '../../support/odd-messages'
import { framed, received } from './json-texts'

const codec = jsonCodec()
const MARKER = 0x15

/** Whether the bytes have a value; where they are JSON behind the marker, they have to have one. */
function survives(bytes: Uint8Array): boolean {
  try {
    codec.decode(bytes, 'value')
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(CodecError)
    expect(isJson(bytes)).toBe(false)
    return false
  }
}

function isJson(bytes: Uint8Array): boolean {
  if (bytes[0] !== MARKER || !isUtf8(bytes)) return false
  try {
    JSON.parse(Buffer.from(bytes.subarray(1)).toString('utf8'))
    return true
  } catch {
    return false
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
    (text) => {
      expect(survives(framed(text))).toBe(true)
    },
  )

  it('may be any bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 50 }),
        (bytes) => void survives(Buffer.from([MARKER, ...bytes])),
      ),
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => void survives(bytes)))
  })

  it('may be what a server prints, with faults', () => {
    const right = framed(
      '{"name":"Ann","n":[1,2.5,9007199254740993],"big":{"@class":"math.BigInt","value":"5"}}',
    )
    let refused = 0
    fc.assert(
      fc.property(oddVersionOf(right), (bytes) => {
        if (!survives(bytes)) refused += 1
      }),
      { numRuns: 2_000, seed: 7 },
    )
    expect(refused).toBeGreaterThan(200)
  })

  it('has an identity as a key, whatever it is', () => {
    const keys = fc.oneof(oddVersionOf(framed('"key"')), oddVersionOf(framed('{"id":[1,null]}')))
    const direct = directFormOf(codec)
    fc.assert(
      fc.property(keys, (bytes) => {
        expect(direct?.identityOf(bytes)).toEqual(expect.any(String))
      }),
      { numRuns: 1_000, seed: 7 },
    )
  })

  it('may be any pieces of JSON', () => {
    const piece = fc.constantFrom(
      ...['{', '}', '[', ']', ',', ':', '"', '\\', 'u', '"@class":', '"math.BigInt"', '"value":', '"5"', '-'],
      ...['9007199254740993', '"__proto__":', 'null', '1.5', ' ', '\\u0041'],
    )
    let read = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        if (survives(framed(pieces.join('')))) read += 1
      }),
      { numRuns: 2_000 },
    )
    expect(read).toBeGreaterThan(20)
  })
})
