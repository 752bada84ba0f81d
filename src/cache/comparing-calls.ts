// The calls of one map that compare a stored value with a value of the caller.
//
// The server compares the bytes that it stores, or the Java objects that it makes of them. Values that a user takes for
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
import { CodecError, ServerError } from '../errors'
import type { Call } from '../protocol/call'
import type { Bytes } from '../protocol/port'
import { cannotAnswer } from '../protocol/server-failure'
import { always, equal } from '../query/filters'
import { all, conditionalPut, conditionalRemove, extract, when } from '../query/processors'
import type { AnyQuery, Processor } from '../query/query'
import { WRITE_OPTIONS } from './aborted-write'
import { CALL_OPTIONS } from './call-options'
import { BRIEF_FINGERPRINT, fingerprintOf, withFingerprint } from './fingerprint'
import type { MapContext } from './map-context'
import { isSameValue, mayBePrintOf } from './same-value'
import { inSteps, type Step } from './steps'
import { valueCandidates } from './value-candidates'

/** A write on the condition that the key is mapped to a value. */
interface ComparedWrite<K> {
  readonly operation: string
  readonly key: K
  readonly keyBytes: Bytes
  /** The value that the key has to be mapped to. */
  readonly expected: Bytes
  /** Writes if the server finds the values equal. Resolves to whether it did. */
  run(call: Call): Promise<boolean>
  /** The same write without the condition. It answers null. */
  processor(): Processor<unknown, unknown>
}

/** What `get` gives for a key. */
interface Stored {
  readonly bytes: Bytes
  readonly value: unknown
}

/** What a processor answered about a stored value. */
interface Sight {
  readonly value: unknown
  readonly extractor: AnyQuery
  readonly fingerprint: unknown
}

export class ComparingCalls<K, V> {
  readonly #context: MapContext<K, V>

  constructor(context: MapContext<K, V>) {
    this.#context = context
  }

  replaceMapping(key: K, oldValue: V, newValue: V, options: unknown): Promise<boolean> {
    const { codec, remote } = this.#context
    return this.#context.start('replaceMapping', options, WRITE_OPTIONS, (call) => {
      const entry = this.#context.encodeEntry('replaceMapping', key, newValue)
      const expected = codec.encodeValue(oldValue)
      const bytes = entry.key.length + entry.value.length + expected.length
      codec.assertFits('replaceMapping', bytes, key)
      return this.#write(call, {
        operation: 'replaceMapping',
        key,
        keyBytes: entry.key,
        expected,
        run: (part) => remote.replaceMapping(entry.key, expected, entry.value, part),
        processor: () => conditionalPut<unknown>(always(), newValue),
      })
    })
  }

  removeMapping(key: K, value: V, options: unknown): Promise<boolean> {
    const { remote } = this.#context
    return this.#context.start('removeMapping', options, WRITE_OPTIONS, (call) => {
      const entry = this.#context.encodeEntry('removeMapping', key, value)
      return this.#write(call, {
        operation: 'removeMapping',
        key,
        keyBytes: entry.key,
        expected: entry.value,
        run: (part) => remote.removeMapping(entry.key, entry.value, part),
        processor: () => conditionalRemove<unknown>(always()),
      })
    })
  }

  hasEntry(key: K, value: V, options: unknown): Promise<boolean> {
    const { codec, order, remote } = this.#context
    return this.#context.start('hasEntry', options, CALL_OPTIONS, (call) => {
      const entry = this.#context.encodeEntry('hasEntry', key, value)
      return order.read([entry.key], call, async () => {
        if (await remote.containsEntry(entry.key, entry.value, call)) return true
        const stored = await this.#read(entry.key, call)
        return stored !== undefined && isSameValue(stored.value, codec.decodeValue(entry.value))
      })
    })
  }

  hasValue(value: V, options: unknown): Promise<boolean> {
    const { codec, order, remote } = this.#context
    return this.#context.start('hasValue', options, CALL_OPTIONS, (call) => {
      const bytes = codec.encodeValue(value)
      codec.assertFits('hasValue', bytes.length)
      return order.readAll(call, async () => {
        if (await remote.containsValue(bytes, call)) return true
        return this.#isJson() && this.#findValue(codec.decodeValue(bytes), call)
      })
    })
  }

  #write(call: Call, write: ComparedWrite<K>): Promise<boolean> {
    const { codec, order } = this.#context
    return order.write([write.keyBytes], call, (ordered) =>
      inSteps(ordered, async (step) => {
        if (await step((part) => write.run(part))) return true
        const expected = codec.decodeValue(write.expected)
        if (expected === null || !this.#isJson()) return false
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
      // The value has not the parts that the client sees: it is a Java Set, say, or another value was stored meanwhile.
      if (error instanceof ServerError) return take(BRIEF_FINGERPRINT)
      throw error
    }
  }

  /** Whether the processor saw the value that was read, and no value that was stored after that. */
  async #isSightOf({ value }: Sight, stored: Stored, write: ComparedWrite<K>, step: Step): Promise<boolean> {
    if (isSameValue(stored.value, value)) return true
    // If a cache stores JSON, `get` answers it as it is, and a processor answers what the server reads in it.
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
    const { codec, remote } = this.#context
    const bytes = codec.encodeQuery(processor)
    codec.assertFits(operation, keyBytes.length + bytes.length, key)
    return codec.decodeResult(await step((part) => remote.queries.invoke(keyBytes, bytes, part)))
  }

  /** Reads the values that may equal `expected`. These are few, unless `expected` says little about itself. */
  async #findValue(expected: unknown, call: Call): Promise<boolean> {
    const { codec, remote } = this.#context
    const filter = valueCandidates(expected)
    if (filter === undefined) return false
    const query = { filter: codec.encodeQuery(filter), comparator: undefined }
    const candidates = remote.queries.queryValues(query, { ...call, completeBy: call.deadline }, (bytes) => {
      try {
        return isSameValue(codec.decodeValue(bytes), expected)
      } catch (error) {
        // A value that this client cannot read equals none of its values.
        if (error instanceof CodecError) return false
        throw error
      }
    })
    for await (const found of candidates) if (found) return true
    return false
  }

  /** Whether the server reads the queries that are made here, which are JSON. */
  #isJson(): boolean {
    return this.#context.settings.format === 'json'
  }

  /** The stored value; `undefined` if the key is absent, or if this client cannot get or read its value. */
  async #read(key: Bytes, call: Call): Promise<Stored | undefined> {
    const { codec, remote } = this.#context
    try {
      const bytes = await remote.get(key, call)
      return bytes === undefined ? undefined : { bytes, value: codec.decodeValue(bytes) }
    } catch (error) {
      // Servers of 24.09 whose caches store JSON fail every read of a key outside ASCII.
      if (cannotAnswer(error) || error instanceof CodecError) return undefined
      throw error
    }
  }
}
