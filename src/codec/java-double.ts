// Finds texts of floating point numbers that a Coherence server reads correctly.
//
// The server's JSON reader collects at most 18 significant digits (19 in one case) into a 64-bit integer and then does
// one multiplication or division by a power of ten. If the digits or the power are not exact in a double, the result
// may be off by one unit in the last place. This affects about one in nine of the numbers with 16 or 17 digits. Nearly
// all of those have another decimal text that means the same double and that the server reads correctly.

const LARGEST_EXPONENT = 308
const POWERS_OF_TEN = Float64Array.from({ length: LARGEST_EXPONENT + 1 }, (_, exponent) =>
  Number(`1e${exponent}`),
)
const LARGEST_LONG = 2n ** 63n - 1n

/** Whether the server reads the shortest text of `number`, which JSON.stringify prints, as that number. */
export function isReadAsPrinted(number: number): boolean {
  const millionths = number * 1e6
  if (Math.abs(millionths) < 1e15 && Math.round(millionths) / 1e6 === number) return true
  return isReadAs(String(Math.abs(number)), Math.abs(number))
}

/** Whether the server reads its own text of `number` as that number. It has one more digit for powers of two. */
export function isReadAsServerPrints(number: number): boolean {
  if (!isReadAsPrinted(number)) return false
  const magnitude = Math.abs(number)
  if (!Number.isInteger(Math.log2(magnitude)) || Number.isSafeInteger(number)) return true
  const { digits, exponent } = decimal(magnitude.toExponential(16))
  return scaled(Number(digits), exponent) === magnitude
}

/**
 * Returns a JSON text of `number`, which is finite, that the server reads as a double with exactly that value. If there
 * is none, returns the shortest text, whose last digit the server changes.
 */
export function doubleText(number: number): string {
  const sign = number < 0 || Object.is(number, -0) ? '-' : ''
  const magnitude = Math.abs(number)
  if (magnitude === 0) return `${sign}0.0`
  const printed = String(magnitude)
  const shortest = /[.e]/.test(printed) ? printed : magnitude.toExponential()
  return sign + (isReadAs(shortest, magnitude) ? shortest : (otherText(magnitude) ?? shortest))
}

function isReadAs(text: string, magnitude: number): boolean {
  const point = text.indexOf('.')
  if (point === -1 || text.includes('e')) {
    const { digits, exponent } = decimal(magnitude.toExponential())
    return scaled(Number(digits), exponent) === magnitude
  }
  const digits =
    point === 1 && text.startsWith('0') ? text.slice(2) : text.slice(0, point) + text.slice(point + 1)
  return scaled(Number(digits), point + 1 - text.length) === magnitude
}

/** The number `digits` times ten to the power of `exponent`. */
interface Decimal {
  readonly digits: string
  readonly exponent: number
}

/** Splits a text like `1.25e-7`. */
function decimal(exponential: string): Decimal {
  const e = exponential.indexOf('e')
  const fraction = exponential.slice(2, e)
  return {
    digits: exponential.slice(0, 1) + fraction,
    exponent: Number(exponential.slice(e + 1)) - fraction.length,
  }
}

/** Computes, as the server does, the double for digits with the value `integer` and an exponent. */
function scaled(integer: number, exponent: number): number {
  if (exponent >= 0) return exponent > LARGEST_EXPONENT ? Infinity : integer * powerOfTen(exponent)
  if (exponent >= -LARGEST_EXPONENT) return integer / powerOfTen(-exponent)
  return integer / powerOfTen(-exponent - LARGEST_EXPONENT) / powerOfTen(LARGEST_EXPONENT)
}

function powerOfTen(exponent: number): number {
  return POWERS_OF_TEN[exponent] ?? Infinity
}

/** Searches texts with more digits: there are more of them, and the server reads them as different doubles. */
function otherText(magnitude: number): string | undefined {
  for (const length of [17, 18, 19]) {
    const { digits, exponent } = decimal(magnitude.toExponential(length - 1))
    for (const integer of integersReadAs(magnitude, BigInt(digits), exponent)) {
      const text = String(integer)
      if (text.length !== length || integer > LARGEST_LONG) continue
      const candidate =
        length === 19 ? `${text}0e${exponent - 1}` : `${text[0]}.${text.slice(1)}e${exponent + length - 1}`
      if (Number(candidate) === magnitude) return candidate
    }
  }
  return undefined
}

function* integersReadAs(magnitude: number, nearest: bigint, exponent: number): Generator<bigint> {
  const middle = Number(nearest)
  const step = 2 ** (Math.floor(Math.log2(middle)) - 52)
  for (const offset of [0, step, -step, 2 * step, -2 * step]) {
    const rounded = middle + offset
    if (scaled(rounded, exponent) !== magnitude) continue
    const integer = BigInt(rounded)
    yield integer
    // This integer rounds to the same double and is closer to the exact number.
    const closer = integer + (integer > nearest ? -1n : 1n) * (BigInt(step) / 2n - 1n)
    if (Number(closer) === rounded) yield closer
  }
}
