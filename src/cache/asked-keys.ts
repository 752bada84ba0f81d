// The keys that a bulk call was given: each once, with its bytes, and found again by the bytes of an answer, so that
// results are under the caller's own keys, also where they are objects.
import type { Bytes } from '../protocol/port'
import { checkedKeys, identityAmong, KEY_BYTES } from './bulk-keys'
import type { EntryCodec } from './entry-codec'

/** A key that is sent; several may have been given for it where they are objects. */
interface Asked<K, R> {
  readonly key: K
  readonly bytes: Bytes
  /** What else was given for it. */
  others: Set<K> | undefined
  result: R | undefined
  hasResult: boolean
}

export class AskedKeys<K, R> {
  readonly #operation: string
  readonly #codec: EntryCodec<K, unknown>
  readonly #given: K[] = []
  /** For each that was given, what is sent for it. */
  readonly #sent: Asked<K, R>[] = []
  readonly #asked = new Map<string, Asked<K, R>>()

  /** @throws {TypeError} `keys` is not iterable. */
  constructor(operation: string, keys: unknown, codec: EntryCodec<K, unknown>) {
    this.#operation = operation
    this.#codec = codec
    for (const key of checkedKeys<K>(operation, keys)) {
      const bytes = codec.encodeKey(key)
      const identity = codec.isPlainKey(key) ? key : codec.identityOf(bytes)
      let asked = this.#asked.get(identity)
      if (asked === undefined) {
        asked = { key, bytes, others: undefined, result: undefined, hasResult: false }
        this.#asked.set(identity, asked)
      } else if (asked.key !== key) {
        asked.others ??= new Set()
        asked.others.add(key)
      }
      this.#given.push(key)
      this.#sent.push(asked)
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
    for (const { key, bytes } of this.#asked.values()) {
      taken += bytes.length + KEY_BYTES
      if (taken > this.#codec.payloadRoom) {
        taken = otherBytes + bytes.length + KEY_BYTES
        this.#codec.assertFits(this.#operation, taken, key)
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

  /** Takes the result for a key as the server prints it; one nobody asked for is dropped. */
  answered(result: R, bytes: Bytes): void {
    const asked = this.#find(bytes)
    if (asked === undefined) return
    asked.result = result
    asked.hasResult = true
  }

  /** The caller's keys for the bytes of one in an answer: several where equal objects were given. */
  keysOf(bytes: Bytes): readonly K[] {
    const asked = this.#find(bytes)
    if (asked === undefined) return [this.#codec.decodeKey(bytes)]
    return asked.others === undefined ? [asked.key] : [asked.key, ...asked.others]
  }

  /** The results under the caller's own keys, in the order in which they were given. */
  results(): Map<K, R> {
    const results = new Map<K, R>()
    for (const [index, { result, hasResult }] of this.#sent.entries()) {
      if (hasResult) results.set(this.#given[index] as K, result as R)
    }
    return results
  }

  #find(bytes: Bytes): Asked<K, R> | undefined {
    const identity = identityAmong(this.#asked, this.#codec, bytes)
    return identity === undefined ? undefined : this.#asked.get(identity)
  }
}
