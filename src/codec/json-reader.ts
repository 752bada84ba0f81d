// Parses the JSON text of a server like JSON.parse, but keeps all digits of large integers and corrects an escaping
// error of old servers.
import { BIG_INTEGER_MARK, bigIntegerText, isUnsafeLong, reviveBigIntegers } from './big-integer'

/** Integers with fewer digits are safe. */
const FEWEST_DIGITS = 16
/** Matches integers, also within strings. Numbers with a fraction or an exponent are doubles. */
const LONG_INTEGER = /(?<=^|[:,[\s])-?\d{16,19}(?![\d.eE])/g
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const POINT = 0x2e
const ESCAPE = /\\(?:u[\da-fA-F]{4}|[^u])|\\u/g
const BACKSLASH = 0x5c

/**
 * Parses `text`.
 *
 * @throws {SyntaxError} the text is not JSON.
 */
export function readJson(text: string): unknown {
  try {
    return parse(text)
  } catch (error) {
    const repaired = escapeBackslashes(text)
    if (repaired === text) throw error
    return parse(repaired)
  }
}

function parse(text: string): unknown {
  const exact = mayHaveLongInteger(text) ? keepLongIntegers(text) : text
  const parsed: unknown = JSON.parse(exact)
  return exact.includes(BIG_INTEGER_MARK) ? reviveBigIntegers(parsed) : parsed
}

/** Corrects the text of servers before 24.09, which do not escape a backslash before a `u`. */
function escapeBackslashes(text: string): string {
  return text.replace(ESCAPE, (escape) => (escape === '\\u' ? '\\\\u' : escape))
}

/** Checks only every 16th character, which is enough to find a run of 16 digits. */
function mayHaveLongInteger(text: string): boolean {
  for (let index = FEWEST_DIGITS - 1; index < text.length; index += FEWEST_DIGITS) {
    if (!isDigit(text, index)) continue
    let start = index
    while (isDigit(text, start - 1)) start -= 1
    let end = index + 1
    while (isDigit(text, end)) end += 1
    // Most long runs of digits are the fraction of a double.
    if (end - start >= FEWEST_DIGITS && text.charCodeAt(start - 1) !== POINT) return true
    index += Math.floor((end - 1 - index) / FEWEST_DIGITS) * FEWEST_DIGITS
  }
  return false
}

function isDigit(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  return unit >= DIGIT_0 && unit <= DIGIT_9
}

/** Rewrites integers that a number cannot hold as BigIntegers, which become a bigint. */
function keepLongIntegers(text: string): string {
  let kept = ''
  let copied = 0
  let inString = false
  let quote = text.indexOf('"')
  for (const { 0: digits, index } of text.matchAll(LONG_INTEGER)) {
    for (; quote !== -1 && quote < index; quote = text.indexOf('"', quote + 1)) {
      if (!inString || !isEscaped(text, quote)) inString = !inString
    }
    if (inString || !isUnsafeLong(digits)) continue
    kept += text.slice(copied, index) + bigIntegerText(digits)
    copied = index + digits.length
  }
  return kept + text.slice(copied)
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(index - 1 - backslashes) === BACKSLASH) backslashes += 1
  return backslashes % 2 === 1
}
