// The texts of doubles and floats that Java 17 prints, which are not always the shortest.
//
// The digits come from an exact division that stops where the rest is within half of the distance to the next double.
// It stops late where a number in E notation would have one digit, and where the number is a power of two. Everywhere
// else its digits are the ones that JavaScript prints, which is much faster.

const SIGNIFICANT_BITS = 53
const BITS = new DataView(new ArrayBuffer(8))
const MANTISSA_MASK = (1n << 52n) - 1n
const HIDDEN_BIT = 1n << 52n

/** A number `0.digits` times ten to the power of `exponent`. */
interface Digits {
  readonly digits: string
  readonly exponent: number
}

/** `Double.toString`. */
export function doubleText(double: number): string {
  const magnitude = Math.abs(double)
  if (magnitude >= 1e-3 && magnitude < 1e7) {
    const text = String(double)
    return Number.isInteger(double) ? `${text}.0` : text
  }
  if (magnitude === 0) return Object.is(double, -0) ? '-0.0' : '0.0'
  if (!Number.isFinite(double)) return String(double)
  return (double < 0 ? '-' : '') + notation(digitsOf(magnitude))
}

/** `Float.toString`. */
export function floatText(number: number): string {
  const float = Math.fround(number)
  const magnitude = Math.abs(float)
  if (magnitude === 0 || !Number.isFinite(float)) return doubleText(float)
  return (float < 0 ? '-' : '') + notation(exactDigits(magnitude, FLOAT))
}

function notation({ digits, exponent }: Digits): string {
  if (exponent > -3 && exponent <= 7) {
    if (exponent <= 0) return `0.${'0'.repeat(-exponent)}${digits}`
    return `${digits.slice(0, exponent).padEnd(exponent, '0')}.${digits.slice(exponent) || '0'}`
  }
  return `${digits[0] ?? '0'}.${digits.slice(1) || '0'}E${exponent - 1}`
}

function digitsOf(magnitude: number): Digits {
  const shortest = splitExponential(magnitude.toExponential())
  const isPlain = magnitude < 2 ** SIGNIFICANT_BITS && shortest.digits.length > 1
  return isPlain && !isPowerOfTwo(magnitude) ? shortest : exactDigits(magnitude, DOUBLE)
}

function splitExponential(text: string): Digits {
  const e = text.indexOf('e')
  return { digits: text.charAt(0) + text.slice(2, e), exponent: Number(text.slice(e + 1)) + 1 }
}

function isPowerOfTwo(magnitude: number): boolean {
  BITS.setFloat64(0, magnitude)
  return (BITS.getBigUint64(0) & MANTISSA_MASK) === 0n || magnitude < 2 ** -1022
}

interface Format {
  readonly bits: number
  /** The power of two of the last bit of the smallest number. */
  readonly smallest: number
}

const DOUBLE: Format = { bits: SIGNIFICANT_BITS, smallest: -1074 }
const FLOAT: Format = { bits: 24, smallest: -149 }

/** A number as `mantissa` times two to the power of `exponent`, the mantissa being odd. */
interface Binary {
  readonly mantissa: bigint
  readonly exponent: number
  /** The power of two of the leading bit. */
  readonly leading: number
  /** Fewer than the format has for the smallest numbers. */
  readonly significantBits: number
}

function binaryOf(magnitude: number, { bits, smallest }: Format): Binary {
  BITS.setFloat64(0, magnitude)
  const word = BITS.getBigUint64(0)
  const biased = Number(word >> 52n)
  let mantissa = word & MANTISSA_MASK
  if (biased > 0) mantissa |= HIDDEN_BIT
  let exponent = Math.max(biased, 1) - 1075
  const leading = exponent + mantissa.toString(2).length - 1
  for (; (mantissa & 1n) === 0n; mantissa >>= 1n) exponent += 1
  return { mantissa, exponent, leading, significantBits: Math.min(bits, leading - smallest + 1) }
}

function exactDigits(magnitude: number, format: Format): Digits {
  const binary = binaryOf(magnitude, format)
  return binary.exponent >= 0 && binary.leading <= 62 ? longDigits(binary) : dividedDigits(binary, magnitude)
}

/** The digits of an integer below 2 ** 63, without those that say less than the last bit of the double. */
function longDigits({ mantissa, exponent, leading, significantBits }: Binary): Digits {
  const long = mantissa << BigInt(exponent)
  const ulp = leading > significantBits ? leading - significantBits - 1 : 0
  const ignored = ulp > 1 ? Math.floor(ulp * Math.log10(2)) : 0
  const unit = 10n ** BigInt(ignored)
  const rounded = ignored > 0 && long % unit >= unit / 2n ? long / unit + 1n : long / unit
  const digits = String(rounded)
  return { digits: withoutZeros(digits), exponent: digits.length + ignored }
}

/** A division: `rest` by `unit`, to within `half`, which is half of the last bit. */
interface Division {
  rest: bigint
  half: bigint
  readonly tens: bigint
  /** The bits that Java computes in, where it does not take big integers; results overflow. */
  readonly width: 32 | 64 | undefined
}

function divisionOf({ mantissa, exponent, leading, significantBits }: Binary, decimal: number): Division {
  const restFives = Math.max(0, -decimal)
  const unitFives = Math.max(0, decimal)
  // A power of two has a nearer neighbour below.
  const halfTwos = leading - significantBits - (mantissa === 1n ? 1 : 0) + restFives
  const restTwos = exponent + restFives
  const shift = -Math.min(restTwos, unitFives, halfTwos)
  const restBits = mantissa.toString(2).length + restTwos + shift + bitsOfFives(restFives)
  const tenBits = unitFives + shift + 1 + bitsOfFives(unitFives + 1)
  return {
    rest: shifted(mantissa * 5n ** BigInt(restFives), restTwos + shift),
    half: shifted(5n ** BigInt(restFives), halfTwos + shift),
    tens: shifted(10n * 5n ** BigInt(unitFives), unitFives + shift),
    width: Math.max(restBits, tenBits) < 32 ? 32 : Math.max(restBits, tenBits) < 64 ? 64 : undefined,
  }
}

function shifted(integer: bigint, bits: number): bigint {
  return integer << BigInt(bits)
}

/** Java's table ends at 26. */
function bitsOfFives(power: number): number {
  if (power === 0) return 0
  return power > 26 ? 3 * power : (5n ** BigInt(power)).toString(2).length
}

function dividedDigits(binary: Binary, magnitude: number): Digits {
  let decimal = estimatedExponent(magnitude, binary.leading)
  const division = divisionOf(binary, decimal)
  const digits: number[] = []
  let step = nextDigit(division)
  if (step.digit === 0 && !step.isHigh) decimal -= 1
  else digits.push(step.digit)
  let isDone = decimal >= -3 && decimal < 8 && (step.isLow || step.isHigh)
  while (!isDone) {
    step = nextDigit(division)
    digits.push(step.digit)
    isDone = step.isLow || step.isHigh
  }
  const exponent = decimal + 1
  if (isRoundedUp(step, division, digits.at(-1) ?? 0)) return roundedUp(digits, exponent)
  return { digits: withoutZeros(digits.join('')), exponent }
}

interface Step {
  readonly digit: number
  /** Whether the digits so far say which double it is. */
  readonly isLow: boolean
  /** Whether the digits so far, the last of them rounded up, say which double it is. */
  readonly isHigh: boolean
}

/** A half that has overflowed ends the division. */
function nextDigit(division: Division): Step {
  const { tens, width } = division
  const unit = tens / 10n
  const digit = Number(division.rest / unit)
  division.rest = wrapped(10n * (division.rest % unit), width)
  division.half = wrapped(10n * division.half, width)
  const isOver = division.half <= 0n
  return {
    digit,
    isLow: isOver || division.rest < division.half,
    isHigh: isOver || wrapped(division.rest + division.half, width) > tens,
  }
}

/** Where both neighbours would do, the nearer one is taken, and the even one in the middle. */
function isRoundedUp({ isLow, isHigh }: Step, { rest, tens, width }: Division, last: number): boolean {
  if (!isHigh || !isLow) return isHigh
  const beyondHalf = wrapped(wrapped(2n * rest, width) - tens, width)
  return beyondHalf > 0n || (beyondHalf === 0n && last % 2 === 1)
}

function wrapped(integer: bigint, width: number | undefined): bigint {
  return width === undefined ? integer : BigInt.asIntN(width, integer)
}

function roundedUp(digits: readonly number[], exponent: number): Digits {
  const text = String(BigInt(digits.join('')) + 1n).padStart(digits.length, '0')
  return { digits: withoutZeros(text), exponent: exponent + text.length - digits.length }
}

/** The decimal exponent, or one more. */
function estimatedExponent(magnitude: number, leading: number): number {
  const fraction = significand(magnitude, leading)
  return Math.floor((fraction - 1.5) * 0.289529654 + 0.176091259 + leading * 0.301029995663981)
}

/** Between one and two. */
function significand(magnitude: number, leading: number): number {
  return leading < -1000 ? (magnitude * 2 ** 600) / 2 ** (leading + 600) : magnitude / 2 ** leading
}

function withoutZeros(digits: string): string {
  return digits.replace(/0+$/, '') || '0'
}
