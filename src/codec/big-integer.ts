// Converts integers beyond the safe ones between bigint and the server's JSON: digits for a Java Long, an object for a
// Java BigInteger.

const LARGEST_LONG = 2n ** 63n - 1n
const LARGEST_SAFE = BigInt(Number.MAX_SAFE_INTEGER)
/** The limit on digits, because reading and printing an integer take more than linear time. */
const MOST_DIGITS = 10_000
/** The least integer that is too large. It is computed when needed, because that takes a tenth of a millisecond. */
let tooLarge: bigint | undefined
const CLASS = 'math.BigInt'
const DIGITS = new RegExp(`^-?\\d{1,${MOST_DIGITS}}$`)

/** A substring of every text that contains a BigInteger. */
export const BIG_INTEGER_MARK = `"${CLASS}"`

/** Returns the JSON text of `integer`; `undefined` if it has more than 10,000 digits. */
export function bigIntText(integer: bigint): string | undefined {
  const magnitude = integer < 0n ? -integer : integer
  if (magnitude > LARGEST_SAFE && magnitude <= LARGEST_LONG) return String(integer)
  tooLarge ??= 10n ** BigInt(MOST_DIGITS)
  return magnitude < tooLarge ? bigIntegerText(String(integer)) : undefined
}

/** Returns the JSON text of a Java BigInteger. */
export function bigIntegerText(digits: string): string {
  return `{"@class":${BIG_INTEGER_MARK},"value":"${digits}"}`
}

/** Whether the server reads these digits as a Long that a number cannot hold. */
export function isUnsafeLong(digits: string): boolean {
  if (Number.isSafeInteger(Number(digits))) return false
  const integer = BigInt(digits)
  return integer <= LARGEST_LONG && integer >= -LARGEST_LONG
}

/**
 * Replaces each BigInteger in `parsed`, a result of JSON.parse, by a bigint in place, and returns the result. Malformed
 * BigIntegers stay as they are.
 */
export function reviveBigIntegers(parsed: unknown): unknown {
  const revived = bigIntOf(parsed)
  if (revived !== undefined) return revived
  // An explicit list instead of recursion: the value may be nested deeper than the stack allows.
  const open: unknown[] = [parsed]
  while (open.length > 0) {
    const container = open.pop()
    if (typeof container !== 'object' || container === null) continue
    const members = container as Record<string, unknown>
    for (const name of Object.keys(members)) {
      const member = members[name]
      if (typeof member !== 'object' || member === null) continue
      const integer = bigIntOf(member)
      // The member exists already, so assigning to it is safe even for the name `__proto__`.
      if (integer === undefined) open.push(member)
      else members[name] = integer
    }
  }
  return parsed
}

function bigIntOf(value: unknown): bigint | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const [first, second, ...others] = Object.entries(value)
  if (first?.[0] !== '@class' || first[1] !== CLASS || others.length > 0) return undefined
  const digits: unknown = second?.[0] === 'value' ? second[1] : undefined
  return typeof digits === 'string' && DIGITS.test(digits) ? BigInt(digits) : undefined
}
