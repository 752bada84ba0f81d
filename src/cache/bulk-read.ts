// The keys of a `getAll` and the values that come for them. A plain key is its own identity: the map by which an answer
// finds its key is the result then, and there is nothing else for each key.
import type { EntryVisitor, KeyBatch } from '../protocol/port'
import { checkedKeys, identityAmong, KEY_BYTES } from './bulk-keys'
import type { EntryCodec } from './entry-codec'

/** In place of a value that has not come. */
const ABSENT = Symbol('absent')

interface Given<K> {
  readonly key: K
  readonly identity: string
}

export class BulkRead<K, V> {
  readonly #codec: EntryCodec<K, V>
  readonly #newBatch: () => KeyBatch
  /** By the identities of the keys, in the order in which they were given. */
  readonly #values = new Map<string, V | typeof ABSENT>()
  /** All that was given, where some of it is not its own identity. */
  #given: Given<K>[] | undefined
  readonly #batches: KeyBatch[] = []

  /**
   * @throws {TypeError} `keys` is not iterable.
   * @throws {CodecError} a key has no form, or does not fit in a request.
   */
  constructor(keys: unknown, codec: EntryCodec<K, V>, newBatch: () => KeyBatch) {
    this.#codec = codec
    this.#newBatch = newBatch
    for (const key of checkedKeys<K>('getAll', keys)) {
      if (codec.isPlainKey(key)) this.#addPlain(key)
      else this.#add(key)
    }
  }

  /** The keys in requests that each fit. */
  get batches(): readonly KeyBatch[] {
    return this.#batches
  }

  /** The identities of the keys, as often as they are asked for. */
  get identities(): Iterable<string> {
    return { [Symbol.iterator]: () => this.#values.keys() }
  }

  /** Takes an entry of the answer; one nobody asked for is dropped. */
  readonly take: EntryVisitor = (bytes, keyBegin, keyEnd, valueBegin, valueEnd) => {
    const value = this.#codec.decodeValueIn(bytes, valueBegin, valueEnd)
    const identity = identityAmong(this.#values, this.#codec, bytes, keyBegin, keyEnd)
    if (identity !== undefined) this.#values.set(identity, value)
  }

  /** The values that came under the caller's own keys, in the order in which they were given. To be asked for once. */
  results(): Map<K, V> {
    const values = this.#values
    if (this.#given === undefined) {
      for (const [key, value] of values) if (value === ABSENT) values.delete(key)
      return values as Map<unknown, unknown> as Map<K, V>
    }
    const results = new Map<K, V>()
    for (const { key, identity } of this.#given) {
      const value = values.get(identity)
      if (value !== ABSENT) results.set(key, value as V)
    }
    return results
  }

  #addPlain(key: K & string): void {
    this.#given?.push({ key, identity: key })
    if (this.#values.has(key)) return
    this.#values.set(key, ABSENT)
    this.#batchFor(key, key.length).addPlain(key)
  }

  #add(key: K): void {
    const bytes = this.#codec.encodeKey(key)
    const identity = this.#codec.identityOf(bytes)
    this.#given ??= Array.from(this.#values.keys(), (plain) => ({ key: plain as K, identity: plain }))
    this.#given.push({ key, identity })
    if (this.#values.has(identity)) return
    this.#values.set(identity, ABSENT)
    this.#batchFor(key, bytes.length).addBytes(bytes)
  }

  /** The request for one more key, of so many bytes. */
  #batchFor(key: K, keyBytes: number): KeyBatch {
    const needed = keyBytes + KEY_BYTES
    const last = this.#batches.at(-1)
    if (last !== undefined && last.length + needed <= this.#codec.payloadRoom) return last
    this.#codec.assertFits('getAll', needed, key)
    const batch = this.#newBatch()
    this.#batches.push(batch)
    return batch
  }
}
