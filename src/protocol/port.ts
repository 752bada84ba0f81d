// The port between the maps and the wire: what a Coherence cache can do, keys and values already encoded. Each
// protocol version implements it; whoever calls it never asks which one it has.
import type { CacheEvents } from './cache-events'
import type { Endpoint } from '../transport/channel'
import type { Call } from './call'
import type { EventSink, ListenTarget, PacedEvent } from './map-events'

export type Bytes = Uint8Array

export interface EntryBytes {
  readonly key: Bytes
  readonly value: Bytes
}

/**
 * Writes keys and values straight into a message, at `at`, and gives where they end: less than 0 where it does not know
 * how, and beyond `out` where they take more room.
 */
export interface EntryWriter {
  writeKey(key: string, out: Buffer, at: number): number
  writeValue(value: unknown, out: Buffer, at: number): number
}

/** Is told a key and its value where they lie in an answer. What it throws ends the call. */
export type EntryVisitor = (
  bytes: Buffer,
  keyBegin: number,
  keyEnd: number,
  valueBegin: number,
  valueEnd: number,
) => void

/** Entries of a bulk write. */
export interface EntryBatch {
  /** What keys and values take. */
  readonly contentBytes: number
  /** Adds an entry by the writer of the batch; `false`, and nothing was added, where that does not know how. */
  add(key: Bytes | string, value: unknown): boolean
  addBytes(key: Bytes, value: Bytes): void
  /** Takes the last one out again, once. */
  removeLast(): void
  /** Stores them all. Nothing may be added any more. */
  send(call: Call): Promise<void>
}

/** Keys of a bulk read. */
export interface KeyBatch {
  /** What they take in its request. */
  readonly length: number
  /** Adds a key that the writer of the batch knows how to write. */
  addPlain(key: string): void
  addBytes(key: Bytes): void
  /**
   * Tells the entries of those keys that are present, some of them twice where the request had to be repeated. Nothing
   * may be added any more.
   */
  send(call: Call, visit: EntryVisitor): Promise<void>
}

/** Which entries a call is for. */
export type Target =
  | { readonly kind: 'all' }
  | { readonly kind: 'keys'; readonly keys: readonly Bytes[] }
  | { readonly kind: 'filter'; readonly filter: Bytes }

/** What a streamed read asks for. */
export interface EntryQuery {
  readonly filter: Bytes | undefined
  readonly comparator: Bytes | undefined
}

/** One cache on the server. Empty bytes in an answer stand for null or nothing. */
export interface RemoteCache {
  readonly name: string

  /** `undefined` where the key is absent. */
  get(key: Bytes, call: Call): Promise<Bytes | undefined>
  /** For a bulk read. */
  keyBatch(writer: EntryWriter | undefined): KeyBatch
  /** The value before. `ttlMillis`: 0 is the cache's default, -1 never expires. */
  put(key: Bytes, value: Bytes, ttlMillis: number, call: Call): Promise<Bytes>
  /** For a bulk write. */
  entryBatch(ttlMillis: number, writer: EntryWriter | undefined): EntryBatch
  /** The value that was there, empty where there was none. */
  putIfAbsent(key: Bytes, value: Bytes, call: Call): Promise<Bytes>
  /** The value before, empty where the key was absent and nothing was stored. */
  replace(key: Bytes, value: Bytes, call: Call): Promise<Bytes>
  replaceMapping(key: Bytes, oldValue: Bytes, newValue: Bytes, call: Call): Promise<boolean>
  /** The value that was removed. */
  remove(key: Bytes, call: Call): Promise<Bytes>
  removeMapping(key: Bytes, value: Bytes, call: Call): Promise<boolean>
  containsKey(key: Bytes, call: Call): Promise<boolean>
  containsValue(value: Bytes, call: Call): Promise<boolean>
  containsEntry(key: Bytes, value: Bytes, call: Call): Promise<boolean>
  isEmpty(call: Call): Promise<boolean>
  isReady(call: Call): Promise<boolean>
  size(call: Call): Promise<number>
  clear(call: Call): Promise<void>
  truncate(call: Call): Promise<void>
  destroy(call: Call): Promise<void>
  /** What carries filters, extractors, processors or aggregators, and pages. */
  readonly queries: RemoteQueries

  /** Resolves when the server has the registration: no event after that is missed, but for gaps that are told. */
  listen(target: ListenTarget, sink: EventSink, call: Call): Promise<void>
  /** Ends a registration; its sink is told of nothing from now on. */
  unlisten(target: ListenTarget, sink: EventSink, call: Call): Promise<void>
  /** A registration on a stream of its own, made when the first element is asked for. */
  pacedEvents(target: ListenTarget, lite: boolean, call: StreamCall): AsyncIterableIterator<PacedEvent>

  /** The bytes that a request with these payload bytes takes at the most. */
  requestBytes(payloadBytes: number): number

  /** Forgets the cache on this client; calls that are under way go on. */
  release(): void
}

/** The queries of one cache on the server. */
export interface RemoteQueries {
  addIndex(extractor: Bytes, sorted: boolean, comparator: Bytes | undefined, call: Call): Promise<void>
  removeIndex(extractor: Bytes, call: Call): Promise<void>
  invoke(key: Bytes, processor: Bytes, call: Call): Promise<Bytes>
  aggregate(aggregator: Bytes, target: Target, call: Call): Promise<Bytes>

  /**
   * Streamed reads: nothing is sent before the first element is asked for, and only a few elements are held. They give
   * what `decode` makes of an element, where it does not leave it out.
   */
  queryKeys<T>(query: EntryQuery, call: StreamCall, decode: (key: Bytes) => T | LeftOut): StreamedElements<T>
  queryValues<T>(query: EntryQuery, call: StreamCall, decode: (value: Bytes) => T): StreamedElements<T>
  queryEntries<T>(
    query: EntryQuery,
    call: StreamCall,
    decode: (entry: EntryBytes) => T | LeftOut,
  ): StreamedElements<T>
  /** Some of all keys: those of a few partitions, as many as the server chooses. */
  pageOfKeys<T>(page: PageOrder, call: StreamCall, decode: (key: Bytes) => T | LeftOut): StreamedElements<T>
  /** The same of all entries. */
  pageOfEntries<T>(
    page: PageOrder,
    call: StreamCall,
    decode: (entry: EntryBytes) => T | LeftOut,
  ): StreamedElements<T>
  /** Like the reads, but a request that was sent is never sent again. */
  invokeAll(processor: Bytes, target: Target, call: StreamCall): StreamedElements<EntryBytes>
}

/** What a stream gives, to one consumer. */
export type StreamedElements<T> = AsyncIterableIterator<T, undefined>

/** Which page of a map is wanted. */
export interface PageOrder {
  /** Empty for the first. */
  readonly cookie: Bytes
  /**
   * Is told the cookie of the next page before the elements of this one come, again where they are asked for again. It
   * is empty where there is none.
   */
  readonly told: (nextCookie: Bytes) => void
}

/** In place of an element that is not to be given. */
export const LEFT_OUT = Symbol('left out')
export type LeftOut = typeof LEFT_OUT

/** A streamed read: `timeoutSeconds` is the longest wait for the next element while its consumer waits. */
export type StreamCall = Omit<Call, 'deadline'> & {
  /** When all elements have to be there, on the clock of `now()`; left out, they may take as long as they like. */
  readonly completeBy?: number | undefined
  /** When the first has to be there; left out, it has `timeoutSeconds` from when it is asked for. */
  readonly firstBy?: number | undefined
  /** What the read rejects with in place of an error; left out, the error itself. */
  readonly failure?: ((error: unknown) => unknown) | undefined
}

/** What is known of the server that a session is connected to. */
export interface ServerInfo {
  /** The protocol that is spoken. */
  readonly protocol: 'v1' | 'v0'
  /** The release of the proxy, such as `'25.03.2'`. */
  readonly proxyVersion: string
  /** The proxy's member id in its cluster. */
  readonly memberId: number
}

/** A connection to one endpoint that is kept up: what is lost is made again until it is closed. */
export interface CacheConnection {
  /** `undefined` while there is no connection. */
  readonly server: ServerInfo | undefined
  /** Makes the cache ready for use on the server. */
  openCache(name: string, events: CacheEvents, call: Call): Promise<RemoteCache>
  /** Resolves when there is no connection, at once where there is none now. */
  disconnected(): Promise<void>
  /** The time of a round trip in seconds. */
  ping(call: Call): Promise<number>
  /** Settles all that is pending, with `reason` where it has no answer, and frees all resources. */
  close(reason: string, cause?: unknown): Promise<void>
}

export interface ConnectionSettings {
  readonly endpoint: Endpoint
  readonly scope: string
  readonly format: string
  /** 16 bytes that name this client to the server. */
  readonly clientId: Uint8Array
  readonly requestTimeoutSeconds: number
  /** How long a call waits while there is no connection; `undefined` for as long as it has. */
  readonly readyTimeoutSeconds: number | undefined
  /** After how long without a connection it closes itself. */
  readonly disconnectTimeoutSeconds: number
}

export interface ConnectionEvents {
  disconnected(reason: unknown): void
  reconnected(): void
  /** The server told of something that cannot be read; nothing else is lost. */
  unreadable(error: unknown): void
  /** It gave up: it was without a connection for `disconnectTimeoutSeconds`. */
  gaveUp(reason: string, cause: unknown): void
}
