// Values that nobody may refuse: a property of what "comes back, or is refused" says something of these.

const BACKSLASH = '\\'
const NAME = /^(?!@)[^"\\\p{Cc}\u2028\u2029]*$/u

/**
 * Whether the value has nothing that the codec may refuse: its texts have no backslashes and no halves of characters, its
 * numbers are finite, and the names of its members have nothing that servers print in more than one way or drop.
 */
export function isOrdinary(value: unknown): boolean {
  return hasOnly(Number.isFinite, value)
}

/** The same for a key, whose numbers the server has to read exactly: integers are. */
export function isOrdinaryKey(key: unknown): boolean {
  return hasOnly(Number.isSafeInteger, key)
}

function hasOnly(isOrdinaryNumber: (number: number) => boolean, value: unknown): boolean {
  if (typeof value === 'string') return isWellFormed(value) && !value.includes(BACKSLASH)
  if (typeof value === 'number') return isOrdinaryNumber(value)
  if (value === null || typeof value === 'bigint' || typeof value === 'boolean') return true
  if (typeof value !== 'object') return false
  return Object.entries(value).every(
    ([name, member]) => isWellFormed(name) && NAME.test(name) && hasOnly(isOrdinaryNumber, member),
  )
}

function isWellFormed(text: string): boolean {
  return Buffer.from(text, 'utf8').toString('utf8') === text
}
