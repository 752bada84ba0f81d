// The operations of a map on one key. Each begins a call, encodes its arguments, waits for its turn, asks the server,
// and decodes the answer.
import { CALL_OPTIONS, type CallOptions, WRITE_OPTIONS, type WriteOptions } from '../../calls/call-options'
import type { RemoteCache } from '../../protocol/port'
import type { MapContext } from '../map-context'
import type { EntryCodec } from './entry-codec'
import { PutIfAbsent } from './put-if-absent'
import { TTL_OPTIONS, type TtlOptions } from './ttl'
import type { WriteOrder } from './write-order'

export class KeyOperations<K, V> {
  readonly #context: MapContext<K, V>
  readonly #codec: EntryCodec<K, V>
  readonly #order: WriteOrder
  readonly #remote: RemoteCache
  readonly #putIfAbsent: PutIfAbsent<K, V>

  constructor(context: MapContext<K, V>) {
    const { codec, order, remote } = context
    this.#context = context
    this.#codec = codec
    this.#order = order
    this.#remote = remote
    this.#putIfAbsent = new PutIfAbsent(codec, remote)
  }

  async get(key: K, options: CallOptions | undefined): Promise<V | undefined> {
    const call = this.#context.begin('get', options, CALL_OPTIONS)
    try {
      const bytes = this.#context.encodeKey(call.operation, key)
      const turn = this.#order.turnToRead(bytes, call)
      if (turn !== undefined) await turn
      const value = await this.#remote.get(bytes, call)
      return value === undefined ? undefined : this.#codec.decodeValue(value)
    } catch (error) {
      throw call.failure(error)
    } finally {
      call.end()
    }
  }

  async getOrDefault<D>(key: K, defaultValue: D, options: CallOptions | undefined): Promise<V | D> {
    const call = this.#context.begin('getOrDefault', options, CALL_OPTIONS)
    try {
      const bytes = this.#context.encodeKey('get', key)
      const turn = this.#order.turnToRead(bytes, call)
      if (turn !== undefined) await turn
      const stored = await this.#remote.get(bytes, call)
      const value = stored === undefined ? undefined : this.#codec.decodeValue(stored)
      return value === undefined ? defaultValue : value
    } catch (error) {
      throw call.failure(error)
    } finally {
      call.end()
    }
  }

  async has(key: K, options: CallOptions | undefined): Promise<boolean> {
    const call = this.#context.begin('has', options, CALL_OPTIONS)
    try {
      const bytes = this.#context.encodeKey(call.operation, key)
      const turn = this.#order.turnToRead(bytes, call)
      if (turn !== undefined) await turn
      return await this.#remote.containsKey(bytes, call)
    } catch (error) {
      throw call.failure(error)
    } finally {
      call.end()
    }
  }

  async set(key: K, value: V, options: (WriteOptions & TtlOptions) | undefined): Promise<V | undefined> {
    const call = this.#context.begin('set', options, TTL_OPTIONS)
    try {
      const ttl = this.#context.ttlMillis(call.operation, options)
      const entry = this.#context.encodeEntry(call.operation, key, value)
      const previous = await this.#order.write([entry.key], call, (ordered) =>
        this.#remote.put(entry.key, entry.value, ttl, ordered),
      )
      return this.#codec.decodePreviousOrNothing(previous)
    } catch (error) {
      throw call.failure(error)
    } finally {
      call.end()
    }
  }

  async setIfAbsent(
    key: K,
    value: V,
    options: (WriteOptions & TtlOptions) | undefined,
  ): Promise<V | undefined> {
    const call = this.#context.begin('setIfAbsent', options, TTL_OPTIONS)
    try {
      const ttlMillis = this.#context.ttlMillis(call.operation, options)
      const bytes = this.#context.encodeEntry(call.operation, key, value)
      const entry = { key, value, bytes, ttlMillis }
      return await this.#order.write([bytes.key], call, (ordered) => this.#putIfAbsent.run(entry, ordered))
    } catch (error) {
      throw call.failure(error)
    } finally {
      call.end()
    }
  }

  async replace(key: K, value: V, options: WriteOptions | undefined): Promise<V | undefined> {
    const call = this.#context.begin('replace', options, WRITE_OPTIONS)
    try {
      const entry = this.#context.encodeEntry(call.operation, key, value)
      const previous = await this.#order.write([entry.key], call, (ordered) =>
        this.#remote.replace(entry.key, entry.value, ordered),
      )
      // Servers whose caches keep JSON as it came answer null for nothing.
      return this.#codec.decodePreviousOrNothing(previous)
    } catch (error) {
      throw call.failure(error)
    } finally {
      call.end()
    }
  }

  async delete(key: K, options: WriteOptions | undefined): Promise<V | undefined> {
    const call = this.#context.begin('delete', options, WRITE_OPTIONS)
    try {
      const bytes = this.#context.encodeKey(call.operation, key)
      const removed = await this.#order.write([bytes], call, (ordered) => this.#remote.remove(bytes, ordered))
      return this.#codec.decodePreviousOrNothing(removed)
    } catch (error) {
      throw call.failure(error)
    } finally {
      call.end()
    }
  }
}
