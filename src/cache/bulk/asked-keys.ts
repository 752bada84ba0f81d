// Matches the results of a bulk call with its keys by the bytes of the answer, and returns them under the caller's own
// keys, also if these are objects. Each key is sent once. If all keys are plain strings, the map for the matching is
// the result.
import { type Bytes, PackedBytes } from '../../bytes'
import { describe } from '../../calls/call-options'
import { wrongArgument } from '../../calls/caller-stack'
import type { EntryCodec } from '../entries/entry-codec'

/** An upper bound for the size of a key in a message, besides its bytes. */
const KEY_BYTES = 8
const FIRST_CAPACITY = 2 * 1024
/** The bytes of a usual key. */
const USUAL_KEY_BYTES = 16
const LARGEST_FIRST_CAPACITY = 1024 * 1024
/** Marks a result that has not arrived. */
const ABSENT = Symbol('absent')

interface AskedKey<K> {
  readonly key: K
  readonly identity: string
}

export class AskedKeys<K, R> {
  /** The bytes of the keys. */
  readonly packed: PackedBytes
  readonly #operation: string
  readonly #codec: EntryCodec<K, unknown>
  readonly #mostBytes: number
  /** The results by the identities of their keys, in the caller's order. */
  readonly #results = new Map<string, R | typeof ABSENT>()
  /** All keys of the caller; `undefined` while each key is its own identity. */
  #asked: AskedKey<K>[] | undefined
  /** The first key of each identity, once `keyOf` needs it. */
  #firstOf: Map<string, K> | undefined

  /**
   * @throws {TypeError} `keys` is not iterable.
   * @throws {CodecError} a key cannot be encoded, or does not fit in a request.
   */
  constructor(operation: string, keys: unknown, codec: EntryCodec<K, unknown>) {
    this.#operation = operation
    this.#codec = codec
    this.#mostBytes = codec.maxPayloadBytes
    const asked = checkedKeys<K>(operation, keys)
    this.packed = Array.isArray(asked) ? roomFor(asked.length) : new PackedBytes(FIRST_CAPACITY)
    for (const key of asked) this.#add(key)
  }

  /** The identities of the keys. The iterable can be used more than once. */
  get identities(): Iterable<string> {
    return { [Symbol.iterator]: () => this.#results.keys() }
  }

  /**
   * Returns the bytes of all keys, in lists that each fit in one request together with `otherBytes`.
   *
   * @throws {CodecError} a key does not fit, even alone.
   */
  batches(otherBytes: number): Bytes[][] {
    const batches: Bytes[][] = []
    let used = Infinity
    for (const bytes of this.#all()) {
      used += bytes.length + KEY_BYTES
      if (used > this.#codec.maxPayloadBytes) {
        used = otherBytes + bytes.length + KEY_BYTES
        this.#codec.assertFits(this.#operation, used, this.#codec.decodeKey(bytes))
        batches.push([])
      }
      batches.at(-1)?.push(bytes)
    }
    return batches
  }

  /**
   * Returns the bytes of all keys, for one request that cannot be split and also contains `otherBytes`.
   *
   * @throws {CodecError} they do not fit in one request.
   */
  allInOne(otherBytes: number): Bytes[] {
    const { count, byteLength } = this.packed
    this.#codec.assertFits(this.#operation, otherBytes + byteLength + count * KEY_BYTES)
    return this.#all()
  }

  /**
   * Stores the result of a key. The key is a range of bytes as the server prints it. Drops the result of another key.
   */
  answered(result: R, bytes: Bytes, begin = 0, end = bytes.length): void {
    const identity = this.#identityOf(bytes, begin, end)
    if (identity !== undefined) this.#results.set(identity, result)
  }

  /** Returns the caller's key for the bytes of a key in an answer: the first of equal keys. */
  keyOf(bytes: Bytes): K {
    const identity = this.#identityOf(bytes, 0, bytes.length)
    if (identity === undefined) return this.#codec.decodeKey(bytes)
    if (this.#asked === undefined) return identity as K
    if (this.#firstOf === undefined) {
      // Of equal keys the first one is set last.
      this.#firstOf = new Map(this.#asked.map(({ key, identity: each }) => [each, key] as const).reverse())
    }
    return this.#firstOf.get(identity) as K
  }

  /** Returns the results under the caller's own keys, in the caller's order. May be called once. */
  results(): Map<K, R> {
    const results = this.#results
    if (this.#asked === undefined) {
      for (const [key, result] of results) if (result === ABSENT) results.delete(key)
      return results as Map<unknown, unknown> as Map<K, R>
    }
    const byKey = new Map<K, R>()
    for (const { key, identity } of this.#asked) {
      const result = results.get(identity)
      if (result !== ABSENT) byKey.set(key, result as R)
    }
    return byKey
  }

  #add(key: K): void {
    const { packed } = this
    const { direct } = this.#codec
    if (direct !== undefined && this.#codec.isPlainKey(key)) {
      this.#asked?.push({ key, identity: key })
      if (!this.#isNew(key)) return
      while (!packed.addWritten(direct.writeKey(key, packed.bytes, packed.byteLength)));
    } else {
      const bytes = this.#codec.encodeKey(key)
      const identity = this.#codec.identityOf(bytes)
      this.#asked ??= Array.from(this.#results.keys(), (plain) => ({ key: plain as K, identity: plain }))
      this.#asked.push({ key, identity })
      if (!this.#isNew(identity)) return
      packed.add(bytes)
    }
    const needed = packed.byteLength - packed.beginOf(packed.count - 1) + KEY_BYTES
    if (needed > this.#mostBytes) this.#codec.assertFits(this.#operation, needed, key)
  }

  /** Adds an identity. Returns `false` if it is there already. There are no results yet. */
  #isNew(identity: string): boolean {
    const { size } = this.#results
    return this.#results.set(identity, ABSENT).size > size
  }

  #all(): Bytes[] {
    return Array.from({ length: this.packed.count }, (_, index) => this.packed.at(index))
  }

  /** Returns the identity of a key as the server prints it; `undefined` if the key is not one of the call. */
  #identityOf(bytes: Bytes, begin: number, end: number): string | undefined {
    const identity = this.#codec.identityOf(bytes, begin, end)
    return this.#results.has(identity) ? identity : this.#printedOtherwise(bytes, begin, end)
  }

  #printedOtherwise(bytes: Bytes, begin: number, end: number): string | undefined {
    const sent = this.#codec.canonicalBytes(bytes.subarray(begin, end))
    if (sent === undefined) return undefined
    const sentIdentity = this.#codec.identityOf(sent)
    return this.#results.has(sentIdentity) ? sentIdentity : undefined
  }
}

function roomFor(count: number): PackedBytes {
  return new PackedBytes(Math.min(count * USUAL_KEY_BYTES, LARGEST_FIRST_CAPACITY), count)
}

/** @throws {TypeError} `keys` is not iterable. */
function checkedKeys<K>(operation: string, keys: unknown): Iterable<K> {
  if (typeof keys === 'object' && keys !== null && Symbol.iterator in keys) return keys as Iterable<K>
  throw wrongArgument(
    `${operation}: the keys are ${describe(keys)}; pass an array or another iterable of keys`,
  )
}
