// A cache of the server over v1: each operation of the port as its request.
import { ConnectionError, RequestTimeoutError, SessionClosedError } from '../../errors'
import type {
  ExecuteRequest,
  IndexRequest,
  KeysOrFilter,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { pause } from '../abort'
import { backoffMillis } from '../backoff'
import { type Call, now } from '../call'
import { closedError } from '../connection-errors'
import type { EventSink, ListenTarget, PacedEvent } from '../map-events'
import { afterPart } from '../partial-write'
import { cannotAnswer } from '../server-failure'
import {
  type Bytes,
  type EntryBatch,
  type EntryBytes,
  type EntryQuery,
  type EntryVisitor,
  type EntryWriter,
  type KeyBatch,
  type LeftOut,
  type PageOrder,
  type RemoteCache,
  type StreamCall,
  type StreamedElements,
  type Target,
} from '../port'
import {
  type Answer,
  each,
  generated,
  NOTHING,
  one,
  readBool,
  readBytes,
  readEntry,
  readOptional,
  visitEntry,
} from './answers'
import type { CacheLink } from './cache-link'
import { type Carrying, CacheStreams } from './cache-streams'
import { CACHE_REQUESTS, type CacheRequest, type PayloadType, type RequestFacts } from './cache-requests'
import type { V1Connection } from './connection'
import { asBuffer, encodePayload, hasUnicodeEscape, requestBytes } from './envelope'
import { PutAllBatch, SingleEntries } from './entry-batch'
import type { EventLane } from './event-lane'
import { StreamLost } from './exchange'
import { byFilter, listenerRequest } from './listener-requests'
import { GetAllBatch } from './key-batch'
import { BytesPayload, EncodedPayload, EntryPayload, type Payload, PutPayload } from './payloads'
import { PendingRequest } from './pending-request'

const BYTES = one(readBytes)
const OPTIONAL = one(readOptional)
const BOOL = one(readBool)

export class V1RemoteCache implements RemoteCache {
  readonly #connection: V1Connection
  readonly #link: CacheLink
  readonly #streams: CacheStreams
  /** Servers whose caches keep JSON as it came fail it (24.09), whatever the keys are. */
  #getAllWorks = true

  constructor(connection: V1Connection, link: CacheLink) {
    this.#connection = connection
    this.#link = link
    this.#streams = new CacheStreams(connection, link)
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
    throw someStored ? afterPart(call.operation, failed.reason) : failed.reason
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

  addIndex(extractor: Bytes, sorted: boolean, comparator: Bytes | undefined, call: Call): Promise<void> {
    return this.#index(
      { add: true, extractor: asBuffer(extractor), sorted, comparator: optional(comparator) },
      call,
    )
  }

  removeIndex(extractor: Bytes, call: Call): Promise<void> {
    const message = { add: false, extractor: asBuffer(extractor), sorted: undefined, comparator: undefined }
    return this.#index(message, call)
  }

  async invoke(key: Bytes, processor: Bytes, call: Call): Promise<Bytes> {
    const keys: KeysOrFilter = { keyOrFilter: { $case: 'key', value: asBuffer(key) } }
    return (await this.#one(CACHE_REQUESTS.invoke, { agent: asBuffer(processor), keys }, call)).value
  }

  async aggregate(aggregator: Bytes, target: Target, call: Call): Promise<Bytes> {
    return (await this.#one(CACHE_REQUESTS.aggregate, executeRequest(aggregator, target), call)).value
  }

  queryKeys<T>(
    query: EntryQuery,
    call: StreamCall,
    decode: (key: Bytes) => T | LeftOut,
  ): StreamedElements<T> {
    return this.#streams.read(CACHE_REQUESTS.queryKeys, queryRequest(query), call, (item) =>
      decode(readBytes(item)),
    )
  }

  queryValues<T>(query: EntryQuery, call: StreamCall, decode: (value: Bytes) => T): StreamedElements<T> {
    return this.#streams.read(CACHE_REQUESTS.queryValues, queryRequest(query), call, (item) =>
      decode(readBytes(item)),
    )
  }

  queryEntries<T>(
    query: EntryQuery,
    call: StreamCall,
    decode: (entry: EntryBytes) => T | LeftOut,
  ): StreamedElements<T> {
    return this.#streams.read(CACHE_REQUESTS.queryEntries, queryRequest(query), call, (item) =>
      decode(readEntry(item)),
    )
  }

  pageOfKeys<T>(page: PageOrder, call: StreamCall, decode: (key: Bytes) => T | LeftOut): StreamedElements<T> {
    return this.#streams.page(CACHE_REQUESTS.pageOfKeys, page, call, (item) => decode(readBytes(item)))
  }

  pageOfEntries<T>(
    page: PageOrder,
    call: StreamCall,
    decode: (entry: EntryBytes) => T | LeftOut,
  ): StreamedElements<T> {
    return this.#streams.page(CACHE_REQUESTS.pageOfEntries, page, call, (item) => decode(readEntry(item)))
  }

  invokeAll(processor: Bytes, target: Target, call: StreamCall): StreamedElements<EntryBytes> {
    return this.#streams.read(CACHE_REQUESTS.invokeAll, executeRequest(processor, target), call, readEntry)
  }

  listen(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    return this.#connection.listen(this.#link, target, sink, call)
  }

  unlisten(target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    return this.#link.listeners.remove(target, sink, call)
  }

  async *pacedEvents(
    target: ListenTarget,
    lite: boolean,
    call: StreamCall,
  ): AsyncIterableIterator<PacedEvent> {
    const registered = byFilter(target)
    const registration = listenerRequest(registered, 1, true, lite)
    const giveUpAt = now() + call.timeoutSeconds * 1_000
    let isRegistered = false
    let lostAt = Date.now()
    for (let attempt = 0; ; attempt++) {
      let lane: EventLane | undefined
      try {
        const deadline = isRegistered ? now() + call.timeoutSeconds * 1_000 : giveUpAt
        lane = await this.#connection.openEventLane(this.#link, registration, { ...call, deadline })
        attempt = 0
        const isAgain = isRegistered
        isRegistered = true
        yield isAgain ? { kind: 'gap', gap: { from: lostAt, to: Date.now() } } : { kind: 'registered' }
        for (;;) {
          const next = await lane.next(call.signal)
          if (next === undefined) return
          yield next
        }
      } catch (error) {
        const isLost = error instanceof StreamLost
        if (isLost && error.cause instanceof SessionClosedError) throw closedError(call, error.cause, true)
        // The first registration has the time of a call; after that it is made again however long that takes.
        const isOutage = isLost || error instanceof ConnectionError || error instanceof RequestTimeoutError
        const again = isRegistered ? isOutage : isLost && now() < giveUpAt
        if (!again) throw isLost ? this.#connection.lostError(call, error) : error
        if (lane !== undefined) lostAt = lane.lastReceived
        await pause(backoffMillis(attempt), call.signal)
      } finally {
        lane?.close()
      }
    }
  }

  requestBytes(payloadBytes: number): number {
    return requestBytes(payloadBytes)
  }

  release(): void {
    this.#link.deactivate('released')
    this.#connection.release(this.#link)
  }

  async #index(message: IndexRequest, call: Call): Promise<void> {
    await this.#request(
      CACHE_REQUESTS.index,
      new EncodedPayload(encodePayload(CACHE_REQUESTS.index.payload, message)),
      call,
      NOTHING,
    )
  }

  #one<P, A>(facts: Carrying<P, A>, message: P, call: Call): Promise<A> {
    const payload = new EncodedPayload(encodePayload(facts.payload, message))
    return this.#request(facts, payload, call, one(generated(facts.answer)))
  }

  #bare<A>(facts: CacheRequest<undefined, PayloadType<A>>, call: Call): Promise<A> {
    return this.#request(facts, undefined, call, one(generated(facts.answer)))
  }

  #request<A>(facts: RequestFacts, payload: Payload | undefined, call: Call, answer: Answer<A>): Promise<A> {
    const request = new PendingRequest(this.#connection, facts, payload, this.#link, call, answer)
    this.#connection.submit(request as PendingRequest<unknown>)
    return request.promise
  }
}

function optional(bytes: Bytes | undefined): Buffer | undefined {
  return bytes === undefined ? undefined : asBuffer(bytes)
}

function queryRequest({ filter, comparator }: EntryQuery): {
  filter: Buffer | undefined
  comparator: Buffer | undefined
} {
  return { filter: optional(filter), comparator: optional(comparator) }
}

function executeRequest(agent: Bytes, target: Target): ExecuteRequest {
  return { agent: asBuffer(agent), keys: keysOf(target) }
}

function keysOf(target: Target): KeysOrFilter | undefined {
  switch (target.kind) {
    case 'all':
      return undefined
    case 'keys':
      return { keyOrFilter: { $case: 'keys', value: { values: target.keys.map(asBuffer) } } }
    case 'filter':
      return { keyOrFilter: { $case: 'filter', value: asBuffer(target.filter) } }
  }
}
