// What becomes of the bytes that a server sends.
import { jsonCodec } from '../../../src/codec/json-codec'
import { framed, received, refusal } from './json-texts'

describe('what a server sends', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['', null],
    ['5.0', 5],
    ['-0.0', -0],
    ['1.0E21', 1e21],
    ['"\\u00e9"', 'é'],
    ['{"entries":[{"key":1}]}', { entries: [{ key: 1 }] }],
    ['9007199254740991', 2 ** 53 - 1],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775807', -9223372036854775807n],
    ['{ "a" : [ 9007199254740993 , -9007199254740993\n] }', { a: [9007199254740993n, -9007199254740993n] }],
    ['["a\\\\",9007199254740993,"\\"",9007199254740993]', ['a\\', 9007199254740993n, '"', 9007199254740993n]],
    ['[0.30000000000000004,9007199254740993.0,9007199254740993e0]', [0.30000000000000004, 2 ** 53, 2 ** 53]],
    ['{"@class":"math.BigInt","value":"5"}', 5n],
    ['[{"a":{"@class":"math.BigInt","value":"-12345678901234567890"}}]', [{ a: -12345678901234567890n }]],
    ['[{"@class":"math.BigInt","value":"5"},9007199254740993]', [5n, 9007199254740993n]],
    ['9223372036854775808', 2 ** 63],
    ['-9223372036854775808', -(2 ** 63)],
    ['12345678901234567890', Number('12345678901234567890')],
  ])('%s', (text, value) => {
    expect(received(text)).toEqual(value)
  })

  it.each([
    '{"a":"9007199254740993","b":",9007199254740993,"}',
    '{"9007199254740993":"x:9007199254740993 "}',
    '["\\"",":9007199254740993","[9007199254740993"]',
    '"math.BigInt"',
    '{"@class":"math.BigDec","value":"1.50"}',
    '{"@class":"Order","@version":3,"b":1,"a":2}',
    '{"@class":"math.BigInt","value":"1.5"}',
    '{"@class":"math.BigInt","value":""}',
    '{"@class":"math.BigInt","value":5}',
    '{"@class":"math.BigInt"}',
    '{"@class":"math.BigInt","value":"5","more":1}',
    '{"@class":["math.BigInt"],"value":"5"}',
    '{"value":"5","@class":"math.BigInt"}',
    `{"@class":"math.BigInt","value":"${'9'.repeat(10_001)}"}`,
  ])('stays as JSON.parse reads it: %s', (text) => {
    const value = received(text)
    expect(value).toEqual(JSON.parse(text))
    expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)))
  })

  it.each([
    ['"C:\\users"', 'C:\\users'],
    ['{"a":"\\\\\\user","b":9007199254740993}', { a: '\\\\user', b: 9007199254740993n }],
  ])('is repaired where old servers leave a backslash as it is: %s', (text, value) => {
    expect(received(text)).toEqual(value)
  })

  it('may be part of a larger buffer', () => {
    const bytes = new Uint8Array(Buffer.from('xx\x15{"a":"é"}yy', 'utf8')).subarray(2, -2)
    expect(jsonCodec().decode(bytes, 'key')).toEqual({ a: 'é' })
  })
})

describe('what cannot be read is an error', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(), /it is empty; does the server use another serializer/],
    ['another marker', Buffer.from('{"a":1}'), /begins with byte 123, not 21/],
    ['half a text', framed('{"a":'), /it is not JSON/],
    ['words that are none', framed('NaN'), /it is not JSON/],
    ['bytes that are not UTF-8', Buffer.from([0x15, 0x22, 0xff, 0x22]), /are not UTF-8/],
  ])('%s', (_what, bytes, message) => {
    const error = refusal(() => jsonCodec().decode(bytes, 'key'))
    expect([error.path, error.outcome]).toEqual(['key', undefined])
    expect(error.message).toMatch(message)
  })

  it('with the reason as its cause', () => {
    expect(refusal(() => received('{')).cause).toBeInstanceOf(SyntaxError)
  })

  it('but U+FFFD is a character like any other', () => {
    expect(received('"\ufffd"')).toBe('\ufffd')
  })
})
