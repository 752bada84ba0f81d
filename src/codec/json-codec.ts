// The default codec of a session: converts values to the JSON of the server's "json" format, and back.
import { CodecError } from '../errors'
import { asBuffer, textOf } from '../bytes'
import type { Codec, CodecRole } from './codec'
import { withDirectForm } from './direct-form'
import { frame, JSON_MARKER, unframe } from './json-frame'
import { readJson } from './json-reader'
import { writeJson } from './json-writer'
import { writePlain, writePlainString } from './plain-bytes'
import { isPlainString } from './plain-json'

const QUOTE = 0x22

/** Options of the JSON codec. */
export interface JsonCodecOptions {
  /**
   * Whether characters outside ASCII are sent as escapes. Default: `true`, because a server that runs on Java 17 or
   * older in a POSIX locale destroys unescaped ones. With `false`, text takes less room, and a string of one such
   * character is a Java String on the server, as other clients write it, and not a Character.
   */
  readonly ascii?: boolean
}

/**
 * Returns a codec for the format `'json'`.
 *
 * A value is read back as it was written, or is refused with a {@link CodecError} before anything is sent. The server
 * causes a few exceptions, which docs/values.md lists. Integers of the server beyond 2^53 are read as `bigint`.
 *
 * @throws {TypeError} an option is wrong.
 */
export function jsonCodec(options: JsonCodecOptions = {}): Codec {
  const ascii = asciiOf(options) ?? true
  const slab = new Slab()
  const writeValue = (value: unknown, out: Buffer, at: number): number => {
    out[at] = JSON_MARKER
    return writePlain(value, out, at + 1, ascii)
  }
  const codec: Codec = {
    encode: (value, role) => {
      // Only string keys are written like values: other keys have a fixed order of members and no nulls.
      const isPlain = role !== 'key' || typeof value === 'string'
      return (isPlain ? slab.take(value, writeValue) : undefined) ?? frame(writeJson(value, role), ascii)
    },
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

function asciiOf(options: unknown): boolean | undefined {
  // An array, a Map, a promise and their like have no options in them.
  if (Object.prototype.toString.call(options) !== '[object Object]')
    throw new TypeError('jsonCodec: the options are no plain object; pass one with ascii, or nothing')
  const { ascii, ...others } = options as { readonly ascii?: unknown }
  const [other] = Object.keys(others)
  if (other !== undefined)
    throw new TypeError(`jsonCodec: there is no option '${other}'; the only one is ascii`)
  if (ascii === undefined || typeof ascii === 'boolean') return ascii
  throw new TypeError(`jsonCodec: ascii is of the type ${typeof ascii}; pass true or false`)
}

function writeKey(key: string, out: Buffer, at: number): number {
  out[at] = JSON_MARKER
  return writePlainString(key, out, at + 1)
}

/**
 * Returns the JSON text of a string key without the quotes, and all bytes of another key, marker included. The two
 * cannot be equal: the marker is a control character, and JSON strings have these only as escapes. The identity of a
 * plain key is the key itself, because its JSON text has no escapes; so no other key has the same identity.
 */
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

const SLAB_BYTES = 16 * 1024
/** Sizes for results that do not fit in a slab. They are few, because a result is written again for each size. */
const LARGE_BYTES = [256 * 1024, 4 * 1024 * 1024]
/** If less room than this is left, a new slab begins. */
const LEAST_ROOM = 4 * 1024

/** Writes many small results one after the other into one buffer, to avoid copies and to allocate memory rarely. */
export class Slab {
  #bytes = Buffer.alloc(0)
  #used = 0
  /** `write` may run code of the caller, which may call `take` again. */
  #isWriting = false

  /**
   * Returns the bytes that `write` writes for `value`. `write` writes at `at` and returns their end, which is beyond
   * `out` if they do not fit. Returns `undefined` if `write` returns a negative number, or if the result exceeds 4 MiB.
   */
  take<T>(value: T, write: (value: T, out: Buffer, at: number) => number): Buffer | undefined {
    if (this.#isWriting) return undefined
    if (this.#bytes.length - this.#used < LEAST_ROOM) {
      this.#bytes = Buffer.allocUnsafeSlow(SLAB_BYTES)
      this.#used = 0
    }
    const begin = this.#used
    this.#isWriting = true
    try {
      const end = write(value, this.#bytes, begin)
      if (end > this.#bytes.length) return takeLarge(value, write)
      if (end < 0) return undefined
      this.#used = end
      return this.#bytes.subarray(begin, end)
    } finally {
      this.#isWriting = false
    }
  }
}

function takeLarge<T>(value: T, write: (value: T, out: Buffer, at: number) => number): Buffer | undefined {
  for (const size of LARGE_BYTES) {
    const bytes = Buffer.allocUnsafe(size)
    const end = write(value, bytes, 0)
    if (end <= size) return end < 0 ? undefined : Buffer.from(bytes.subarray(0, end))
  }
  return undefined
}
