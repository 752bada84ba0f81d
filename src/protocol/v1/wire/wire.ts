// Protobuf by hand, for the messages that every call needs: written in one pass into the buffer that is sent, and read
// where they lie. What is rare goes through the generated code, which a property test holds this to be equal to.
import type { Bytes } from '../../../bytes'
import { ProtocolError } from '../../../errors'

/** In front of each gRPC message: one byte of flags, four of length. */
export const FRAME_HEADER_BYTES = 5

const CONTINUES = 0x80
const LOW_BITS = 0x7f
const LONGEST_VARINT = 10
/** Above it bitwise operators lose bits. */
const LARGEST_SMALL = 0x7fffffff

/** What a number takes as a varint; it is not negative. */
export function varintBytes(value: number): number {
  if (value <= LOW_BITS) return 1
  let bytes = 2
  for (let rest = Math.floor(value / 0x4000); rest > 0; rest = Math.floor(rest / CONTINUES)) bytes += 1
  return bytes
}

/** Writes a number that is not negative, and returns where it ends. */
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

/** Writes an integer as an int64, and returns where it ends. */
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

const VARINT = 0
const FIXED64 = 1
const LENGTH_DELIMITED = 2
const FIXED32 = 5

/** Fields are counted from 1. */
const LEAST_TAG = 1 << 3
const LARGEST_TAG = 0xffffffff

/** Goes through the fields of a message. The message is a range of bytes, none of which is copied. */
export class FieldReader {
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #end = 0
  /**
   * The number and the kind of the field at hand, as on the wire. A field whose number is known and whose kind is another one
   * is to be passed over, like one that is not known.
   */
  tag = 0
  /** Its value if that is a number; beyond 2^53 it is not exact. */
  number = 0
  /** The same as an int32, which may be negative. */
  int32 = 0
  /** The range of its bytes, if it has bytes. */
  begin = 0
  end = 0

  open(bytes: Buffer, begin: number, end: number): this {
    this.#bytes = bytes
    this.#at = begin
    this.#end = end
    return this
  }

  /** What was not gone through yet. */
  get rest(): { readonly begin: number; readonly end: number } {
    return { begin: this.#at, end: this.#end }
  }

  /**
   * Goes to the next field; `false` at the end.
   *
   * @throws {ProtocolError} the bytes are no message.
   */
  next(): boolean {
    if (this.#at >= this.#end) return false
    const tag = this.#varint()
    if (tag < LEAST_TAG || tag > LARGEST_TAG) throw unreadable()
    this.tag = tag
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
    if (first < CONTINUES) return (this.int32 = first)
    let value = first & LOW_BITS
    let low = value
    let factor = CONTINUES
    for (let bytes = 1; bytes < LONGEST_VARINT; bytes++) {
      const byte = this.#byte()
      value += (byte & LOW_BITS) * factor
      if (bytes < 5) low |= (byte & LOW_BITS) << (7 * bytes)
      if (byte < CONTINUES) {
        this.int32 = low
        return value
      }
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

export function unreadable(cause?: unknown): ProtocolError {
  return new ProtocolError('The server sent an answer that cannot be read', { cause })
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

/** An `Any` that is read where it lies. */
export class AnyView {
  /** Empty if it has none, or if it cannot be read. */
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
}

// Fields of Any.
export const ANY_TYPE_URL = 0x0a
export const ANY_VALUE = 0x12

const anyFields = new FieldReader()

/** Reads an `Any` that most likely has a type that is known. */
export function readAny(bytes: Buffer, begin: number, end: number, likely: TypeName): AnyView {
  let typeUrl = ''
  let valueBegin = end
  let valueEnd = end
  const fields = anyFields.open(bytes, begin, end)
  try {
    while (fields.next()) {
      if (fields.tag === ANY_TYPE_URL) {
        typeUrl = likely.isAt(bytes, fields.begin, fields.end)
          ? likely.url
          : bytes.toString('utf8', fields.begin, fields.end)
      } else if (fields.tag === ANY_VALUE) {
        valueBegin = fields.begin
        valueEnd = fields.end
      }
    }
  } catch {
    // Whoever receives it refuses it, because it has no type. The stream and all other calls on it go on.
    return new AnyView('', bytes, end, end)
  }
  return new AnyView(typeUrl, bytes, valueBegin, valueEnd)
}
