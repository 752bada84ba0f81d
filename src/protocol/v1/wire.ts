// Protobuf by hand, for the messages that every call needs: written in one pass into the buffer that is sent, and read
// where they lie. What is rare goes through the generated code, which a property test holds this to be equal to.
import { ProtocolError } from '../../errors'
import type { Any } from '../../../gen/google/protobuf/any'
import type { Bytes } from '../port'

/** In front of each gRPC message: one byte of flags, four of length. */
export const FRAME_HEADER_BYTES = 5

const CONTINUES = 0x80
const LOW_BITS = 0x7f
export const LONGEST_VARINT = 10
/** Above it bitwise operators lose bits. */
const LARGEST_SMALL = 0x7fffffff

/** The same bytes as the generated code wants them; nothing is copied. */
export function asBuffer(bytes: Bytes): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** What a number takes as a varint; it is not negative. */
export function varintBytes(value: number): number {
  if (value <= LOW_BITS) return 1
  let bytes = 2
  for (let rest = Math.floor(value / 0x4000); rest > 0; rest = Math.floor(rest / CONTINUES)) bytes += 1
  return bytes
}

/** Writes a number that is not negative, and gives where it ends. */
export function writeVarint(out: Uint8Array, at: number, value: number): number {
  let rest = value
  let end = at
  for (; rest > LARGEST_SMALL; rest = Math.floor(rest / CONTINUES))
    out[end++] = (rest % CONTINUES) | CONTINUES
  for (; rest > LOW_BITS; rest >>>= 7) out[end++] = (rest & LOW_BITS) | CONTINUES
  out[end++] = rest
  return end
}

/** What a number takes as an int64. */
export function int64Bytes(value: number): number {
  return value < 0 ? LONGEST_VARINT : varintBytes(value)
}

/** Writes an integer as an int64, and gives where it ends. */
export function writeInt64(out: Uint8Array, at: number, value: number): number {
  if (value >= 0) return writeVarint(out, at, value)
  let rest = BigInt.asUintN(64, BigInt(value))
  let end = at
  for (; rest > BigInt(LOW_BITS); rest >>= 7n) out[end++] = Number(rest & BigInt(LOW_BITS)) | CONTINUES
  out[end++] = Number(rest)
  return end
}

/** What a field takes that has these bytes; its tag is of one byte. Empty bytes are left out. */
export function bytesFieldBytes(length: number): number {
  return length === 0 ? 0 : 1 + varintBytes(length) + length
}

export function writeBytesField(out: Uint8Array, at: number, tag: number, bytes: Bytes): number {
  if (bytes.length === 0) return at
  out[at] = tag
  const begin = writeVarint(out, at + 1, bytes.length)
  out.set(bytes, begin)
  return begin + bytes.length
}

/** A buffer that begins with what is in `bytes` up to `end`, and has room for so many more; the same where it has. */
export function withRoom(bytes: Buffer, end: number, more: number): Buffer {
  if (end + more <= bytes.length) return bytes
  const larger = Buffer.allocUnsafe(Math.max(2 * bytes.length, end + more))
  larger.set(bytes.subarray(0, end))
  return larger
}

/**
 * Writes tag and length of a field, whose content is there, and gives where it ends. The content is moved where its
 * length does not take as many bytes as there are in front of it.
 */
export function closeField(out: Buffer, at: number, tag: number, begin: number, end: number): number {
  const length = end - begin
  out[at] = tag
  const rightBegin = at + 1 + varintBytes(length)
  if (begin !== rightBegin) out.copyWithin(rightBegin, begin, end)
  writeVarint(out, at + 1, length)
  return rightBegin + length
}

const VARINT = 0
const FIXED64 = 1
const LENGTH_DELIMITED = 2
const FIXED32 = 5

/** Goes through the fields of a message. The message is a range of bytes, none of which is copied. */
export class FieldReader {
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #end = 0
  /** Number of the field at hand. */
  field = 0
  /** Its value where that is a number; beyond 2^53 it is not exact. */
  number = 0
  /** Where its bytes lie, where it has some. */
  begin = 0
  end = 0

  open(bytes: Buffer, begin: number, end: number): this {
    this.#bytes = bytes
    this.#at = begin
    this.#end = end
    return this
  }

  /**
   * Goes to the next field; `false` at the end.
   *
   * @throws {ProtocolError} the bytes are no message.
   */
  next(): boolean {
    if (this.#at >= this.#end) return false
    const tag = this.#varint()
    this.field = tag >>> 3
    switch (tag & 7) {
      case VARINT:
        this.number = this.#varint()
        this.begin = this.end = this.#at
        return true
      case LENGTH_DELIMITED: {
        const length = this.#varint()
        this.begin = this.#at
        this.end = this.#at + length
        break
      }
      case FIXED64:
        this.begin = this.#at
        this.end = this.#at + 8
        break
      case FIXED32:
        this.begin = this.#at
        this.end = this.#at + 4
        break
      default:
        throw unreadable()
    }
    this.#at = this.end
    if (this.#at > this.#end) throw unreadable()
    return true
  }

  #varint(): number {
    const first = this.#byte()
    if (first < CONTINUES) return first
    let value = first & LOW_BITS
    let factor = CONTINUES
    for (let bytes = 2; bytes <= LONGEST_VARINT; bytes++) {
      const byte = this.#byte()
      value += (byte & LOW_BITS) * factor
      if (byte < CONTINUES) return value
      factor *= CONTINUES
    }
    throw unreadable()
  }

  #byte(): number {
    const byte = this.#at < this.#end ? this.#bytes[this.#at] : undefined
    if (byte === undefined) throw unreadable()
    this.#at += 1
    return byte
  }
}

function unreadable(): ProtocolError {
  return new ProtocolError('The server sent an answer that cannot be read')
}

/** The type of a message in an `Any`, as bytes to be compared with. */
export class TypeName {
  readonly url: string
  /** The field of an `Any` with the url in it. */
  readonly field: Buffer
  readonly #bytes: Buffer

  constructor(name: string) {
    this.url = `type.googleapis.com/${name}`
    this.#bytes = Buffer.from(this.url, 'latin1')
    this.field = Buffer.alloc(bytesFieldBytes(this.#bytes.length))
    writeBytesField(this.field, 0, 0x0a, this.#bytes)
  }

  /** Whether these bytes are its url. */
  isAt(bytes: Buffer, begin: number, end: number): boolean {
    const url = this.#bytes
    if (end - begin !== url.length) return false
    // From the end: the names begin alike.
    for (let index = url.length - 1; index >= 0; index--)
      if (bytes[begin + index] !== url[index]) return false
    return true
  }
}

/** What the cache service answers with. */
export const CACHE_RESPONSE = new TypeName('coherence.cache.v1.NamedCacheResponse')

/** An `Any` that is read where it lies. */
export class AnyView implements Any {
  readonly typeUrl: string
  /** What its value is a range of. */
  readonly bytes: Buffer
  readonly begin: number
  readonly end: number

  constructor(typeUrl: string, bytes: Buffer, begin: number, end: number) {
    this.typeUrl = typeUrl
    this.bytes = bytes
    this.begin = begin
    this.end = end
  }

  get length(): number {
    return this.end - this.begin
  }

  get value(): Buffer {
    return this.bytes.subarray(this.begin, this.end)
  }
}

const anyFields = new FieldReader()

/**
 * Reads an `Any` that most likely has a type that is known.
 *
 * @throws {ProtocolError} it is none.
 */
export function readAny(bytes: Buffer, begin: number, end: number, likely: TypeName): AnyView {
  let typeUrl = ''
  let valueBegin = end
  let valueEnd = end
  const fields = anyFields.open(bytes, begin, end)
  while (fields.next()) {
    if (fields.field === 1) {
      typeUrl = likely.isAt(bytes, fields.begin, fields.end)
        ? likely.url
        : bytes.toString('utf8', fields.begin, fields.end)
    } else if (fields.field === 2) {
      valueBegin = fields.begin
      valueEnd = fields.end
    }
  }
  return new AnyView(typeUrl, bytes, valueBegin, valueEnd)
}
