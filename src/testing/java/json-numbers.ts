// Reads numbers of JSON as the server does, which is not always the nearest double.
//
// The server collects at most 18 significant digits (19 of integers) into a 64-bit integer and then multiplies or
// divides once by a power of ten. Integers that fit are an Integer or a Long, all other numbers are a Double.
import { JavaDouble } from './java-value'

/** A place in a text. */
export interface Cursor {
  readonly text: string
  at: number
}

const LARGEST_EXPONENT = 308
const POWERS_OF_TEN = Float64Array.from({ length: LARGEST_EXPONENT + 1 }, (_, exponent) =>
  Number(`1e${exponent}`),
)
const LARGEST_LONG = '9223372036854775807'
const MOST_DIGITS = 18
const SAFE_DIGITS = 15
const SMALLEST_INTEGER = -(2 ** 31)
const LARGEST_INTEGER = 2 ** 31 - 1
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const MINUS = 0x2d
const PLUS = 0x2b
const POINT = 0x2e

/** Reads the number at the cursor, whose first character is a digit or a minus sign, and moves the cursor behind it. */
export function readNumber(cursor: Cursor): number | bigint | JavaDouble {
  const { text } = cursor
  const isNegative = text.charCodeAt(cursor.at) === MINUS
  const begin = skipZeros(text, isNegative ? cursor.at + 1 : cursor.at)
  let end = skipDigits(text, begin, begin + MOST_DIGITS)
  if (isDigit(text.charCodeAt(end)) && text.slice(begin, end + 1) <= LARGEST_LONG) end += 1
  const next = text.charCodeAt(end)
  if (next === POINT || isExponentMark(next) || isDigit(next)) {
    const magnitude = readDouble(cursor, begin, end)
    return new JavaDouble(isNegative ? -magnitude : magnitude)
  }
  cursor.at = end
  return integer(text, begin, end, isNegative)
}

/** Whether the server reads the text of a finite double, as it prints it, as that double. */
export function isReadAs(text: string, double: number): boolean {
  const millionths = double * 1e6
  if (Math.abs(millionths) < 1e15 && Math.round(millionths) / 1e6 === double && double !== 0) return true
  const read = readNumber({ text, at: 0 })
  return read instanceof JavaDouble && Object.is(read.value, double)
}

function integer(text: string, begin: number, end: number, isNegative: boolean): number | bigint {
  if (end - begin > SAFE_DIGITS) {
    const magnitude = BigInt(text.slice(begin, end))
    return isNegative ? -magnitude : magnitude
  }
  let magnitude = 0
  for (let index = begin; index < end; index++) magnitude = 10 * magnitude + text.charCodeAt(index) - DIGIT_0
  // Not negated where it is zero: Integers have only one zero.
  const signed = isNegative && magnitude !== 0 ? -magnitude : magnitude
  return signed >= SMALLEST_INTEGER && signed <= LARGEST_INTEGER ? signed : BigInt(signed)
}

/** Reads the rest of a double whose integer digits are from `begin` to `end`. */
function readDouble(cursor: Cursor, begin: number, end: number): number {
  const { text } = cursor
  const count = end - begin
  let at = count >= MOST_DIGITS ? skipDigits(text, end) : end
  let exponent = count >= MOST_DIGITS ? ignoredDigits(count, at - end) : 0
  let digits = text.slice(begin, end)
  if (text.charCodeAt(at) === POINT) {
    const fraction = at + 1
    const significant = count === 0 ? skipZeros(text, fraction) : fraction
    const last = skipDigits(text, significant, Math.max(significant, significant + MOST_DIGITS - count))
    digits += text.slice(significant, last)
    exponent -= last - fraction
    at = skipDigits(text, last)
  }
  if (at + 1 < text.length && isExponentMark(text.charCodeAt(at))) {
    cursor.at = at + 1
    exponent = (exponent + readExponent(cursor)) | 0
  } else {
    cursor.at = at
  }
  return scaled(Number(digits), exponent)
}

/** The server means to count the digits that it ignores. If there are none, it counts all others instead. */
function ignoredDigits(read: number, ignored: number): number {
  return ignored === 0 ? read : ignored
}

/** Adds up digits in 32 bits, which overflow. */
function readExponent(cursor: Cursor): number {
  const { text } = cursor
  const sign = text.charCodeAt(cursor.at)
  if (sign === MINUS || sign === PLUS) cursor.at += 1
  let exponent = 0
  for (; isDigit(text.charCodeAt(cursor.at)); cursor.at++) {
    exponent = (Math.imul(10, exponent) + text.charCodeAt(cursor.at) - DIGIT_0) | 0
  }
  return sign === MINUS ? -exponent : exponent
}

function scaled(digits: number, exponent: number): number {
  if (exponent >= 0) return exponent > LARGEST_EXPONENT ? Infinity : digits * powerOfTen(exponent)
  if (exponent >= -LARGEST_EXPONENT) return digits / powerOfTen(-exponent)
  if (exponent < -325) return 0
  return digits / powerOfTen(-exponent - LARGEST_EXPONENT) / powerOfTen(LARGEST_EXPONENT)
}

function powerOfTen(exponent: number): number {
  return POWERS_OF_TEN[exponent] ?? Infinity
}

function skipZeros(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) === DIGIT_0) at += 1
  return at
}

function skipDigits(text: string, from: number, limit = text.length): number {
  let at = from
  while (at < limit && isDigit(text.charCodeAt(at))) at += 1
  return at
}

function isDigit(unit: number): boolean {
  return unit >= DIGIT_0 && unit <= DIGIT_9
}

function isExponentMark(unit: number): boolean {
  return unit === 0x65 || unit === 0x45
}
