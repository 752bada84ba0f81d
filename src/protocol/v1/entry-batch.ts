// The entries of a bulk write, written into the message that is sent as they come: no object and no buffer for each.
import type { Call } from '../call'
import type { Bytes, EntryBatch, EntryBytes, Sendable } from '../port'
import { PUT_ALL, type Payload } from './payloads'
import { bytesFieldBytes, LONGEST_VARINT, writeBytesField, writeVarint } from './wire'

const FIELD_1 = 0x0a
const FIELD_2 = 0x12
const FIRST_CAPACITY = 16 * 1024
/** What a character of a string takes in UTF-8, at the most. */
const CHARACTER_BYTES = 3

/** `PutAllRequest` without a time to live */
export class PutAllBatch implements EntryBatch, Payload {
  readonly typeField = PUT_ALL
  readonly #bytesOf: (text: string) => Bytes
  readonly #send: (batch: PutAllBatch, call: Call) => Promise<void>
  #bytes = Buffer.allocUnsafe(FIRST_CAPACITY)
  #end = 0
  #contentBytes = 0
  #lastBegin = 0
  #lastContentBytes = 0

  /** `bytesOf` gives the bytes of a text that is not ASCII. */
  constructor(bytesOf: (text: string) => Bytes, send: (batch: PutAllBatch, call: Call) => Promise<void>) {
    this.#bytesOf = bytesOf
    this.#send = send
  }

  get contentBytes(): number {
    return this.#contentBytes
  }

  get length(): number {
    return this.#end
  }

  add(key: Sendable, value: Sendable): void {
    this.#lastBegin = this.#end
    this.#lastContentBytes = this.#contentBytes
    const content = key.length + value.length
    const entry = bytesFieldBytes(key.length) + bytesFieldBytes(value.length)
    this.#reserve(4 * LONGEST_VARINT + CHARACTER_BYTES * content)
    const bytes = this.#bytes
    bytes[this.#end] = FIELD_1
    const begin = writeVarint(bytes, this.#end + 1, entry)
    const end = writeField(bytes, writeField(bytes, begin, FIELD_1, key), FIELD_2, value)
    if (end - begin === entry) {
      this.#end = end
      this.#contentBytes += content
    } else {
      // Some text was longer as UTF-8 than it is: it is not ASCII.
      this.add(this.#toBytes(key), this.#toBytes(value))
    }
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

  #toBytes(sendable: Sendable): Bytes {
    return typeof sendable === 'string' ? this.#bytesOf(sendable) : sendable
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#end + bytes))
    larger.set(this.#bytes.subarray(0, this.#end))
    this.#bytes = larger
  }
}

/** Entries that are sent one by one. */
export class SingleEntries implements EntryBatch {
  readonly #bytesOf: (text: string) => Bytes
  readonly #send: (entries: readonly EntryBytes[], call: Call) => Promise<void>
  readonly #entries: EntryBytes[] = []
  #contentBytes = 0

  constructor(
    bytesOf: (text: string) => Bytes,
    send: (entries: readonly EntryBytes[], call: Call) => Promise<void>,
  ) {
    this.#bytesOf = bytesOf
    this.#send = send
  }

  get contentBytes(): number {
    return this.#contentBytes
  }

  add(key: Sendable, value: Sendable): void {
    const entry = { key: this.#toBytes(key), value: this.#toBytes(value) }
    this.#entries.push(entry)
    this.#contentBytes += entry.key.length + entry.value.length
  }

  removeLast(): void {
    const entry = this.#entries.pop()
    if (entry !== undefined) this.#contentBytes -= entry.key.length + entry.value.length
  }

  send(call: Call): Promise<void> {
    return this.#send(this.#entries, call)
  }

  #toBytes(sendable: Sendable): Bytes {
    return typeof sendable === 'string' ? this.#bytesOf(sendable) : sendable
  }
}

/** Writes a field, and gives where it ends; of a text that is not ASCII the length is wrong. */
function writeField(out: Buffer, at: number, tag: number, content: Sendable): number {
  if (typeof content !== 'string') return writeBytesField(out, at, tag, content)
  if (content.length === 0) return at
  out[at] = tag
  const begin = writeVarint(out, at + 1, content.length)
  return begin + out.write(content, begin)
}
