// What is written straight into a buffer is what JSON.stringify prints; the rest is told to be another's business.
import fc from 'fast-check'
import { writePlain, writePlainString } from '../../../src/codec/plain-bytes'
import { plainText } from '../../../src/codec/plain-json'

const ROOM = 4_096

/** The text that is written in the middle of a buffer; `undefined` for what is not plain. */
function written(value: unknown, room = ROOM): string | undefined {
  const out = Buffer.alloc(room, 0xff)
  const end = writePlain(value, out, 3)
  if (end < 0) return undefined
  expect(end).toBeLessThanOrEqual(room)
  expect([...out.subarray(0, 3), ...out.subarray(end)].every((byte) => byte === 0xff)).toBe(true)
  return out.toString('utf8', 3, end)
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
    ['a character beyond ASCII', 'é'],
    ['a character beyond ASCII, in a long string', `${'x'.repeat(100)}é`],
    ['a quote', 'a "quote"'],
    ['a backslash', 'a\\b'],
    ['a control character', 'a\nb'],
    ['a control character, in a long string', `${'x'.repeat(100)}\n`],
    ['nothing in an array', [1, undefined]],
    ['an array with a hole', Array(2)],
    ['an object of a class', new Point()],
    ['a Date', new Date(0)],
    ['a Map', new Map()],
    ['an object with toJSON', { toJSON: () => 1 }],
    ['an array with toJSON', Object.assign([1], { toJSON: () => 1 })],
    ['an object without a prototype', Object.create(null) as object],
    ['a name beyond ASCII', { é: 1 }],
    ['metadata', { '@class': 'x', a: 1 }],
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

  it('is everything while Object.prototype has members of somebody', () => {
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

describe('any value', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.anything(),
    fc.array(
      fc.record({ name: fc.string(), age: fc.integer(), tags: fc.array(fc.string()), price: fc.double() }),
    ),
  )

  it('is written as the text that it is sent as, or not at all', () => {
    let plain = 0
    fc.assert(
      fc.property(anything, (value) => {
        const text = written(value, 64 * 1_024)
        if (text === undefined) return
        plain += 1
        expect(text).toBe(plainText(value))
      }),
      { numRuns: 1_000 },
    )
    expect(plain).toBeGreaterThan(100)
  })

  it('takes more room where there is too little, and no byte beyond', () => {
    fc.assert(
      fc.property(anything, fc.nat({ max: 100 }), (value, room) => {
        const text = written(value, 64 * 1_024)
        if (text === undefined) return
        const out = Buffer.alloc(room)
        const end = writePlain(value, out, 0)
        if (text.length <= room) expect(out.toString('latin1', 0, end)).toBe(text)
        else expect(end).toBeGreaterThan(room)
      }),
      { numRuns: 1_000 },
    )
  })
})
