// The methods of Java numbers that queries call. A float, a short or a byte that one of them returns is kept as the
// Double or Integer that prints the same.
import { add } from '../../java/decimals'
import { JavaException } from '../../java/java-exception'
import { JavaBigDecimal, JavaBigInteger, JavaDouble } from '../../java/java-value'
import { toByte, toDouble, toInt, toLong, toShort, type JavaNumber } from '../numbers'
import { method, type Methods } from './method'

export const NUMBER_METHODS: Methods<JavaNumber> = {
  intValue: [method('', toInt)],
  longValue: [method('', toLong)],
  doubleValue: [method('', (number: JavaNumber) => new JavaDouble(toDouble(number)))],
  floatValue: [method('', (number: JavaNumber) => new JavaDouble(Math.fround(toDouble(number))))],
  shortValue: [method('', toShort)],
  byteValue: [method('', toByte)],
}

export const DOUBLE_METHODS: Methods<JavaDouble> = {
  isNaN: [method('', ({ value }: JavaDouble) => Number.isNaN(value))],
  isInfinite: [method('', ({ value }: JavaDouble) => Math.abs(value) === Infinity)],
}

export const BIG_INTEGER_METHODS: Methods<JavaBigInteger> = {
  abs: [method('', ({ value }: JavaBigInteger) => new JavaBigInteger(value < 0n ? -value : value))],
  negate: [method('', ({ value }: JavaBigInteger) => new JavaBigInteger(-value))],
  not: [method('', ({ value }: JavaBigInteger) => new JavaBigInteger(~value))],
  signum: [method('', ({ value }: JavaBigInteger) => sign(value))],
  bitLength: [
    method('', ({ value }: JavaBigInteger) => {
      const size = value < 0n ? ~value : value
      return size === 0n ? 0 : size.toString(2).length
    }),
  ],
  testBit: [method('i', ({ value }: JavaBigInteger, bit: number) => ((value >> BigInt(bit)) & 1n) === 1n)],
  add: [ofTwo((a, b) => a + b)],
  subtract: [ofTwo((a, b) => a - b)],
  multiply: [ofTwo((a, b) => a * b)],
  divide: [ofTwo((a, b) => a / nonZero(b))],
  remainder: [ofTwo((a, b) => a % nonZero(b))],
  mod: [ofTwo((a, b) => ((a % nonZero(b)) + b) % b)],
  max: [ofTwo((a, b) => (a > b ? a : b))],
  min: [ofTwo((a, b) => (a < b ? a : b))],
  pow: [
    method(
      'i',
      ({ value }: JavaBigInteger, exponent: number) => new JavaBigInteger(value ** BigInt(exponent)),
    ),
  ],
  longValueExact: [method('', ({ value }: JavaBigInteger) => exact(value, 64, 'long'))],
  intValueExact: [method('', ({ value }: JavaBigInteger) => Number(exact(value, 32, 'int')))],
}

export const BIG_DECIMAL_METHODS: Methods<JavaBigDecimal> = {
  abs: [
    method(
      '',
      ({ unscaled, scale }: JavaBigDecimal) =>
        new JavaBigDecimal(unscaled < 0n ? -unscaled : unscaled, scale),
    ),
  ],
  negate: [method('', ({ unscaled, scale }: JavaBigDecimal) => new JavaBigDecimal(-unscaled, scale))],
  plus: [method('', (decimal: JavaBigDecimal) => decimal)],
  signum: [method('', ({ unscaled }: JavaBigDecimal) => sign(unscaled))],
  scale: [method('', ({ scale }: JavaBigDecimal) => scale)],
  precision: [method('', ({ unscaled }: JavaBigDecimal) => String(unscaled).replace('-', '').length)],
  unscaledValue: [method('', ({ unscaled }: JavaBigDecimal) => new JavaBigInteger(unscaled))],
  add: [method('D', add)],
  subtract: [
    method('D', (a: JavaBigDecimal, b: JavaBigDecimal) => add(a, new JavaBigDecimal(-b.unscaled, b.scale))),
  ],
  multiply: [
    method(
      'D',
      (a: JavaBigDecimal, b: JavaBigDecimal) =>
        new JavaBigDecimal(a.unscaled * b.unscaled, a.scale + b.scale),
    ),
  ],
  pow: [
    method(
      'i',
      ({ unscaled, scale }: JavaBigDecimal, exponent: number) =>
        new JavaBigDecimal(unscaled ** BigInt(exponent), scale * exponent),
    ),
  ],
  stripTrailingZeros: [method('', stripped)],
  toPlainString: [method('', plainText)],
  toBigInteger: [
    method('', ({ unscaled, scale }: JavaBigDecimal) => {
      const power = 10n ** BigInt(Math.abs(scale))
      return new JavaBigInteger(scale < 0 ? unscaled * power : unscaled / power)
    }),
  ],
}

function stripped({ unscaled, scale }: JavaBigDecimal): JavaBigDecimal {
  if (unscaled === 0n) return new JavaBigDecimal(0n, 0)
  const [, digits = '', zeros = ''] = /^(-?\d*?)(0*)$/.exec(String(unscaled)) ?? []
  return new JavaBigDecimal(BigInt(digits), scale - zeros.length)
}

function plainText({ unscaled, scale }: JavaBigDecimal): string {
  const sign = unscaled < 0n ? '-' : ''
  const digits = String(unscaled).replace('-', '')
  if (scale <= 0) return unscaled === 0n ? '0' : sign + digits + '0'.repeat(-scale)
  const padded = digits.padStart(scale + 1, '0')
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}

function ofTwo(compute: (a: bigint, b: bigint) => bigint) {
  return method('I', (a: JavaBigInteger, b: JavaBigInteger) => new JavaBigInteger(compute(a.value, b.value)))
}

function sign(value: bigint): number {
  if (value === 0n) return 0
  return value < 0n ? -1 : 1
}

function nonZero(divisor: bigint): bigint {
  if (divisor !== 0n) return divisor
  throw new JavaException('java.lang.ArithmeticException', 'BigInteger divide by zero')
}

function exact(value: bigint, bits: number, type: string): bigint {
  if (BigInt.asIntN(bits, value) === value) return value
  throw new JavaException('java.lang.ArithmeticException', `BigInteger out of ${type} range`)
}
