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
/** What a usual entry takes; there is room for many more than are likely, which costs nothing until it is used. */
const USUAL_ENTRY_BYTES = 128
/** By how much a message may be larger than the one before it without a larger buffer. */
const SLACK = 1.05

export class BulkMessage<K, V> {
  /** The identities of the keys. */
  readonly keys = new Set<string>()
  /** Keys and values alternate. */
  readonly packed: PackedBytes
  readonly #codec: EntryCodec<K, V>
  readonly #operation: string
  readonly #mostBytes: number

  /**
   * @param count How many entries there are, of which the message may have some.
   * @param before The message before this one, which is likely to be as large.
   */
  constructor(operation: string, codec: EntryCodec<K, V>, count: number, before?: BulkMessage<K, V>) {
    const most = Math.min(count, MOST_ENTRIES)
    const capacity =
      before === undefined ? most * USUAL_ENTRY_BYTES : Math.ceil(before.packed.byteLength * SLACK)
    this.packed = new PackedBytes(capacity, 2 * most)
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
    let isTaken = false
    try {
      this.#addValue(value)
      if (keys.size === 1) this.#codec.assertFits(this.#operation, packed.byteLength, key)
      isTaken = keys.size === 1 || packed.byteLength + keys.size * ENTRY_BYTES <= this.#mostBytes
    } finally {
      if (!isTaken) {
        keys.delete(identity)
        packed.removeLast(packed.count - 2 * keys.size)
      }
    }
    return isTaken
  }

  /**
   * Adds a key, and returns its identity. Returns `undefined`, without effect, if the key does not fit.
   */
  #addKey(key: K): string | undefined {
    const { packed } = this
    const { direct } = this.#codec
    if (direct !== undefined && this.#codec.isPlainKey(key)) {
      if (!this.#addIdentity(key)) return undefined
      while (!packed.addWritten(direct.writeKey(key, packed.bytes, packed.byteLength)));
      return key
    }
    const bytes = this.#codec.encodeKey(key)
    const identity = this.#codec.identityOf(bytes)
    if (!this.#addIdentity(identity)) return undefined
    packed.add(bytes)
    return identity
  }

  #addValue(value: V): void {
    const { packed } = this
    const { direct } = this.#codec
    if (direct !== undefined) {
      for (;;) {
        const end = direct.writeValue(value, packed.bytes, packed.byteLength)
        if (end < 0) break
        if (packed.addWritten(end)) return
      }
    }
    packed.add(this.#codec.encodeValue(value))
  }

  /** Returns `false`, without effect, if there is no place for it, or it is there already. */
  #addIdentity(identity: string): boolean {
    const { size } = this.keys
    return size < MOST_ENTRIES && this.keys.add(identity).size > size
  }
}
