// Collects the entries of one request: as many as fit. A key is in it only once, because entries of a request are
// unordered.
import { PackedBytes } from '../../bytes'
import type { EntryCodec } from '../entries/entry-codec'

/**
 * Small enough for a server to process it in well under a second, large enough to make the cost of the envelope small.
 */
const MOST_BYTES = 512 * 1024
const MOST_ENTRIES = 2_000
/** An upper bound for the size of an entry in a message, besides its key and value. */
const ENTRY_BYTES = 16
const FIRST_CAPACITY = 64 * 1024

export class BulkMessage<K, V> {
  /** The identities of the keys. */
  readonly keys = new Set<string>()
  /** Keys and values alternate. */
  readonly packed = new PackedBytes(FIRST_CAPACITY)
  readonly #codec: EntryCodec<K, V>
  readonly #operation: string
  readonly #mostBytes: number

  constructor(operation: string, codec: EntryCodec<K, V>) {
    this.#operation = operation
    this.#codec = codec
    this.#mostBytes = Math.min(MOST_BYTES, codec.maxPayloadBytes)
  }

  get size(): number {
    return this.keys.size
  }

  /**
   * Adds an entry. Returns `false`, without effect, if the entry needs another message.
   *
   * @throws {CodecError} the key or the value cannot be encoded, or the entry is too large for any message.
   */
  take(key: K, value: V): boolean {
    const { packed, keys } = this
    const identity = this.#addKey(key)
    if (identity === undefined) return false
    this.#addValue(value)
    if (keys.size === 0) {
      this.#codec.assertFits(this.#operation, packed.byteLength, key)
    } else if (packed.byteLength + (keys.size + 1) * ENTRY_BYTES > this.#mostBytes) {
      packed.removeLast(2)
      return false
    }
    keys.add(identity)
    return true
  }

  /**
   * Adds the bytes of a key, and returns its identity. Returns `undefined`, without effect, if the key does not fit.
   */
  #addKey(key: K): string | undefined {
    const { direct } = this.#codec
    if (direct !== undefined && this.#codec.isPlainKey(key)) {
      if (!this.#hasPlaceFor(key)) return undefined
      this.packed.write<string>(key, direct.writeKey)
      return key
    }
    const bytes = this.#codec.encodeKey(key)
    const identity = this.#codec.identityOf(bytes)
    if (!this.#hasPlaceFor(identity)) return undefined
    this.packed.add(bytes)
    return identity
  }

  #addValue(value: V): void {
    const { direct } = this.#codec
    try {
      if (direct !== undefined && this.packed.write<unknown>(value, direct.writeValue)) return
      this.packed.add(this.#codec.encodeValue(value))
    } catch (error) {
      this.packed.removeLast(1)
      throw error
    }
  }

  #hasPlaceFor(identity: string): boolean {
    return this.keys.size < MOST_ENTRIES && !this.keys.has(identity)
  }
}
