// Converts between a JSON text and its bytes: a marker, and an encoding that every server reads correctly.
import { isUtf8 } from 'node:buffer'

/** The first byte of all data in the server's JSON format. */
export const JSON_MARKER = 0x15

const MARKER_CHARACTER = String.fromCharCode(JSON_MARKER)
const LINE_SEPARATOR = /[\u2028\u2029]/
const ESCAPE_LENGTH = 6
const BACKSLASH = 0x5c
const DIGIT_0 = 0x30
const LOWER_A = 0x61
const LOWER_U = 0x75

/**
 * Returns the bytes of `text`. A server whose JVM has another default charset than UTF-8 (before Java 18, in a POSIX
 * locale) silently destroys characters outside ASCII. With `ascii`, they are written as escapes. A JSON text has them
 * only in strings.
 */
export function frame(text: string, ascii: boolean): Uint8Array {
  const bytes = Buffer.from(MARKER_CHARACTER + text, 'utf8')
  if (bytes.length === text.length + 1) return bytes
  if (ascii) return frameEscaped(text)
  return LINE_SEPARATOR.test(text)
    ? Buffer.from(MARKER_CHARACTER + escapeLineSeparators(text), 'utf8')
    : bytes
}

/** Returns the text in a range of `bytes`; `undefined` if it has no marker, `null` if it is not UTF-8. */
export function unframe(bytes: Buffer, begin: number, end: number): string | undefined | null {
  if (begin === end || bytes[begin] !== JSON_MARKER) return undefined
  const text = bytes.toString('utf8', begin + 1, end)
  return text.includes('\ufffd') && !isUtf8(bytes.subarray(begin, end)) ? null : text
}

/** The server prints these characters as escapes, and finds a key only in the form that it prints. */
function escapeLineSeparators(text: string): string {
  return text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

function frameEscaped(text: string): Uint8Array {
  const bytes = Buffer.allocUnsafe(1 + text.length + (ESCAPE_LENGTH - 1) * charactersBeyondAscii(text))
  bytes[0] = JSON_MARKER
  writeInAscii(text, bytes, 1)
  return bytes
}

/** Writes `text` at `at`, with escapes outside ASCII, and returns its end. Writes nothing beyond the end of `out`. */
export function writeInAscii(text: string, out: Buffer, at: number): number {
  let end = at
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) {
      out[end++] = unit
    } else {
      out[end++] = BACKSLASH
      out[end++] = LOWER_U
      out[end++] = hexDigit(unit >> 12)
      out[end++] = hexDigit((unit >> 8) & 0xf)
      out[end++] = hexDigit((unit >> 4) & 0xf)
      out[end++] = hexDigit(unit & 0xf)
    }
  }
  return end
}

function hexDigit(value: number): number {
  return value < 10 ? DIGIT_0 + value : LOWER_A - 10 + value
}

function charactersBeyondAscii(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) >= 0x80) count++
  return count
}
