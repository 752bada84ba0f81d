// The calls of one map that name one key, or the map as a whole: arguments checked, encoded, put in order, sent, and
// their answers decoded.
import { MapInactiveError } from '../errors'
import type { Call } from '../protocol/call'
import type { Bytes, EntryBytes } from '../protocol/port'
import { cannotAnswer } from '../protocol/server-failure'
import { WRITE_OPTIONS } from './aborted-write'
import { CALL_OPTIONS, type GivenOptions } from './call-options'
import type { MapContext } from './map-context'
import { putIfAbsentByProcessor, readPutIfAbsent } from './put-if-absent'
import { inSteps } from './steps'
import { DEFAULT_TTL, TTL_OPTIONS } from './ttl'

export class EntryCalls<K, V> {
  readonly #context: MapContext<K, V>
  /** The value of a key; `undefined` where there is none. One function for all calls. */
  readonly #decodePresent = (value: Bytes | undefined): V | undefined =>
    value === undefined ? undefined : this.#context.codec.decodeValue(value)
  /** The value before a write. */
  readonly #decodePrevious = (previous: Bytes): V | undefined =>
    this.#context.codec.decodePreviousOrNothing(previous)
  /** Until it is found that it does not. */
  #putIfAbsentWorks = true

  constructor(context: MapContext<K, V>) {
    this.#context = context
  }

  get(key: K, options: unknown): Promise<V | undefined> {
    const get = (call: Call): Promise<Bytes | undefined> => this.#get(key, call)
    return this.#context.startReading('get', options, CALL_OPTIONS, get, this.#decodePresent)
  }

  getOrDefault<D>(key: K, defaultValue: D, options: unknown): Promise<V | D> {
    const get = (call: Call): Promise<Bytes | undefined> => this.#get(key, call)
    return this.#context.startReading('getOrDefault', options, CALL_OPTIONS, get, (bytes) => {
      const value = this.#decodePresent(bytes)
      return value === undefined ? defaultValue : value
    })
  }

  set(key: K, value: V, options: unknown): Promise<V | undefined> {
    const put = (call: Call, given: GivenOptions): Promise<Bytes> => {
      const ttl = this.#context.ttlMillis('set', given)
      const entry = this.#context.encodeEntry('set', key, value)
      return this.#context.order.write([entry.key], call, (ordered) =>
        this.#context.remote.put(entry.key, entry.value, ttl, ordered),
      )
    }
    return this.#context.startReading('set', options, TTL_OPTIONS, put, this.#decodePrevious)
  }

  setIfAbsent(key: K, value: V, options: unknown): Promise<V | undefined> {
    return this.#context.start('setIfAbsent', options, TTL_OPTIONS, (call, given) => {
      const ttl = this.#context.ttlMillis('setIfAbsent', given)
      const entry = this.#context.encodeEntry('setIfAbsent', key, value)
      const byProcessor = async (ordered: Call): Promise<V | undefined> => {
        const processor = this.#context.codec.encodeQuery(putIfAbsentByProcessor(value, ttl))
        this.#context.codec.assertFits('setIfAbsent', entry.key.length + processor.length, key)
        const answer = await this.#context.remote.queries.invoke(entry.key, processor, ordered)
        return readPutIfAbsent(this.#context.codec.decodePrevious(answer)) as V | undefined
      }
      // The request of its own for this ignores the time to live.
      const write =
        ttl === DEFAULT_TTL && this.#putIfAbsentWorks
          ? (ordered: Call) => this.#putIfAbsent(entry, ordered, byProcessor)
          : byProcessor
      return this.#context.order.write([entry.key], call, write)
    })
  }

  /** Servers whose caches keep JSON as it came fail the request, and store nothing (25.03.2): `instead` is done then. */
  #putIfAbsent(
    { key, value }: EntryBytes,
    ordered: Call,
    instead: (ordered: Call) => Promise<V | undefined>,
  ): Promise<V | undefined> {
    const { codec, remote } = this.#context
    return inSteps(ordered, async (step) => {
      let existing: Bytes
      try {
        existing = await step((part) => remote.putIfAbsent(key, value, part))
      } catch (error) {
        // After any other error it may have stored the value, which `instead` would take for one that was there before.
        if (!cannotAnswer(error)) throw error
        const answer = await step(instead)
        this.#putIfAbsentWorks = false
        return answer
      }
      return codec.decodePreviousOrNothing(existing)
    })
  }

  replace(key: K, value: V, options: unknown): Promise<V | undefined> {
    return this.#context.start('replace', options, WRITE_OPTIONS, async (call) => {
      const entry = this.#context.encodeEntry('replace', key, value)
      const write = (ordered: Call): Promise<Bytes> =>
        this.#context.remote.replace(entry.key, entry.value, ordered)
      const previous = await this.#context.order.write([entry.key], call, write)
      // Where caches keep JSON as it came, servers answer null for nothing.
      return this.#context.codec.decodePreviousOrNothing(previous)
    })
  }

  delete(key: K, options: unknown): Promise<V | undefined> {
    return this.#context.start('delete', options, WRITE_OPTIONS, (call) => {
      const bytes = this.#context.encodeKey('delete', key)
      return this.#context.order
        .write([bytes], call, (ordered) => this.#context.remote.remove(bytes, ordered))
        .then((removed) => this.#context.codec.decodePreviousOrNothing(removed))
    })
  }

  has(key: K, options: unknown): Promise<boolean> {
    return this.#context.start('has', options, CALL_OPTIONS, (call) => {
      const bytes = this.#context.encodeKey('has', key)
      return this.#context.order.read([bytes], call, () => this.#context.remote.containsKey(bytes, call))
    })
  }

  isEmpty(options: unknown): Promise<boolean> {
    return this.#context.start('isEmpty', options, CALL_OPTIONS, (call) =>
      this.#context.order.readAll(call, () => this.#context.remote.isEmpty(call)),
    )
  }

  isReady(options: unknown): Promise<boolean> {
    return this.#context.start('isReady', options, CALL_OPTIONS, (call) => this.#context.remote.isReady(call))
  }

  size(options: unknown): Promise<number> {
    return this.#context.start('size', options, CALL_OPTIONS, (call) =>
      this.#context.order.readAll(call, () => this.#context.remote.size(call)),
    )
  }

  clear(options: unknown): Promise<void> {
    return this.#context.start('clear', options, WRITE_OPTIONS, (call) =>
      this.#context.order.writeAll(call, (ordered) => this.#context.remote.clear(ordered)),
    )
  }

  truncate(options: unknown): Promise<void> {
    return this.#context.start('truncate', options, WRITE_OPTIONS, (call) =>
      this.#context.order.writeAll(call, (ordered) => this.#context.remote.truncate(ordered)),
    )
  }

  destroy(options: unknown): Promise<void> {
    if (this.#context.lifecycle.inactive === 'destroyed') return Promise.resolve()
    return this.#context.start('destroy', options, WRITE_OPTIONS, async (call) => {
      try {
        await this.#context.order.writeAll(call, (ordered) => this.#context.remote.destroy(ordered))
      } catch (error) {
        // Somebody else was first.
        if (!(error instanceof MapInactiveError && error.reason === 'destroyed')) throw error
      }
      this.#context.lifecycle.deactivate('destroyed')
    })
  }

  /** Calls that are in progress go on; nothing new is accepted. */
  release(): Promise<void> {
    if (this.#context.lifecycle.inactive !== undefined) return Promise.resolve()
    this.#context.lifecycle.deactivate('released')
    return this.#context.lifecycle.idle().then(() => {
      this.#context.remote.release()
    })
  }

  #get(key: K, call: Call): Promise<Bytes | undefined> {
    const { order, remote } = this.#context
    const bytes = this.#context.encodeKey('get', key)
    return order.read([bytes], call, () => remote.get(bytes, call))
  }
}
