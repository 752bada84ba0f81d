// The keys of a bulk read, written into the message that is sent as they come: no buffer for each.
import type { Call } from '../call'
import type { Bytes, EntryVisitor, EntryWriter, KeyBatch } from '../port'
import { hasUnicodeEscape } from './envelope'
import { KEYS, type Payload } from './payloads'
import {
  bytesFieldBytes,
  closeField,
  FieldReader,
  LONGEST_VARINT,
  varintBytes,
  withRoom,
  writeBytesField,
} from './wire'

const FIELD_1 = 0x0a
const FIRST_CAPACITY = 2 * 1024
/** What the tag and the length of a key take, at the most. */
const LENGTH_BYTES = 1 + LONGEST_VARINT

/** `CollectionOfBytesValues`; none of the keys is empty. */
export class GetAllBatch implements KeyBatch, Payload {
  readonly typeField = KEYS
  readonly #writer: EntryWriter | undefined
  readonly #send: (batch: GetAllBatch, call: Call, visit: EntryVisitor) => Promise<void>
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_CAPACITY)
  #end = 0
  /** What the length of the last key took, which that of the next one is most likely to take. */
  #lengthBytes = 1
  /** Whether one of the keys has an escape that servers may print in another way. */
  hasEscapes = false

  constructor(
    writer: EntryWriter | undefined,
    send: (batch: GetAllBatch, call: Call, visit: EntryVisitor) => Promise<void>,
  ) {
    this.#writer = writer
    this.#send = send
  }

  get length(): number {
    return this.#end
  }

  addPlain(key: string): void {
    const writer = this.#writer
    if (writer === undefined) throw new TypeError('There is nothing to write this key with')
    while (!this.#write(writer, key)) this.#reserve(this.#bytes.length + 1)
  }

  addBytes(key: Bytes): void {
    this.#reserve(bytesFieldBytes(key.length))
    this.#end = writeBytesField(this.#bytes, this.#end, FIELD_1, key)
    this.hasEscapes ||= hasUnicodeEscape(key)
  }

  send(call: Call, visit: EntryVisitor): Promise<void> {
    return this.#send(this, call, visit)
  }

  write(out: Uint8Array, at: number): number {
    out.set(this.#bytes.subarray(0, this.#end), at)
    return at + this.#end
  }

  /** The keys one by one. */
  keys(): Bytes[] {
    const keys: Bytes[] = []
    const fields = new FieldReader().open(this.#bytes, 0, this.#end)
    while (fields.next()) keys.push(this.#bytes.subarray(fields.begin, fields.end))
    return keys
  }

  /** `false`, and nothing was added, where there is no room. */
  #write(writer: EntryWriter, key: string): boolean {
    const bytes = this.#bytes
    const begin = this.#end + 1 + this.#lengthBytes
    const end = writer.writeKey(key, bytes, begin)
    if (end > bytes.length - LENGTH_BYTES) return false
    this.#lengthBytes = varintBytes(end - begin)
    this.#end = closeField(bytes, this.#end, FIELD_1, begin, end)
    return true
  }

  #reserve(bytes: number): void {
    this.#bytes = withRoom(this.#bytes, this.#end, bytes)
  }
}
