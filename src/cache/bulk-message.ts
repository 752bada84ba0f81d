// Entries that travel in one request: as many as it takes, and no key twice, which would have no order.
import type { EntryBatch } from '../protocol/port'
import type { EntryCodec } from './entry-codec'

/** Small enough that a server takes it in well under a second, large enough that its envelope costs nothing. */
const MOST_BYTES = 512 * 1024
const MOST_ENTRIES = 2_000
/** What an entry takes in a message beside its key and value, at the most. */
const ENTRY_BYTES = 16

export class BulkMessage<K, V> {
  /** The identities of the keys. */
  readonly keys = new Set<string>()
  readonly batch: EntryBatch
  readonly #codec: EntryCodec<K, V>
  readonly #operation: string
  readonly #mostBytes: number

  constructor(operation: string, codec: EntryCodec<K, V>, batch: EntryBatch) {
    this.#operation = operation
    this.#codec = codec
    this.#mostBytes = Math.min(MOST_BYTES, codec.payloadRoom)
    this.batch = batch
  }

  get size(): number {
    return this.keys.size
  }

  /**
   * Takes an entry; `false`, and nothing happened, where it needs another message.
   *
   * @throws {CodecError} the key or the value has no form, or both are too large for any message.
   */
  take(key: K, value: V): boolean {
    const { batch, keys } = this
    const codec = this.#codec
    const sentKey = codec.isPlainKey(key) ? key : codec.encodeKey(key)
    const identity = typeof sentKey === 'string' ? sentKey : codec.identityOf(sentKey)
    if (keys.size === MOST_ENTRIES || keys.has(identity)) return false
    if (!batch.add(sentKey, value)) {
      const bytes = typeof sentKey === 'string' ? codec.encodeKey(key) : sentKey
      batch.addBytes(bytes, codec.encodeValue(value))
    }
    if (keys.size === 0) {
      codec.assertFits(this.#operation, batch.contentBytes, key)
    } else if (batch.contentBytes + (keys.size + 1) * ENTRY_BYTES > this.#mostBytes) {
      batch.removeLast()
      return false
    }
    keys.add(identity)
    return true
  }
}
