// Integers beyond the safe ones, as the server writes and reads them: a Java Long is a run of digits, a Java
// BigInteger an object. Either way they are a bigint here.

const LARGEST_LONG = 2n ** 63n - 1n
const LARGEST_SAFE = BigInt(Number.MAX_SAFE_INTEGER)
/** Reading and printing take more than linear time, so that there has to be an end to it. */
const MOST_DIGITS = 10_000
/** The least integer that is too large, once it was needed: it takes a tenth of a millisecond. */
let tooLarge: bigint | undefined
const CLASS = 'math.BigInt'
const DIGITS = new RegExp(`^-?\\d{1,${MOST_DIGITS}}$`)

/** Part of every text that has a BigInteger in it. */
export const BIG_INTEGER_MARK = `"${CLASS}"`

/** The JSON text of `integer`, or `undefined` where it has more than 10,000 digits. */
export function bigIntText(integer: bigint): string | undefined {
  const magnitude = integer < 0n ? -integer : integer
  if (magnitude > LARGEST_SAFE && magnitude <= LARGEST_LONG) return String(integer)
  tooLarge ??= 10n ** BigInt(MOST_DIGITS)
  return magnitude < tooLarge ? bigIntegerText(String(integer)) : undefined
}

/** The JSON text of a Java BigInteger. */
export function bigIntegerText(digits: string): string {
  return `{"@class":${BIG_INTEGER_MARK},"value":"${digits}"}`
}

/** Whether the server takes these digits for a Long that a number cannot hold. */
export function isUnsafeLong(digits: string): boolean {
  if (Number.isSafeInteger(Number(digits))) return false
  const integer = BigInt(digits)
  return integer <= LARGEST_LONG && integer >= -LARGEST_LONG
}

/**
 * Turns each BigInteger in `parsed`, which is what JSON.parse returned, into a bigint, in place, and returns the result.
 * Objects that look like one but are not well formed stay as they are.
 */
export function reviveBigIntegers(parsed: unknown): unknown {
  const revived = bigIntOf(parsed)
  if (revived !== undefined) return revived
  // A list of its own instead of recursion: what was parsed may be deeper than the stack.
  const open: unknown[] = [parsed]
  while (open.length > 0) {
    const container = open.pop()
    if (typeof container !== 'object' || container === null) continue
    const members = container as Record<string, unknown>
    for (const name of Object.keys(members)) {
      const member = members[name]
      if (typeof member !== 'object' || member === null) continue
      const integer = bigIntOf(member)
      // The member is there already, so that not even the name `__proto__` means more than a member.
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
