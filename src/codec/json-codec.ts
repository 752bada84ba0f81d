// The codec of a session unless it is given another: values to the JSON of the server's "json" format, and back.
import { CodecError } from '../errors'
import { asBuffer, textOf } from './byte-text'
import type { Codec, CodecRole } from './codec'
import { withDirectForm } from './direct-form'
import { frame, JSON_MARKER, unframe } from './json-frame'
import { readJson } from './json-reader'
import { writeJson } from './json-writer'
import { writePlain, writePlainString } from './plain-bytes'
import { isPlainString, plainText } from './plain-json'
import { Slab } from './slab'

const QUOTE = 0x22

/** What can be chosen about the JSON codec. */
export interface JsonCodecOptions {
  /**
   * Whether everything outside ASCII is sent as an escape. It is unless this is `false`, because a server that runs on
   * Java 17 or older in a POSIX locale destroys it otherwise. Sent as it is, text takes less room, and a string of one
   * such character is a Java String on the server, as other clients write it, and not a Character.
   */
  readonly ascii?: boolean
}

/**
 * A codec for the format `'json'`.
 *
 * A value comes back as it was, or is refused with a {@link CodecError} before anything is sent; the few exceptions are
 * the server's doing and are listed in docs/values.md. Integers of the server beyond 2^53 come back as `bigint`.
 */
export function jsonCodec({ ascii = true }: JsonCodecOptions = {}): Codec {
  const slab = new Slab()
  const codec: Codec = {
    encode: (value, role) => encodePlain(slab, value, role) ?? frame(jsonText(value, role), ascii),
    decode: (bytes, role) => read(asBuffer(bytes), 0, bytes.length, role),
  }
  return withDirectForm(codec, {
    isPlainKey: isPlainString,
    writeKey,
    writeValue,
    identityOf,
    readValue: (bytes, begin, end) => read(bytes, begin, end, 'value'),
  })
}

function encodePlain(slab: Slab, value: unknown, role: CodecRole): Uint8Array | undefined {
  if (role === 'value') return slab.take(value, writeValue)
  // Of the keys only strings are that simple.
  return isPlainString(value) ? slab.take(value, writeKey) : undefined
}

function writeKey(key: string, out: Buffer, at: number): number {
  out[at] = JSON_MARKER
  return writePlainString(key, out, at + 1)
}

function writeValue(value: unknown, out: Buffer, at: number): number {
  out[at] = JSON_MARKER
  return writePlain(value, out, at + 1)
}

function jsonText(value: unknown, role: CodecRole): string {
  const text = role === 'key' && typeof value !== 'string' ? undefined : plainText(value)
  return text ?? writeJson(value, role)
}

function identityOf(bytes: Uint8Array, begin = 0, end = bytes.length): string {
  const isString = bytes[begin] === JSON_MARKER && bytes[begin + 1] === QUOTE
  return isString ? textOf(bytes, begin + 2, end - 1) : textOf(bytes, begin, end)
}

function read(bytes: Buffer, begin: number, end: number, role: CodecRole): unknown {
  const text = unframe(bytes, begin, end)
  if (text === undefined) {
    const first = bytes[begin]
    const found = begin === end ? 'it is empty' : `it begins with byte ${first}, not ${JSON_MARKER}`
    throw new CodecError(`Cannot decode ${role}: ${found}; does the server use another serializer?`, {
      path: role,
    })
  }
  if (text === null) throw new CodecError(`Cannot decode ${role}: its bytes are not UTF-8`, { path: role })
  if (text === '') return null
  try {
    return readJson(text)
  } catch (cause) {
    throw new CodecError(`Cannot decode ${role}: it is not JSON`, { path: role, cause })
  }
}
