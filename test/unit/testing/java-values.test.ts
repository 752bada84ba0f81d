// equals, compareTo, toString, hashes and arithmetic of Java values. The fixtures were made with Java 17.
import {
  add,
  compareDecimals,
  decimalToString,
  divide,
  parseDecimal,
  toDecimal,
} from '../../../src/testing/java/decimals'
import { doubleText, floatText } from '../../../src/testing/java/double-text'
import { javaEquals } from '../../../src/testing/java/equality'
import { javaHashCode } from '../../../src/testing/java/hashing'
import { JavaException } from '../../../src/testing/java/java-exception'
import { javaToString } from '../../../src/testing/java/java-text'
import { JavaBigDecimal, JavaBigInteger, JavaDouble } from '../../../src/testing/java/java-value'
import { parseJson } from '../../../src/testing/java/json-parser'
import { identityText } from '../../../src/testing/java/json-printer'
import { javaCompare } from '../../../src/testing/java/ordering'
import comparisons from './fixtures/comparisons.json'
import texts from './fixtures/double-texts.json'

interface Comparison {
  readonly a: string
  readonly b: string
  readonly equal: boolean
  readonly sameKey: boolean
  readonly order?: number
  readonly failure?: string
}

const pairs: readonly Comparison[] = comparisons
const bits = new DataView(new ArrayBuffer(8))

/** The order, or what Java throws. The text is left out where the fixture has none. */
function order({ a, b, failure = '' }: Comparison): number | string {
  try {
    return Math.sign(javaCompare(parseJson(a), parseJson(b)))
  } catch (error) {
    if (!(error instanceof JavaException)) throw error
    return failure.includes(':') ? `${error.javaClass}: ${String(error.text)}` : error.javaClass
  }
}

describe('Java values', () => {
  it.each(pairs)('$a and $b are equal: $equal', ({ a, b, equal }) => {
    expect(javaEquals(parseJson(a), parseJson(b))).toBe(equal)
  })

  it.each(pairs)('$a and $b are the same key: $sameKey', ({ a, b, sameKey }) => {
    expect(identityText(parseJson(a)) === identityText(parseJson(b))).toBe(sameKey)
  })

  it.each(pairs.filter(({ order, failure }) => (order ?? failure) !== undefined))(
    '$a is compared with $b',
    (pair) => {
      expect(order(pair)).toBe(pair.order ?? pair.failure)
    },
  )

  it('have one hash where they are equal', () => {
    for (const { a, b } of pairs.filter(({ equal }) => equal)) {
      // Java's maps and JsonObjects break this rule themselves.
      if (a.includes('HashMap') === b.includes('HashMap')) {
        expect(javaHashCode(parseJson(a))).toBe(javaHashCode(parseJson(b)))
      }
    }
  })

  it('have the hashes of Java', () => {
    const hashes = [
      '"name"',
      '3000000000',
      '-0.0',
      'true',
      '[1,"a"]',
      '{"a":1}',
      '{"@class":"math.BigDec","value":"-1.50"}',
    ]
    expect(hashes.map((text) => javaHashCode(parseJson(text)))).toEqual([
      3373707, -1294967296, -2147483648, 1231, 1089, 3937, -4648,
    ])
  })
})

describe('the text of', () => {
  it.each(texts.doubles)('the double with the bits %s is %s', (hex = '', text) => {
    bits.setBigUint64(0, BigInt(`0x${hex}`))
    expect(doubleText(bits.getFloat64(0))).toBe(text)
  })

  it.each(texts.floats)('the float with the bits %s is %s', (hex = '', text) => {
    bits.setUint32(0, Number.parseInt(hex, 16))
    expect(floatText(bits.getFloat32(0))).toBe(text)
  })

  it.each([
    [
      '{"@class":"java.time.LocalDateTime","year":2020,"month":1,"day":2,"hour":3,"minute":4,"second":0,"nano":0}',
      '2020-01-02T03:04',
    ],
    ['{"@class":"java.time.LocalTime","hour":1,"minute":2,"second":3,"nano":4000000}', '01:02:03.004'],
    ['{"@class":"java.time.Instant","second":1,"nano":2}', '1970-01-01T00:00:01.000000002Z'],
    ['{"@class":"java.time.Duration","seconds":-5}', 'PT-5S'],
    ['{"@class":"java.time.Duration","seconds":3725,"nanos":500000000}', 'PT1H2M5.5S'],
    ['{"@class":"java.time.Period","years":1,"days":3}', 'P1Y3D'],
    ['{"@class":"java.util.OptionalInt","value":1}', 'OptionalInt[1]'],
    [
      '{"@class":"util.CompositeKey","primary":"x","secondary":{"a":null}}',
      'x:JsonObject{version=0, properties={a=null}}',
    ],
  ])('%s is %s', (json, text) => {
    expect(javaToString(parseJson(json))).toBe(text)
  })
})

describe('BigDecimals', () => {
  it.each([
    ['1.5E+3', '1.5E+3'],
    ['1e3', '1E+3'],
    ['0.0000001', '1E-7'],
    ['0.000001', '0.000001'],
    ['-.5e-2', '-0.005'],
    ['1.', '1'],
    ['0e10', '0E+10'],
    ['-0.00', '0.00'],
    ['123.4500', '123.4500'],
  ])('%s is printed as %s', (text, printed) => {
    expect(decimalToString(parseDecimal(text))).toBe(printed)
  })

  it.each(['', 'NaN', '1e', '.', '1 2', '1e2147483649'])('%j is none', (text) => {
    expect(() => parseDecimal(text)).toThrow(JavaException)
  })

  it('of Doubles have all digits', () => {
    expect(decimalToString(toDecimal(new JavaDouble(0.1)))).toBe(
      '0.1000000000000000055511151231257827021181583404541015625',
    )
    expect(toDecimal(new JavaDouble(1e10))).toEqual(new JavaBigDecimal(10_000_000_000n, 0))
    expect(toDecimal(new JavaBigInteger(7n))).toEqual(new JavaBigDecimal(7n, 0))
    expect(() => toDecimal(new JavaDouble(Infinity))).toThrow(
      new JavaException('java.lang.NumberFormatException', 'Infinite or NaN'),
    )
    expect(() => toDecimal('a')).toThrow(
      "class java.lang.String cannot be cast to class java.lang.Number (java.lang.String and java.lang.Number are in module java.base of loader 'bootstrap')",
    )
  })

  it.each([
    ['3', 2, '1.50000000'],
    ['5', 3, '1.66666667'],
    ['1', 512, '0.00195313'],
    ['-3', 512, '-0.00585938'],
    ['2.10', 2, '1.0500000000'],
    ['1E+3', 1, '1000.00000'],
    ['0', 1, '0E-8'],
    ['5E-11', 3, '1.66666667E-11'],
  ])('%s divided by %i is %s', (sum, count, quotient) => {
    expect(decimalToString(divide(parseDecimal(sum), count))).toBe(quotient)
  })

  it('are added at the finer scale', () => {
    expect(decimalToString(add(parseDecimal('1E+3'), parseDecimal('0.10')))).toBe('1000.10')
  })

  it('are compared by value', () => {
    const order = (a: string, b: string): number => compareDecimals(parseDecimal(a), parseDecimal(b))
    expect(order('1.0', '1.00')).toBe(0)
    expect(order('-1', '0.5')).toBe(-1)
    expect(order('1e2000000000', '9')).toBe(1)
    expect(order('-1e2000000000', '-9')).toBe(-1)
    expect(order('0e9', '0')).toBe(0)
    expect(order('12.5', '12.49')).toBe(1)
  })
})
