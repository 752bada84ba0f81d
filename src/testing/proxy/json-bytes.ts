// Values on the wire: a byte that names the format, and JSON in UTF-8.
import { JavaException } from '../java/java-exception'
import { parseJson } from '../java/json-parser'
import { printJson } from '../java/json-printer'
import type { JavaValue } from '../java/java-value'
import { type Stored, textOf } from '../store/stored-value'

const MARKER = 0x15
const NULL_TEXT = 'null'
/** What Java wraps exceptions of streams in. */
const WRAPPER = 'java.lang.RuntimeException'

export const NULL_BYTES = bytesOfText(NULL_TEXT)

export function bytesOf(stored: Stored): Buffer {
  return bytesOfText(textOf(stored))
}

export function bytesOfValue(value: JavaValue): Buffer {
  return value === null ? NULL_BYTES : bytesOfText(printJson(value).text)
}

/** Throws a JavaException for what the server cannot read. */
export function readValue(bytes: Buffer): JavaValue {
  return parseJson(readText(bytes))
}

/** Bytes that may be missing; `null` then. */
export function readOptional(bytes: Buffer | undefined): JavaValue {
  return bytes === undefined || bytes.length === 0 ? null : readValue(bytes)
}

/** The text behind the marker. Throws a JavaException where there is none. */
export function readText(bytes: Buffer): string {
  if (bytes.length === 0) throw new JavaException(WRAPPER, 'java.io.EOFException')
  if (bytes[0] !== MARKER) {
    throw new JavaException(WRAPPER, `java.io.StreamCorruptedException: invalid type: ${bytes[0] ?? 0}`)
  }
  return bytes.toString('utf8', 1)
}

function bytesOfText(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(1 + Buffer.byteLength(text))
  bytes[0] = MARKER
  bytes.write(text, 1)
  return bytes
}
