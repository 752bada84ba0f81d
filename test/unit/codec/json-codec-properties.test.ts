// Whatever it is: it comes back as it was or is refused, and stays untouched.
import fc from 'fast-check'
import { isDeepStrictEqual } from 'node:util'
import type { CodecRole } from '../../../src/codec/codec'
import { jsonCodec } from '../../../src/codec/json-codec'
import { CodecError } from '../../../src/errors'
import { isOrdinary, isOrdinaryKey } from '../../support/ordinary-values'

const codec = jsonCodec()

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '@id', '@class', '@version', '0', '17', 'a', 'b'),
)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.string({ unit: fc.constantFrom('\\', 'u', '0', '4', '"', 'é', '\u2028', '\ud800'), maxLength: 8 }),
  fc.constantFrom('9007199254740993', ':9007199254740993', '"math.BigInt"', 'math.BigInt'),
)
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(-0, 2 ** 53, 2 ** 60, 1e20),
)
const integer = fc.oneof(fc.bigInt(), fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }))

const { value } = fc.letrec<{ value: unknown; array: unknown[]; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false),
    text,
    number,
    integer,
    tie('array'),
    tie('object'),
  ),
  array: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}))

/** The value after a round trip, or what it was refused with. What is ordinary may not be refused, whatever is tested. */
function attempt(
  given: unknown,
  role: CodecRole,
): { bytes?: Uint8Array; back?: unknown; error?: CodecError } {
  try {
    const bytes = codec.encode(given, role)
    return { bytes, back: codec.decode(bytes, role) }
  } catch (error) {
    const mayBeRefused = !(role === 'key' ? isOrdinaryKey(given) : isOrdinary(given))
    if (error instanceof CodecError && error.outcome === 'not-sent' && mayBeRefused) return { error }
    throw error
  }
}

function isTree(given: unknown): given is object {
  return typeof given === 'object' && given !== null
}

/** A copy with the members of objects in another order. */
function reordered(given: unknown): unknown {
  if (!isTree(given)) return given
  if (Array.isArray(given)) return given.map(reordered)
  return Object.fromEntries(
    Object.entries(given)
      .reverse()
      .map(([key, member]) => [key, reordered(member)]),
  )
}

/** A copy without what keys do not have: null members and a sign of zero. */
function asKey(given: unknown): unknown {
  if (given === 0) return 0
  if (!isTree(given)) return given
  if (Array.isArray(given)) return given.map(asKey)
  const members = Object.entries(given).filter(([, member]) => member !== null)
  return Object.fromEntries(members.map(([key, member]) => [key, asKey(member)]))
}

function deepFreeze(given: unknown): void {
  if (!isTree(given)) return
  Object.values(given).forEach(deepFreeze)
  Object.freeze(given)
}

describe('any value', () => {
  it('is often an ordinary one, which may not be refused', () => {
    const ordinary = fc.sample(value, 1_000).filter(isOrdinaryKey)
    expect(ordinary.length).toBeGreaterThan(300)
    expect(ordinary.filter(isTree).length).toBeGreaterThan(100)
  })

  it.each(['value', 'query'] as const)(
    'as a %s comes back as it was, or is refused where it is not ordinary',
    (role) => {
      fc.assert(
        fc.property(value, (given) => {
          const { back, error } = attempt(given, role)
          expect(error !== undefined || isDeepStrictEqual(back, given)).toBe(true)
        }),
        { numRuns: 200 },
      )
    },
  )

  it('as a key comes back without null members and signs of zero, or is refused where it is not ordinary', () => {
    fc.assert(
      fc.property(value, (given) => {
        const { back, error } = attempt(given, 'key')
        expect(error !== undefined || isDeepStrictEqual(back, asKey(given))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('as a key has the same bytes whatever the order of its members', () => {
    fc.assert(
      fc.property(value, (given) => {
        const [one, other] = [attempt(given, 'key'), attempt(reordered(given), 'key')]
        expect(one.bytes).toEqual(other.bytes)
      }),
      { numRuns: 200 },
    )
  })

  it('is not touched, and may be frozen', () => {
    fc.assert(
      fc.property(
        fc.clone(value, 2),
        fc.constantFrom<CodecRole>('key', 'value', 'query'),
        ([given, copy], role) => {
          deepFreeze(given)
          attempt(given, role)
          expect(isDeepStrictEqual(given, copy)).toBe(true)
        },
      ),
    )
  })

  it('is sent in ASCII', () => {
    fc.assert(
      fc.property(value, fc.constantFrom<CodecRole>('key', 'value'), (given, role) => {
        expect((attempt(given, role).bytes ?? []).every((byte) => byte < 0x80)).toBe(true)
      }),
    )
  })

  it('is refused by the same rules whether JSON.stringify could print it or not', () => {
    // The bigint beside it takes the value off the fast path.
    fc.assert(
      fc.property(value, (given) => {
        const alone = attempt([given], 'value').bytes
        const beside = attempt([given, 1n], 'value').bytes
        const textOf = (bytes?: Uint8Array): string | undefined =>
          bytes && Buffer.from(bytes).toString('latin1')
        expect(textOf(beside)).toBe(textOf(alone)?.replace(/\]$/, ',{"@class":"math.BigInt","value":"1"}]'))
      }),
      { numRuns: 200 },
    )
  })
})
