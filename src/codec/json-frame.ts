// The bytes around a JSON text: the marker in front of it, and an encoding that every server reads right.
import { isUtf8 } from 'node:buffer'

/** The first byte of everything that is in the server's JSON format. */
export const JSON_MARKER = 0x15

const MARKER_CHARACTER = String.fromCharCode(JSON_MARKER)
const LINE_SEPARATOR = /[\u2028\u2029]/
const ESCAPE_LENGTH = 6
const BACKSLASH = 0x5c
const DIGIT_0 = 0x30
const LOWER_A = 0x61
const LOWER_U = 0x75

/**
 * The bytes of `text`. A server whose JVM has another default charset than UTF-8 (before Java 18, in a POSIX locale)
 * destroys what is not ASCII, silently; so with `ascii` such characters, which a JSON text has in strings only, are
 * written as escapes.
 */
export function frame(text: string, ascii: boolean): Uint8Array {
  const bytes = Buffer.from(MARKER_CHARACTER + text, 'utf8')
  if (bytes.length === text.length + 1) return bytes
  if (ascii) return frameEscaped(text)
  return LINE_SEPARATOR.test(text)
    ? Buffer.from(MARKER_CHARACTER + escapeLineSeparators(text), 'utf8')
    : bytes
}

/** The text in a range of `bytes`; `undefined` where it has no marker, `null` where it is not UTF-8. */
export function unframe(bytes: Buffer, begin: number, end: number): string | undefined | null {
  if (begin === end || bytes[begin] !== JSON_MARKER) return undefined
  const text = bytes.toString('utf8', begin + 1, end)
  return text.includes('\ufffd') && !isUtf8(bytes.subarray(begin, end)) ? null : text
}

/** The server prints these as escapes, and finds a key only in the form in which it prints it. */
function escapeLineSeparators(text: string): string {
  return text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

function frameEscaped(text: string): Uint8Array {
  const bytes = Buffer.allocUnsafe(1 + text.length + (ESCAPE_LENGTH - 1) * charactersBeyondAscii(text))
  bytes[0] = JSON_MARKER
  let at = 1
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) {
      bytes[at++] = unit
    } else {
      bytes[at++] = BACKSLASH
      bytes[at++] = LOWER_U
      bytes[at++] = hexDigit(unit >> 12)
      bytes[at++] = hexDigit((unit >> 8) & 0xf)
      bytes[at++] = hexDigit((unit >> 4) & 0xf)
      bytes[at++] = hexDigit(unit & 0xf)
    }
  }
  return bytes
}

function hexDigit(value: number): number {
  return value < 10 ? DIGIT_0 + value : LOWER_A - 10 + value
}

function charactersBeyondAscii(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) >= 0x80) count++
  return count
}
