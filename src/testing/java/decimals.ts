// The arithmetic of java.math.BigDecimal.
import { JavaException } from './java-exception'
import type { JavaValue } from './java-value'
import { JavaBigDecimal, JavaBigInteger, JavaDouble } from './java-value'
import { castFailure, classNameOf } from './class-names'

const PATTERN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,10}))?$/
const LARGEST_SCALE = 2 ** 31 - 1
/** The digits that an average has more than the sum. */
const DIGITS_OF_AVERAGE = 8

/**
 * The BigDecimal of a text such as `1.5E+3`.
 *
 * @throws {JavaException} the text is not one.
 */
export function parseDecimal(text: string): JavaBigDecimal {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = PATTERN.exec(text) ?? []
  const digits = whole + fraction
  const scale = fraction.length - Number(exponent)
  if (digits === '' || Math.abs(scale) > LARGEST_SCALE) {
    throw new JavaException('java.lang.NumberFormatException', null)
  }
  const magnitude = BigInt(digits)
  return new JavaBigDecimal(sign === '-' ? -magnitude : magnitude, scale)
}

/** `BigDecimal.toString`. */
export function decimalToString({ unscaled, scale }: JavaBigDecimal): string {
  const sign = unscaled < 0n ? '-' : ''
  const digits = String(unscaled < 0n ? -unscaled : unscaled)
  const exponent = digits.length - 1 - scale
  if (scale === 0) return sign + digits
  if (scale > 0 && exponent >= -6) {
    const padded = digits.padStart(scale + 1, '0')
    return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
  }
  const mantissa = digits.length > 1 ? `${digits.charAt(0)}.${digits.slice(1)}` : digits
  if (exponent === 0) return sign + mantissa
  return `${sign}${mantissa}E${exponent > 0 ? '+' : ''}${exponent}`
}

export function add(a: JavaBigDecimal, b: JavaBigDecimal): JavaBigDecimal {
  const scale = Math.max(a.scale, b.scale)
  return new JavaBigDecimal(unscaledAt(a, scale) + unscaledAt(b, scale), scale)
}

/** Divides as BigDecimalAverage does: the quotient has eight more digits behind the point, rounded to the nearest. */
export function divide(sum: JavaBigDecimal, count: number): JavaBigDecimal {
  const dividend = sum.unscaled * 10n ** BigInt(DIGITS_OF_AVERAGE)
  const divisor = BigInt(count)
  const quotient = dividend / divisor
  const rest = dividend % divisor
  const isUp = 2n * (rest < 0n ? -rest : rest) >= divisor
  const rounded = isUp ? quotient + (dividend < 0n ? -1n : 1n) : quotient
  return new JavaBigDecimal(rounded, sum.scale + DIGITS_OF_AVERAGE)
}

/** Less than 0, 0 or more than 0, whatever the scales. */
export function compareDecimals(a: JavaBigDecimal, b: JavaBigDecimal): number {
  const signs = signOf(a.unscaled) - signOf(b.unscaled)
  if (signs !== 0 || a.unscaled === 0n) return Math.sign(signs)
  // Numbers of different length are told apart without their zeros, of which there may be a billion.
  const lengths = lengthOf(a) - lengthOf(b)
  if (lengths !== 0) return Math.sign(lengths) * signOf(a.unscaled)
  const scale = Math.max(a.scale, b.scale)
  return signOf(unscaledAt(a, scale) - unscaledAt(b, scale))
}

/**
 * The BigDecimal that sums and averages add. A Double is converted exactly, so that 0.1 has 55 digits.
 *
 * @throws {JavaException} the value is not a number.
 */
export function toDecimal(value: JavaValue): JavaBigDecimal {
  if (value instanceof JavaBigDecimal) return value
  if (value instanceof JavaBigInteger) return new JavaBigDecimal(value.value, 0)
  if (typeof value === 'number' || typeof value === 'bigint') return new JavaBigDecimal(BigInt(value), 0)
  if (value instanceof JavaDouble) return exactDecimal(value.value)
  throw castFailure(classNameOf(value), 'java.lang.Number')
}

function exactDecimal(double: number): JavaBigDecimal {
  if (!Number.isFinite(double)) throw new JavaException('java.lang.NumberFormatException', 'Infinite or NaN')
  let mantissa = double
  let scale = 0
  // Doubling is exact, and each doubling that an integer takes is one digit behind the point.
  for (; !Number.isInteger(mantissa) && scale < 1100; scale++) mantissa *= 2
  if (Number.isInteger(mantissa)) return new JavaBigDecimal(BigInt(mantissa) * 5n ** BigInt(scale), scale)
  throw new Error('A double has at most 1074 bits behind the point')
}

function unscaledAt({ unscaled, scale }: JavaBigDecimal, finer: number): bigint {
  return unscaled * 10n ** BigInt(finer - scale)
}

function signOf(integer: bigint): number {
  return integer < 0n ? -1 : integer > 0n ? 1 : 0
}

/** The digits before the point. */
function lengthOf({ unscaled, scale }: JavaBigDecimal): number {
  return String(unscaled < 0n ? -unscaled : unscaled).length - scale
}
