// What requests carry, as it is written: straight from the bytes of keys and values into the buffer that is sent. What is rare is
// encoded by the generated code.
import type { Bytes, PackedBytes } from '../../../bytes'
import type { MessageFns } from '../../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { EntryBytes } from '../../port'
import {
  bytesFieldBytes,
  int64Bytes,
  TypeName,
  varintBytes,
  writeBytesField,
  writeInt64,
  writeVarint,
} from './wire'

/** A message that travels in an `Any`. */
export interface Payload {
  /** The field of the `Any` that names its type. */
  readonly typeField: Bytes
  /** What it takes without that. */
  readonly length: number
  /** Writes it, and returns where it ends. */
  write(out: Uint8Array, at: number): number
}

const FIELD_1 = 0x0a
const FIELD_2 = 0x12
const TTL = 0x18

const BYTES_VALUE = new TypeName('google.protobuf.BytesValue').field
const ENTRY = new TypeName('coherence.common.v1.BinaryKeyAndValue').field
const KEYS = new TypeName('coherence.common.v1.CollectionOfBytesValues').field
const PUT = new TypeName('coherence.cache.v1.PutRequest').field
const PUT_ALL = new TypeName('coherence.cache.v1.PutAllRequest').field

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

/** Some of a list of keys: `CollectionOfBytesValues`. None of them is empty. */
export class KeysPayload implements Payload {
  readonly typeField = KEYS
  readonly length: number
  readonly #keys: PackedBytes
  readonly #from: number
  readonly #to: number

  constructor(keys: PackedBytes, from: number, to: number) {
    this.#keys = keys
    this.#from = from
    this.#to = to
    let length = 0
    let begin = keys.beginOf(from)
    for (let index = from; index < to; index++) {
      const end = keys.beginOf(index + 1)
      length += bytesFieldBytes(end - begin)
      begin = end
    }
    this.length = length
  }

  write(out: Uint8Array, at: number): number {
    const keys = this.#keys
    const moved = moveToEnd(keys, this.#from, this.#to, out, at + this.length)
    let place = at
    let begin = moved + keys.beginOf(this.#from)
    for (let index = this.#from; index < this.#to; index++) {
      const end = moved + keys.beginOf(index + 1)
      place = writeMoved(out, place, FIELD_1, begin, end)
      begin = end
    }
    return place
  }
}

/** Keys and values in turn: `PutAllRequest` without a time to live. */
export class EntriesPayload implements Payload {
  readonly typeField = PUT_ALL
  readonly length: number
  readonly #entries: PackedBytes

  constructor(entries: PackedBytes) {
    this.#entries = entries
    let length = 0
    let begin = 0
    for (let index = 0; index < entries.count; index += 2) {
      const middle = entries.beginOf(index + 1)
      const end = entries.beginOf(index + 2)
      const content = bytesFieldBytes(middle - begin) + bytesFieldBytes(end - middle)
      length += 1 + varintBytes(content) + content
      begin = end
    }
    this.length = length
  }

  write(out: Uint8Array, at: number): number {
    const entries = this.#entries
    const moved = moveToEnd(entries, 0, entries.count, out, at + this.length)
    let place = at
    let begin = moved
    for (let index = 0; index < entries.count; index += 2) {
      const middle = moved + entries.beginOf(index + 1)
      const end = moved + entries.beginOf(index + 2)
      out[place] = FIELD_1
      place = writeVarint(out, place + 1, bytesFieldBytes(middle - begin) + bytesFieldBytes(end - middle))
      place = writeMoved(out, place, FIELD_1, begin, middle)
      place = writeMoved(out, place, FIELD_2, middle, end)
      begin = end
    }
    return place
  }
}

/** What the generated code makes of a message, encoded once however often it is written. */
export class GeneratedPayload<T> implements Payload {
  readonly typeField: Bytes
  readonly length: number
  readonly #bytes: Bytes

  constructor(type: GeneratedType<T>, message: T) {
    this.typeField = type.name.field
    this.#bytes = type.message.encode(message).finish()
    this.length = this.#bytes.length
  }

  write(out: Uint8Array, at: number): number {
    out.set(this.#bytes, at)
    return at + this.#bytes.length
  }
}

/** A message of the contract that the generated code writes or reads. */
export interface GeneratedType<T> {
  readonly name: TypeName
  readonly message: Pick<MessageFns<T>, 'encode' | 'decode'>
}

export function generatedType<T>(name: string, message: GeneratedType<T>['message']): GeneratedType<T> {
  return { name: new TypeName(name), message }
}

function entryBytes({ key, value }: EntryBytes): number {
  return bytesFieldBytes(key.length) + bytesFieldBytes(value.length)
}

function writeEntry(out: Uint8Array, at: number, { key, value }: EntryBytes): number {
  return writeBytesField(out, writeBytesField(out, at, FIELD_1, key), FIELD_2, value)
}

/**
 * Copies items to the end of the room of their message, from where `writeMoved` brings them to their places: one copy and
 * many short moves, which need no object each, take half the time of a copy for each item. Returns the distance by which
 * the items moved.
 */
function moveToEnd(items: PackedBytes, from: number, to: number, out: Uint8Array, end: number): number {
  const begin = items.beginOf(from)
  const last = items.beginOf(to)
  out.set(items.bytes.subarray(begin, last), end - (last - begin))
  return end - last
}

/** Writes the field whose bytes are further on in `out`. An empty one is left out. */
function writeMoved(out: Uint8Array, at: number, tag: number, begin: number, end: number): number {
  if (begin === end) return at
  out[at] = tag
  const place = writeVarint(out, at + 1, end - begin)
  out.copyWithin(place, begin, end)
  return place + end - begin
}
