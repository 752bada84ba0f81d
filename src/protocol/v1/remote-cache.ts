// A cache of the server over v1: each operation of the port as its request. Its queries are in remote-queries.ts.
import type { Call } from '../call'
import type { EventSink, ListenTarget, PacedEvent } from '../map-events'
import { afterPart } from '../partial-write'
import type {
  Bytes,
  EntryBatch,
  EntryBytes,
  EntryVisitor,
  EntryWriter,
  KeyBatch,
  RemoteCache,
  RemoteQueries,
  StreamCall,
} from '../port'
import { cannotAnswer } from '../server-failure'
import {
  type Answer,
  each,
  generated,
  NOTHING,
  one,
  readBool,
  readBytes,
  readOptional,
  visitEntry,
} from './answers'
import type { CacheLink } from './cache-link'
import {
  CACHE_REQUESTS,
  type CacheRequest,
  type Carrying,
  type PayloadType,
  type RequestFacts,
} from './cache-requests'
import type { V1Connection } from './connection'
import { PutAllBatch, SingleEntries } from './entry-batch'
import { encodePayload, hasUnicodeEscape, requestBytes } from './envelope'
import { GetAllBatch } from './key-batch'
import { pacedEvents } from './paced-events'
import { BytesPayload, EncodedPayload, EntryPayload, type Payload, PutPayload } from './payloads'
import { submitRequest } from './pending-request'
import { V1RemoteQueries } from './remote-queries'
import { asBuffer } from './wire'

const BYTES = one(readBytes)
const OPTIONAL = one(readOptional)
const BOOL = one(readBool)

export class V1RemoteCache implements RemoteCache {
  readonly #connection: V1Connection
  readonly #link: CacheLink
  readonly queries: RemoteQueries
  /** Servers whose caches keep JSON as it came fail it (24.09), whatever the keys are. */
  #getAllWorks = true

  constructor(connection: V1Connection, link: CacheLink) {
    this.#connection = connection
    this.#link = link
    this.queries = new V1RemoteQueries(connection, link)
  }

  get name(): string {
    return this.#link.name
  }

  /**
   * The request for one value prints the key anew before it looks for it, and does not find a key with such escapes
   * where the server prints other characters in their place. No other request does that.
   */
  get(key: Bytes, call: Call): Promise<Bytes | undefined> {
    return hasUnicodeEscape(key) ? this.#getEscaped(key, call) : this.#get(key, call)
  }

  #get(key: Bytes, call: Call): Promise<Bytes | undefined> {
    return this.#request(CACHE_REQUESTS.get, new BytesPayload(key), call, OPTIONAL)
  }

  async #getEscaped(key: Bytes, call: Call): Promise<Bytes | undefined> {
    let value: Bytes | undefined
    const batch = this.keyBatch(undefined)
    batch.addBytes(key)
    await batch.send(call, (bytes, _keyBegin, _keyEnd, begin, end) => {
      value = bytes.subarray(begin, end)
    })
    // Absent, or mapped to null, which that request leaves out.
    return value ?? this.#get(key, call)
  }

  keyBatch(writer: EntryWriter | undefined): KeyBatch {
    return new GetAllBatch(writer, (batch, call, visit) => this.#getAll(batch, call, visit))
  }

  async #getAll(batch: GetAllBatch, call: Call, visit: EntryVisitor): Promise<void> {
    if (this.#getAllWorks || batch.hasEscapes) {
      try {
        const entries = each((message) => visitEntry(message, visit))
        await this.#request(CACHE_REQUESTS.getAll, batch, call, entries)
        return
      } catch (error) {
        // One by one, keys with escapes might be missed.
        if (!cannotAnswer(error) || batch.hasEscapes) throw error
      }
    }
    await this.#getEach(batch.keys(), call, visit)
    this.#getAllWorks = false
  }

  async #getEach(keys: readonly Bytes[], call: Call, visit: EntryVisitor): Promise<void> {
    const values = await Promise.all(keys.map((key) => this.#get(key, call)))
    for (const [index, key] of keys.entries()) {
      const value = values[index]
      if (value !== undefined)
        visit(Buffer.concat([key, value]), 0, key.length, key.length, key.length + value.length)
    }
  }

  put(key: Bytes, value: Bytes, ttlMillis: number, call: Call): Promise<Bytes> {
    return this.#request(CACHE_REQUESTS.put, new PutPayload({ key, value }, ttlMillis), call, BYTES)
  }

  entryBatch(ttlMillis: number, writer: EntryWriter | undefined): EntryBatch {
    if (ttlMillis !== 0) return new SingleEntries((entries, call) => this.#putEach(entries, ttlMillis, call))
    return new PutAllBatch(writer, (batch, call) =>
      this.#request(CACHE_REQUESTS.putAll, batch, call, NOTHING),
    )
  }

  /** Servers (25.03.2) store null in place of every value of a PutAll that has a time to live. */
  async #putEach(entries: readonly EntryBytes[], ttlMillis: number, call: Call): Promise<void> {
    let unfinished = entries.length
    const onFinished = (): void => {
      unfinished -= 1
      if (unfinished === 0) call.onFinished?.()
    }
    const puts = entries.map(({ key, value }) => this.put(key, value, ttlMillis, { ...call, onFinished }))
    const results = await Promise.allSettled(puts)
    const failed = results.find((result) => result.status === 'rejected')
    if (failed === undefined) return
    const someStored = results.some((result) => result.status === 'fulfilled')
    throw someStored ? afterPart(failed.reason) : failed.reason
  }

  putIfAbsent(key: Bytes, value: Bytes, call: Call): Promise<Bytes> {
    return this.#request(CACHE_REQUESTS.putIfAbsent, new PutPayload({ key, value }, 0), call, BYTES)
  }

  replace(key: Bytes, value: Bytes, call: Call): Promise<Bytes> {
    return this.#request(CACHE_REQUESTS.replace, new EntryPayload({ key, value }), call, BYTES)
  }

  async replaceMapping(key: Bytes, oldValue: Bytes, newValue: Bytes, call: Call): Promise<boolean> {
    const message = { key: asBuffer(key), previousValue: asBuffer(oldValue), newValue: asBuffer(newValue) }
    return (await this.#one(CACHE_REQUESTS.replaceMapping, message, call)).value
  }

  remove(key: Bytes, call: Call): Promise<Bytes> {
    return this.#request(CACHE_REQUESTS.remove, new BytesPayload(key), call, BYTES)
  }

  removeMapping(key: Bytes, value: Bytes, call: Call): Promise<boolean> {
    return this.#request(CACHE_REQUESTS.removeMapping, new EntryPayload({ key, value }), call, BOOL)
  }

  containsKey(key: Bytes, call: Call): Promise<boolean> {
    return this.#request(CACHE_REQUESTS.containsKey, new BytesPayload(key), call, BOOL)
  }

  containsValue(value: Bytes, call: Call): Promise<boolean> {
    return this.#request(CACHE_REQUESTS.containsValue, new BytesPayload(value), call, BOOL)
  }

  containsEntry(key: Bytes, value: Bytes, call: Call): Promise<boolean> {
    return this.#request(CACHE_REQUESTS.containsEntry, new EntryPayload({ key, value }), call, BOOL)
  }

  async isEmpty(call: Call): Promise<boolean> {
    return (await this.#bare(CACHE_REQUESTS.isEmpty, call)).value
  }

  async isReady(call: Call): Promise<boolean> {
    return (await this.#bare(CACHE_REQUESTS.isReady, call)).value
  }

  async size(call: Call): Promise<number> {
    return (await this.#bare(CACHE_REQUESTS.size, call)).value
  }

  async clear(call: Call): Promise<void> {
    await this.#request(CACHE_REQUESTS.clear, undefined, call, NOTHING)
  }

  async truncate(call: Call): Promise<void> {
    await this.#request(CACHE_REQUESTS.truncate, undefined, call, NOTHING)
  }

  async destroy(call: Call): Promise<void> {
    await this.#request(CACHE_REQUESTS.destroy, undefined, call, NOTHING)
  }

  listen(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    return this.#connection.listen(this.#link, target, sink, call)
  }

  unlisten(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    return this.#link.listeners.remove(target, sink, call)
  }

  pacedEvents(target: ListenTarget, lite: boolean, call: StreamCall): AsyncIterableIterator<PacedEvent> {
    return pacedEvents(this.#connection, this.#link, target, lite, call)
  }

  requestBytes(payloadBytes: number): number {
    return requestBytes(payloadBytes)
  }

  release(): void {
    this.#link.deactivate('released')
    this.#connection.release(this.#link)
  }

  #one<P, A>(facts: Carrying<P, A>, message: P, call: Call): Promise<A> {
    const payload = new EncodedPayload(encodePayload(facts.payload, message))
    return this.#request(facts, payload, call, one(generated(facts.answer)))
  }

  #bare<A>(facts: CacheRequest<undefined, PayloadType<A>>, call: Call): Promise<A> {
    return this.#request(facts, undefined, call, one(generated(facts.answer)))
  }

  #request<A>(facts: RequestFacts, payload: Payload | undefined, call: Call, answer: Answer<A>): Promise<A> {
    return submitRequest(this.#connection, facts, payload, this.#link, call, answer)
  }
}
