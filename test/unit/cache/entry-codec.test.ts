// Keys and values of a map to bytes and back: what nothing looks like, how large a request may be, and keys that
// servers print in their own way.
import { EntryCodec } from '../../../src/cache/entries/entry-codec'
import { jsonCodec } from '../../../src/codec/json-codec'
import { CodecError } from '../../../src/errors'
import { thrown } from '../../support/failures'

/** Requests may have 1,000 bytes, of which 100 are not payload. */
const codec = new EntryCodec<unknown, unknown>(jsonCodec(), 'orders', 1_000, (bytes) => bytes + 100)

const NOTHING = new Uint8Array()

function sent(text: string): Uint8Array {
  return Buffer.from(`\u0015${text}`)
}

describe('an answer', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['0', 0],
    ['""', ''],
    ['false', false],
    ['{"a":1}', { a: 1 }],
  ])('%s is that value', (text, value) => {
    expect(codec.decodeValue(sent(text))).toEqual(value)
  })

  it('without bytes is null', () => {
    expect([codec.decodeValue(NOTHING), codec.decodeKey(NOTHING), codec.decodeResult(NOTHING)]).toEqual([
      null,
      null,
      null,
    ])
  })

  it('that cannot be read is refused', () => {
    expect(thrown(CodecError, () => codec.decodeValue(sent('{'))).outcome).toBeUndefined()
  })
})

describe('the value that a write replaced', () => {
  it.each<[string, unknown]>([
    ['0', 0],
    ['""', ''],
    ['false', false],
  ])('may be %s', (text, value) => {
    expect(codec.decodePreviousOrNothing(sent(text))).toBe(value)
  })

  it('is undefined for null and for nothing, which servers do not distinguish', () => {
    expect([codec.decodePreviousOrNothing(sent('null')), codec.decodePreviousOrNothing(NOTHING)]).toEqual([
      undefined,
      undefined,
    ])
  })

  it('rejects where it cannot be read, and the error says that the write was carried out', () => {
    const error = thrown(CodecError, () => codec.decodePrevious(sent('{')))
    expect(error).toMatchObject({ outcome: 'applied', path: 'value' })
    expect(error.message).toMatch(/carried out/)
    expect(error.cause).toBeInstanceOf(CodecError)
  })
})

describe('the text of a key', () => {
  it.each([
    ['{"b":1,"a":{"d":2,"c":3}}', '{ "a": {"c":3,"d":2}, "b": 1 }'],
    ['"\\u00e9"', '"é"'],
    ['1', '1.0'],
    ['-0.0', '0'],
    ['{"a":1}', '{"a":1,"b":null}'],
  ])('is the same for %s and %s', (one, other) => {
    expect(codec.canonicalBytes(sent(one))).toEqual(codec.canonicalBytes(sent(other)))
  })

  it.each([
    ['1', '"1"'],
    ['1', 'true'],
    ['""', 'null'],
    ['[1,2]', '[2,1]'],
    ['1', '{"@class":"math.BigInt","value":"1"}'],
  ])('differs for %s and %s', (one, other) => {
    expect(codec.canonicalBytes(sent(one))).not.toEqual(codec.canonicalBytes(sent(other)))
  })
})

describe('a request', () => {
  it('has room for what the limit leaves beside its envelope', () => {
    expect(codec.maxPayloadBytes).toBe(900)
  })

  it('of the largest size fits', () => {
    expect(() => codec.assertFits('set', 900, 'key')).not.toThrow()
  })

  it('of a byte more is refused, naming call, map, key and sizes', () => {
    const error = thrown(CodecError, () => codec.assertFits('set', 901, { id: 7n }))
    expect(error).toMatchObject({ outcome: 'not-sent', path: 'value' })
    expect(error.message).toContain('set on map \'orders\' for key {"id":"7"}')
    expect(error.message).toContain('1001 bytes, more than the 1000 of maxRequestBytes')
  })

  it('is refused with the beginning of a long key', () => {
    const { message } = thrown(CodecError, () => codec.assertFits('set', 901, 'k'.repeat(5_000)))
    expect(message).toContain('"kkk')
    expect(message.length).toBeLessThan(400)
  })

  it('without a key is refused as a query', () => {
    const error = thrown(CodecError, () => codec.assertFits('entries', 901))
    expect(error.path).toBe('query')
    expect(error.message).toMatch(/^entries on map 'orders' takes a request of/)
  })
})
