// The numbers of Java: which values are numbers, and how Java converts one kind into another.
import { JavaBigDecimal, JavaBigInteger, JavaDouble, type JavaValue } from '../java/java-value'
import { castFailure } from './agents'

/** What is a `java.lang.Number`. */
export type JavaNumber = number | bigint | JavaDouble | JavaBigInteger | JavaBigDecimal

const INT_BITS = 32
const LONG_BITS = 64
const LEAST_LONG = -(2n ** 63n)
const LARGEST_LONG = 2n ** 63n - 1n
const LEAST_INT = -(2 ** 31)
const LARGEST_INT = 2 ** 31 - 1

export function isNumber(value: JavaValue): value is JavaNumber {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof JavaDouble ||
    value instanceof JavaBigInteger ||
    value instanceof JavaBigDecimal
  )
}

/** Throws where a value is not a number, as a cast does. */
export function asNumber(value: JavaValue): JavaNumber {
  if (isNumber(value)) return value
  throw castFailure(value, 'java.lang.Number')
}

/** `doubleValue()`. */
export function toDouble(number: JavaNumber): number {
  if (number instanceof JavaDouble) return number.value
  if (number instanceof JavaBigInteger) return Number(number.value)
  if (number instanceof JavaBigDecimal) return Number(`${number.unscaled}e${-number.scale}`)
  return Number(number)
}

/** `intValue()`: a fraction loses its digits and stays within the range, an integer loses its upper bits. */
export function toInt(number: JavaNumber): number {
  if (number instanceof JavaDouble) return doubleToInt(number.value)
  return Number(BigInt.asIntN(INT_BITS, toInteger(number)))
}

/** `longValue()`. */
export function toLong(number: JavaNumber): bigint {
  if (number instanceof JavaDouble) return doubleToLong(number.value)
  return BigInt.asIntN(LONG_BITS, toInteger(number))
}

export function toShort(number: JavaNumber): number {
  return Number(BigInt.asIntN(16, BigInt(toInt(number))))
}

export function toByte(number: JavaNumber): number {
  return Number(BigInt.asIntN(8, BigInt(toInt(number))))
}

/** A cast of a double to int. */
export function doubleToInt(double: number): number {
  if (Number.isNaN(double)) return 0
  return Math.trunc(Math.min(Math.max(double, LEAST_INT), LARGEST_INT)) + 0
}

/** A cast of a double to long. */
export function doubleToLong(double: number): bigint {
  if (Number.isNaN(double)) return 0n
  if (double >= Number(LARGEST_LONG)) return LARGEST_LONG
  if (double <= Number(LEAST_LONG)) return LEAST_LONG
  return BigInt(Math.trunc(double))
}

export function wrapInt(integer: bigint): number {
  return Number(BigInt.asIntN(INT_BITS, integer))
}

export function wrapLong(integer: bigint): bigint {
  return BigInt.asIntN(LONG_BITS, integer)
}

function toInteger(number: Exclude<JavaNumber, JavaDouble>): bigint {
  if (typeof number === 'bigint') return number
  if (typeof number === 'number') return BigInt(number)
  if (number instanceof JavaBigInteger) return number.value
  const power = 10n ** BigInt(Math.abs(number.scale))
  return number.scale < 0 ? number.unscaled * power : number.unscaled / power
}
