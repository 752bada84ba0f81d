// Computes hashCode() of the Java objects that represent strings, numbers and booleans on a server.

const BITS = new DataView(new ArrayBuffer(8))
const WORD = 32n
const WORD_MASK = 0xffff_ffffn
const HASH_OF_TRUE = 1231
const HASH_OF_FALSE = 1237
const LARGEST_LONG = 2n ** 63n - 1n

/**
 * Returns the hash of each Java object that is read as `value`. A number has several, one for each of its Java types.
 */
export function javaHashes(value: string | number | boolean | bigint): readonly number[] {
  if (typeof value === 'string') return [hashOfString(value)]
  if (typeof value === 'boolean') return [value ? HASH_OF_TRUE : HASH_OF_FALSE]
  if (typeof value === 'number') return [...new Set(hashesOfNumber(value))]
  return isLong(value) ? [hashOfLong(value), hashOfBigInteger(value)] : [hashOfBigInteger(value)]
}

function* hashesOfNumber(number: number): Generator<number> {
  if (number === (number | 0)) yield number | 0
  else if (Number.isSafeInteger(number)) yield hashOfLong(BigInt(number))
  // JavaScript treats both zeros as equal.
  for (const double of number === 0 ? [0, -0] : [number]) {
    yield hashOfDouble(double)
    yield hashOfFloat(double)
  }
}

/** The hash of a String or a Character. */
function hashOfString(string: string): number {
  let hash = 0
  for (let index = 0; index < string.length; index++)
    hash = (Math.imul(31, hash) + string.charCodeAt(index)) | 0
  return hash
}

function hashOfDouble(number: number): number {
  BITS.setFloat64(0, number)
  return BITS.getInt32(0) ^ BITS.getInt32(4)
}

function hashOfFloat(number: number): number {
  BITS.setFloat32(0, number)
  return BITS.getInt32(0)
}

function hashOfLong(integer: bigint): number {
  BITS.setBigInt64(0, integer)
  return BITS.getInt32(0) ^ BITS.getInt32(4)
}

function hashOfBigInteger(integer: bigint): number {
  const words: number[] = []
  for (let left = integer < 0n ? -integer : integer; left > 0n; left >>= WORD)
    words.push(Number(left & WORD_MASK))
  const hash = words.reduceRight((before, word) => (Math.imul(31, before) + word) | 0, 0)
  return integer < 0n ? -hash | 0 : hash
}

function isLong(integer: bigint): boolean {
  return integer <= LARGEST_LONG && integer >= -LARGEST_LONG - 1n
}
