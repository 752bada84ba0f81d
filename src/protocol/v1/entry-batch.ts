// The entries of a bulk write, written into the message that is sent as they come: no object and no buffer for each.
import type { Call } from '../call'
import type { Bytes, EntryBatch, EntryBytes, EntryWriter } from '../port'
import { PUT_ALL, type Payload } from './payloads'
import {
  bytesFieldBytes,
  closeField,
  LONGEST_VARINT,
  varintBytes,
  withRoom,
  writeBytesField,
  writeVarint,
} from './wire'

const FIELD_1 = 0x0a
const FIELD_2 = 0x12
const FIRST_CAPACITY = 16 * 1024
/** What the tags and lengths of an entry take, at the most. */
const LENGTHS_BYTES = 4 * (1 + LONGEST_VARINT)

/** `PutAllRequest` without a time to live */
export class PutAllBatch implements EntryBatch, Payload {
  readonly typeField = PUT_ALL
  readonly #writer: EntryWriter | undefined
  readonly #send: (batch: PutAllBatch, call: Call) => Promise<void>
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_CAPACITY)
  #end = 0
  #contentBytes = 0
  #lastBegin = 0
  #lastContentBytes = 0
  /** What the lengths of the last entry and of its parts took, which those of the next one are most likely to take. */
  #entryLengthBytes = 1
  #keyLengthBytes = 1
  #valueLengthBytes = 1

  constructor(writer: EntryWriter | undefined, send: (batch: PutAllBatch, call: Call) => Promise<void>) {
    this.#writer = writer
    this.#send = send
  }

  get contentBytes(): number {
    return this.#contentBytes
  }

  get length(): number {
    return this.#end
  }

  add(key: Bytes | string, value: unknown): boolean {
    const writer = this.#writer
    if (writer === undefined) return false
    for (;;) {
      const end = this.#write(writer, key, value)
      if (end <= this.#bytes.length) return end >= 0
      this.#reserve(this.#bytes.length + 1)
    }
  }

  addBytes(key: Bytes, value: Bytes): void {
    const length = bytesFieldBytes(key.length) + bytesFieldBytes(value.length)
    this.#reserve(LENGTHS_BYTES + length)
    const bytes = this.#bytes
    bytes[this.#end] = FIELD_1
    const begin = writeVarint(bytes, this.#end + 1, length)
    const end = writeBytesField(bytes, writeBytesField(bytes, begin, FIELD_1, key), FIELD_2, value)
    this.#added(end, key.length + value.length)
  }

  removeLast(): void {
    this.#end = this.#lastBegin
    this.#contentBytes = this.#lastContentBytes
  }

  send(call: Call): Promise<void> {
    return this.#send(this, call)
  }

  write(out: Uint8Array, at: number): number {
    out.set(this.#bytes.subarray(0, this.#end), at)
    return at + this.#end
  }

  /** Writes the entry, if it can be, and gives where it ends in the sense of `EntryWriter`. */
  #write(writer: EntryWriter, key: Bytes | string, value: unknown): number {
    const bytes = this.#bytes
    const room = bytes.length - LENGTHS_BYTES
    const at = this.#end
    const keyAt = at + 1 + this.#entryLengthBytes
    let valueAt: number
    let keyLength: number
    if (typeof key === 'string') {
      const keyBegin = keyAt + 1 + this.#keyLengthBytes
      const keyEnd = writer.writeKey(key, bytes, keyBegin)
      if (keyEnd > room) return Infinity
      keyLength = keyEnd - keyBegin
      valueAt = closeField(bytes, keyAt, FIELD_1, keyBegin, keyEnd)
      this.#keyLengthBytes = varintBytes(keyLength)
    } else {
      keyLength = key.length
      if (keyAt + bytesFieldBytes(keyLength) > room) return Infinity
      valueAt = writeBytesField(bytes, keyAt, FIELD_1, key)
    }
    const valueBegin = valueAt + 1 + this.#valueLengthBytes
    const valueEnd = writer.writeValue(value, bytes, valueBegin)
    if (valueEnd < 0) return valueEnd
    if (valueEnd > room) return Infinity
    const valueLength = valueEnd - valueBegin
    const contentEnd = closeField(bytes, valueAt, FIELD_2, valueBegin, valueEnd)
    this.#valueLengthBytes = varintBytes(valueLength)
    const end = closeField(bytes, at, FIELD_1, keyAt, contentEnd)
    this.#entryLengthBytes = varintBytes(contentEnd - keyAt)
    this.#added(end, keyLength + valueLength)
    return end
  }

  #added(end: number, contentBytes: number): void {
    this.#lastBegin = this.#end
    this.#lastContentBytes = this.#contentBytes
    this.#end = end
    this.#contentBytes += contentBytes
  }

  #reserve(bytes: number): void {
    this.#bytes = withRoom(this.#bytes, this.#end, bytes)
  }
}

/** Entries that are sent one by one. */
export class SingleEntries implements EntryBatch {
  readonly #send: (entries: readonly EntryBytes[], call: Call) => Promise<void>
  readonly #entries: EntryBytes[] = []
  #contentBytes = 0

  constructor(send: (entries: readonly EntryBytes[], call: Call) => Promise<void>) {
    this.#send = send
  }

  get contentBytes(): number {
    return this.#contentBytes
  }

  add(): boolean {
    return false
  }

  addBytes(key: Bytes, value: Bytes): void {
    this.#entries.push({ key, value })
    this.#contentBytes += key.length + value.length
  }

  removeLast(): void {
    const entry = this.#entries.pop()
    if (entry !== undefined) this.#contentBytes -= entry.key.length + entry.value.length
  }

  send(call: Call): Promise<void> {
    return this.#send(this.#entries, call)
  }
}
