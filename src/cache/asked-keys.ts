// The keys that a bulk call was given: each once, with its bytes, and found again by the bytes of an answer, so that
// results are under the caller's own keys, also where they are objects.
import type { Bytes } from '../protocol/port'
import { describe } from './call-options'
import { type EntryCodec, textOf } from './entry-codec'

/** What a key takes in a message beside its bytes, at the most. */
const KEY_BYTES = 8

interface Asked<K> {
  readonly bytes: Bytes
  /** All that are equal to each other: one, unless objects were given. */
  readonly keys: Set<K>
}

export class AskedKeys<K> {
  readonly #operation: string
  readonly #codec: EntryCodec<K, unknown>
  readonly #given: K[] = []
  readonly #asked = new Map<string, Asked<K>>()

  /** @throws {TypeError} `keys` is not iterable. */
  constructor(operation: string, keys: unknown, codec: EntryCodec<K, unknown>) {
    if (typeof keys !== 'object' || keys === null || !(Symbol.iterator in keys)) {
      throw new TypeError(
        `${operation}: the keys are ${describe(keys)}; pass an array or another iterable of keys`,
      )
    }
    this.#operation = operation
    this.#codec = codec
    for (const key of keys as Iterable<K>) {
      const bytes = codec.encodeKey(key)
      const text = textOf(bytes)
      const asked = this.#asked.get(text)
      if (asked === undefined) this.#asked.set(text, { bytes, keys: new Set([key]) })
      else asked.keys.add(key)
      this.#given.push(key)
    }
  }

  /**
   * The bytes of all keys in lists that fit in one request each, which carries `otherBytes` besides.
   *
   * @throws {CodecError} a key does not fit, even alone.
   */
  batches(otherBytes: number): Bytes[][] {
    const batches: Bytes[][] = []
    let taken = Infinity
    for (const { keys, bytes } of this.#asked.values()) {
      taken += bytes.length + KEY_BYTES
      if (taken > this.#codec.payloadRoom) {
        taken = otherBytes + bytes.length + KEY_BYTES
        this.#codec.assertFits(this.#operation, taken, [...keys][0])
        batches.push([])
      }
      batches.at(-1)?.push(bytes)
    }
    return batches
  }

  /**
   * The bytes of all keys, for a request that cannot be cut and carries `otherBytes` besides.
   *
   * @throws {CodecError} they do not fit in one request.
   */
  allInOne(otherBytes: number): Bytes[] {
    const all = [...this.#asked.values()].map(({ bytes }) => bytes)
    const keyBytes = all.reduce((sum, { length }) => sum + length + KEY_BYTES, 0)
    this.#codec.assertFits(this.#operation, otherBytes + keyBytes)
    return all
  }

  /** The caller's keys for the bytes of one in an answer: several where equal objects were given. */
  keysOf(bytes: Bytes): readonly K[] {
    const asked = this.#asked.get(textOf(bytes)) ?? this.#asked.get(this.#codec.keyText(bytes) ?? '')
    return asked === undefined ? [this.#codec.decodeKey(bytes)] : [...asked.keys]
  }

  /** The same entries in the order in which the caller named their keys. */
  inOrder<R>(results: ReadonlyMap<K, R>): Map<K, R> {
    const ordered = new Map<K, R>()
    for (const key of this.#given) {
      if (results.has(key)) ordered.set(key, results.get(key) as R)
    }
    return ordered
  }
}
