// What is written straight into a buffer is what the JSON writer would write; values that are not plain are left to it.
import fc from 'fast-check'
import { frame } from '../../../src/codec/json-frame'
import { writeJson } from '../../../src/codec/json-writer'
import { writePlain, writePlainString } from '../../../src/codec/plain-bytes'
import { CodecError } from '../../../src/errors'

const ROOM = 4_096

/** The text that is written in the middle of a buffer; `undefined` for what is not plain. */
function written(value: unknown, room = ROOM, ascii = true): string | undefined {
  const out = Buffer.alloc(room, 0xff)
  const end = writePlain(value, out, 3, ascii)
  if (end < 0) return undefined
  expect(end).toBeLessThanOrEqual(room)
  expect([...out.subarray(0, 3), ...out.subarray(end)].every((byte) => byte === 0xff)).toBe(true)
  return out.toString('utf8', 3, end)
}

/** What the JSON writer makes of a value; `undefined` if it refuses it. */
function slowly(value: unknown, ascii: boolean): string | undefined {
  try {
    return Buffer.from(frame(writeJson(value, 'value'), ascii)).toString('utf8', 1)
  } catch (error) {
    if (error instanceof CodecError) return undefined
    throw error
  }
}

class Point {
  readonly x = 1
}

describe('what is plain', () => {
  it.each([
    ['a string', 'text with / and \x7e'],
    ['an empty string', ''],
    ['a string of more than a line', 'x'.repeat(1_000)],
    ['integers', [0, 1, -1, 42, 2 ** 31, -(2 ** 53) + 1]],
    ['doubles', [0.5, -12.25, 1e-7]],
    ['what else JSON has', [true, false, null]],
    ['an empty array', []],
    ['an empty object', {}],
    ['members', { name: 'Alice', age: 42, tags: ['a', ['b', {}]], nested: { deeper: { deepest: null } } }],
    ['members that are not there', { first: undefined, second: 2, third: undefined }],
    ['members with numbers as names', { b: 1, 1: 'one', 0: 'zero' }],
    ['names that look like others', { toString: 1, constructor: 2, 'with space': 3, '': 4 }],
    [
      'a member that is computed',
      {
        get computed() {
          return [1]
        },
      },
    ],
  ])('%s is written as JSON.stringify prints it', (_, value) => {
    expect(written(value)).toBe(JSON.stringify(value))
  })

  it.each([
    ['quotes and backslashes', 'a "quote" and a \\ ', '"a \\"quote\\" and a \\\\ "'],
    ['control characters', 'a\nb\tc', '"a\\nb\\tc"'],
    ['a control character, in a long string', `${'x'.repeat(100)}\n`, `"${'x'.repeat(100)}\\n"`],
    ['characters beyond ASCII', 'é€', '"\\u00e9\\u20ac"', '"é€"'],
    ['a pair of surrogates', '😀', '"\\ud83d\\ude00"', '"😀"'],
    ['a long string beyond ASCII', 'é'.repeat(100), `"${'\\u00e9'.repeat(100)}"`, `"${'é'.repeat(100)}"`],
    ['a name beyond ASCII', { é: 1 }, '{"\\u00e9":1}', '{"é":1}'],
    ['a class of the server, first', { '@class': 'x', a: 1 }, '{"@class":"x","a":1}'],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
  ])('has escapes if it needs them: %s', (_, value, text, utf8 = text) => {
    expect([written(value), written(value, ROOM, false)]).toEqual([text, utf8])
  })

  it('is a string of a key', () => {
    const out = Buffer.alloc(20)
    expect(writePlainString('key-1', out, 1)).toBe(8)
    expect(out.toString('latin1', 0, 8)).toBe('\0"key-1"')
  })
})

describe('what is not plain', () => {
  const cycle: unknown[] = []
  cycle.push(cycle)
  it.each([
    ['what JSON has no text for', undefined],
    ['a bigint', 1n],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['NaN', Number.NaN],
    ['a negative zero', -0],
    ['an integer that the server would take for another', 2 ** 60],
    ['nothing in an array', [1, undefined]],
    ['an array with a hole', Array(2)],
    ['an object of a class', new Point()],
    ['a Date', new Date(0)],
    ['a Map', new Map()],
    ['an object with toJSON', { toJSON: () => 1 }],
    ['an array with toJSON', Object.assign([1], { toJSON: () => 1 })],
    ['half a pair of surrogates', '\ud800'],
    ['a control character without a short escape', '\0'],
    ['what the server cannot print', 'a\\u0041'],
    ['a line separator', 'a\u2028'],
    ['a name with an escape', { 'a"': 1 }],
    ['a class that is no string', { '@class': 1 }],
    ['metadata after a class', { '@class': 'x', '@version': 1 }],
    ['a class after digits', { 1: 1, '@class': 'x' }],
    ['metadata after digits', { 1: 1, '@type': 1 }],
    ['a cycle', cycle],
    [
      'a getter that throws',
      {
        get broken(): unknown {
          throw new Error('no')
        },
      },
    ],
  ])('%s is left to others', (_, value) => {
    expect(written(value)).toBeUndefined()
    expect(written({ member: [value] })).toBeUndefined()
  })

  it('is everything while Object.prototype has additional members', () => {
    const prototype = Object.prototype as { inherited?: number }
    prototype.inherited = 1
    try {
      expect([written({ a: 1 }), written('a')]).toEqual([undefined, undefined])
    } finally {
      delete prototype.inherited
    }
    expect(written({ a: 1 })).toBe('{"a":1}')
  })
})

describe('any value of plain parts', () => {
  const string = fc.stringMatching(/^[ !#-[\]-~]*$/)
  // With an '@' in front it would be metadata.
  const name = string.filter((text) => !text.startsWith('@'))
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(null, true, false, undefined),
      fc.integer().map((number) => number || 0),
      fc.constantFrom(0.5, -12.25, 1e-7),
      string,
      fc.array(
        tie('value').map((element) => element ?? null),
        { maxLength: 4 },
      ),
      fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }))

  it('is written as JSON.stringify prints it', () => {
    const member = value.map((given) => ({ member: given }))
    fc.assert(
      fc.property(member, (given) => {
        expect(written(given, 64 * 1_024)).toBe(JSON.stringify(given))
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('any value', () => {
  const anything = fc.oneof(
    fc.jsonValue({ stringUnit: 'binary' }),
    fc.anything(),
    fc.string({ unit: fc.constantFrom('\\', 'u', '0', '4', '"', 'é', '\n', '\0', '\u2028', '\ud800', '😀') }),
    fc.dictionary(
      fc.constantFrom('@class', '@id', 'é', 'a"', '"a"', '0', 'b'),
      fc.constantFrom('x', 1, null),
    ),
    fc.array(
      fc.record({ name: fc.string(), age: fc.integer(), tags: fc.array(fc.string()), price: fc.double() }),
    ),
  )

  it.each([true, false])('is written as the JSON writer writes it, or not at all; in ASCII: %p', (ascii) => {
    let plain = 0
    fc.assert(
      fc.property(anything, (value) => {
        const text = written(value, 64 * 1_024, ascii)
        if (text === undefined) return
        plain += 1
        expect(text).toBe(slowly(value, ascii))
      }),
      { numRuns: 1_000 },
    )
    expect(plain).toBeGreaterThan(200)
  })

  it('takes more room where there is too little, and no byte beyond', () => {
    const compared = { fit: 0, tooLong: 0 }
    fc.assert(
      fc.property(anything, fc.nat({ max: 100 }), (value, room) => {
        const text = written(value, 64 * 1_024)
        if (text === undefined) return
        compared[text.length <= room ? 'fit' : 'tooLong'] += 1
        const out = Buffer.alloc(room)
        const end = writePlain(value, out, 0, true)
        if (text.length <= room) expect(out.toString('latin1', 0, end)).toBe(text)
        else expect(end).toBeGreaterThan(room)
      }),
      { numRuns: 1_000 },
    )
    expect(Math.min(compared.fit, compared.tooLong)).toBeGreaterThan(20)
  })
})
