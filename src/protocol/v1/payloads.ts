// What requests carry, as it is written: straight from the bytes of keys and values into the buffer that is sent.
import type { Any } from '../../../gen/google/protobuf/any'
import type { Bytes, EntryBytes } from '../port'
import { bytesFieldBytes, int64Bytes, TypeName, writeBytesField, writeInt64 } from './wire'

/** A message that travels in an `Any`. */
export interface Payload {
  /** The field of the `Any` that names its type. */
  readonly typeField: Bytes
  /** What it takes without that. */
  readonly length: number
  /** Writes it, and gives where it ends. */
  write(out: Uint8Array, at: number): number
}

const FIELD_1 = 0x0a
const FIELD_2 = 0x12
const TTL = 0x18

const BYTES_VALUE = new TypeName('google.protobuf.BytesValue').field
const ENTRY = new TypeName('coherence.common.v1.BinaryKeyAndValue').field
export const KEYS = new TypeName('coherence.common.v1.CollectionOfBytesValues').field
const PUT = new TypeName('coherence.cache.v1.PutRequest').field
export const PUT_ALL = new TypeName('coherence.cache.v1.PutAllRequest').field

/** A key, or a value: `BytesValue`. */
export class BytesPayload implements Payload {
  readonly typeField = BYTES_VALUE
  readonly length: number
  readonly #bytes: Bytes

  constructor(bytes: Bytes) {
    this.#bytes = bytes
    this.length = bytesFieldBytes(bytes.length)
  }

  write(out: Uint8Array, at: number): number {
    return writeBytesField(out, at, FIELD_1, this.#bytes)
  }
}

/** A key and its value: `BinaryKeyAndValue`. */
export class EntryPayload implements Payload {
  readonly typeField = ENTRY
  readonly length: number
  readonly #entry: EntryBytes

  constructor(entry: EntryBytes) {
    this.#entry = entry
    this.length = entryBytes(entry)
  }

  write(out: Uint8Array, at: number): number {
    return writeEntry(out, at, this.#entry)
  }
}

/** `PutRequest` */
export class PutPayload implements Payload {
  readonly typeField = PUT
  readonly length: number
  readonly #entry: EntryBytes
  readonly #ttlMillis: number

  constructor(entry: EntryBytes, ttlMillis: number) {
    this.#entry = entry
    this.#ttlMillis = ttlMillis
    this.length = entryBytes(entry) + 1 + int64Bytes(ttlMillis)
  }

  write(out: Uint8Array, at: number): number {
    const end = writeEntry(out, at, this.#entry)
    out[end] = TTL
    return writeInt64(out, end + 1, this.#ttlMillis)
  }
}

/** What the generated code has encoded. */
export class EncodedPayload implements Payload {
  readonly typeField: Bytes
  readonly length: number
  readonly #bytes: Bytes

  constructor({ typeUrl, value }: Any) {
    this.typeField = typeFieldOf(typeUrl)
    this.#bytes = value
    this.length = value.length
  }

  write(out: Uint8Array, at: number): number {
    out.set(this.#bytes, at)
    return at + this.#bytes.length
  }
}

function typeFieldOf(typeUrl: string): Bytes {
  const url = Buffer.from(typeUrl)
  const field = new Uint8Array(bytesFieldBytes(url.length))
  writeBytesField(field, 0, FIELD_1, url)
  return field
}

function entryBytes({ key, value }: EntryBytes): number {
  return bytesFieldBytes(key.length) + bytesFieldBytes(value.length)
}

function writeEntry(out: Uint8Array, at: number, { key, value }: EntryBytes): number {
  return writeBytesField(out, writeBytesField(out, at, FIELD_1, key), FIELD_2, value)
}
