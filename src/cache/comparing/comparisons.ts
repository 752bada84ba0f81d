// The operations of a map that compare a stored value with a value of the caller.
//
// The server compares the bytes that it stores, or the Java objects that it makes of them. Values that a user considers
// equal can differ there: in the order of members, in members that are null (which most caches do not even show to
// `get`), in `1` and `1.0`. A loop of get, change and replaceMapping would never end for such a value. So if the server
// answers false, the client reads the stored value and compares it itself. This is the answer of a read.
//
// A write must also be atomic: it may only hit the value that was compared. The client cannot send that value as the
// condition, because it does not know the Java object. A processor therefore takes a fingerprint of the stored value
// (see fingerprint.ts) together with the value; if that value is equal, a second processor writes on the condition that
// the fingerprint is still the same.
//
// This takes one request for equal values, two for different ones, and four or five for equal ones of another form. The
// answer is also false if another client stores an equal value of another form between the last two requests.
import type { Bytes } from '../../bytes'
import { CodecError, ServerError } from '../../errors'
import type { Call } from '../../calls/call'
import { elementsOf } from '../queries/results'
import { cannotAnswer } from '../../protocol/server-failure'
import { always, equal } from '../../query/filters'
import { all, conditionalPut, conditionalRemove, extract, when } from '../../query/processors'
import type { AnyQuery, Processor } from '../../query/query'
import { CALL_OPTIONS, type CallOptions, WRITE_OPTIONS, type WriteOptions } from '../../calls/call-options'
import type { RemoteCache } from '../../protocol/port'
import type { EntryCodec } from '../entries/entry-codec'
import type { WriteOrder } from '../entries/write-order'
import { briefFingerprint, fingerprintOf, withFingerprint } from './fingerprint'
import type { MapContext } from '../map-context'
import { isSameValue, mayBePrintOf } from './same-value'
import { inSteps, type Step } from '../../calls/steps'
import { valueCandidates } from './value-candidates'

/** A write on the condition that the key is mapped to a value. */
interface ComparedWrite<K> {
  readonly operation: string
  readonly key: K
  readonly keyBytes: Bytes
  /** The value that the key must be mapped to. */
  readonly expected: Bytes
  /** Writes if the server finds the values equal. Resolves to whether it did. */
  run(call: Call): Promise<boolean>
  /** The same write without the condition. It answers null. */
  processor(): Processor<unknown, unknown>
}

/** The result of `get` for a key. */
interface Stored {
  readonly bytes: Bytes
  readonly value: unknown
}

/** The answer of a processor about a stored value. */
interface Sight {
  readonly value: unknown
  readonly extractor: AnyQuery
  readonly fingerprint: unknown
}

export class Comparisons<K, V> {
  readonly #context: MapContext<K, V>
  readonly #codec: EntryCodec<K, V>
  readonly #order: WriteOrder
  readonly #remote: RemoteCache
  /** Whether the server reads the queries that are made here, which are JSON. */
  readonly #isJson: boolean

  constructor(context: MapContext<K, V>) {
    const { codec, order, remote, settings } = context
    this.#context = context
    this.#codec = codec
    this.#order = order
    this.#remote = remote
    this.#isJson = settings.format === 'json'
  }

  replaceMapping(key: K, oldValue: V, newValue: V, options: WriteOptions | undefined): Promise<boolean> {
    return this.#context.run('replaceMapping', options, WRITE_OPTIONS, async (call) => {
      const { operation } = call
      const entry = this.#context.encodeEntry(operation, key, newValue)
      const expected = this.#codec.encodeValue(oldValue)
      this.#codec.assertFits(operation, entry.key.length + entry.value.length + expected.length, key)
      return this.#write(call, {
        operation,
        key,
        keyBytes: entry.key,
        expected,
        run: (part) => this.#remote.replaceMapping(entry.key, expected, entry.value, part),
        processor: () => conditionalPut<unknown>(always(), newValue),
      })
    })
  }

  removeMapping(key: K, value: V, options: WriteOptions | undefined): Promise<boolean> {
    return this.#context.run('removeMapping', options, WRITE_OPTIONS, async (call) => {
      const { operation } = call
      const entry = this.#context.encodeEntry(operation, key, value)
      return this.#write(call, {
        operation,
        key,
        keyBytes: entry.key,
        expected: entry.value,
        run: (part) => this.#remote.removeMapping(entry.key, entry.value, part),
        processor: () => conditionalRemove<unknown>(always()),
      })
    })
  }

  hasEntry(key: K, value: V, options: CallOptions | undefined): Promise<boolean> {
    return this.#context.run('hasEntry', options, CALL_OPTIONS, async (call) => {
      const entry = this.#context.encodeEntry(call.operation, key, value)
      const turn = this.#order.turnToRead(entry.key, call)
      if (turn !== undefined) await turn
      if (await this.#remote.containsEntry(entry.key, entry.value, call)) return true
      const stored = await this.#read(entry.key, call)
      return stored !== undefined && isSameValue(stored.value, this.#codec.decodeValue(entry.value))
    })
  }

  hasValue(value: V, options: CallOptions | undefined): Promise<boolean> {
    return this.#context.run('hasValue', options, CALL_OPTIONS, async (call) => {
      const bytes = this.#codec.encodeValue(value)
      this.#codec.assertFits(call.operation, bytes.length)
      const turn = this.#order.turnToReadAll(call)
      if (turn !== undefined) await turn
      if (await this.#remote.containsValue(bytes, call)) return true
      return this.#isJson && (await this.#findValue(this.#codec.decodeValue(bytes), call))
    })
  }

  #write(call: Call, write: ComparedWrite<K>): Promise<boolean> {
    return this.#order.write([write.keyBytes], call, (ordered) =>
      inSteps(ordered, async (step) => {
        if (await step((part) => write.run(part))) return true
        const expected = this.#codec.decodeValue(write.expected)
        if (expected === null || !this.#isJson) return false
        const stored = await step((part) => this.#read(write.keyBytes, part))
        if (stored === undefined || !isSameValue(stored.value, expected)) return false
        const sight = await this.#look(write, expected, step)
        return (await this.#isSightOf(sight, stored, write, step)) && this.#writeIfStill(sight, write, step)
      }),
    )
  }

  async #look(write: ComparedWrite<K>, expected: unknown, step: Step): Promise<Sight> {
    const take = async (extractor: AnyQuery): Promise<Sight> => {
      const answer = await this.#invoke(write, extract(withFingerprint(extractor)), step)
      const [value, fingerprint] = answer as [unknown, unknown]
      return { value, extractor, fingerprint }
    }
    try {
      return await take(fingerprintOf(expected))
    } catch (error) {
      // The value does not have the parts that the client sees. It is a Java Set, say, or another value was stored
      // meanwhile.
      if (error instanceof ServerError) return take(briefFingerprint())
      throw error
    }
  }

  /** Whether the processor saw the value that was read, and no value that was stored after that. */
  async #isSightOf({ value }: Sight, stored: Stored, write: ComparedWrite<K>, step: Step): Promise<boolean> {
    if (isSameValue(stored.value, value)) return true
    // If a cache stores JSON, `get` answers that JSON unchanged, and a processor answers the value that the server
    // reads in it.
    if (!mayBePrintOf(stored.value, value)) return false
    const now = await step((part) => this.#read(write.keyBytes, part))
    return now !== undefined && Buffer.compare(now.bytes, stored.bytes) === 0
  }

  async #writeIfStill(
    { extractor, fingerprint }: Sight,
    write: ComparedWrite<K>,
    step: Step,
  ): Promise<boolean> {
    const isStill = equal<unknown, never, unknown>(extractor, fingerprint)
    // `all` puts the answer of the write in an array; the answer is null if the condition does not hold.
    return (await this.#invoke(write, when(isStill, all(write.processor())), step)) !== null
  }

  async #invoke(
    { operation, key, keyBytes }: ComparedWrite<K>,
    processor: object,
    step: Step,
  ): Promise<unknown> {
    const bytes = this.#codec.encodeQuery(processor)
    this.#codec.assertFits(operation, keyBytes.length + bytes.length, key)
    return this.#codec.decodeResult(await step((part) => this.#remote.queries.invoke(keyBytes, bytes, part)))
  }

  /** Reads the values that may equal `expected`. These are few, unless `expected` says little about itself. */
  async #findValue(expected: unknown, call: Call): Promise<boolean> {
    const filter = valueCandidates(expected)
    if (filter === undefined) return false
    const query = { filter: this.#codec.encodeQuery(filter), comparator: undefined }
    const isSame = (bytes: Bytes): boolean => {
      try {
        return isSameValue(this.#codec.decodeValue(bytes), expected)
      } catch (error) {
        // A value that this client cannot read equals none of its values.
        if (error instanceof CodecError) return false
        throw error
      }
    }
    const candidates = elementsOf(this.#remote.queries.queryValues(query, call))
    for await (const bytes of candidates) if (isSame(bytes)) return true
    return false
  }

  /** The stored value; `undefined` if the key is absent, or if this client cannot get or read its value. */
  async #read(key: Bytes, call: Call): Promise<Stored | undefined> {
    try {
      const bytes = await this.#remote.get(key, call)
      return bytes === undefined ? undefined : { bytes, value: this.#codec.decodeValue(bytes) }
    } catch (error) {
      // Servers of 24.09 whose caches store JSON fail every read of a key outside ASCII.
      if (cannotAnswer(error) || error instanceof CodecError) return undefined
      throw error
    }
  }
}
