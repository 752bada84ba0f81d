// The port between the maps and the wire: what a Coherence cache can do with keys, values and queries as bytes. Each version of
// the protocol implements it; callers never ask which one they have.
import type { Bytes, PackedBytes } from '../bytes'
import type { Call } from '../calls/call'
import type { Traffic } from '../calls/traffic'
import type { Endpoint } from '../transport/channel'
import type { CacheEvents, EventSink, ListenTarget, PacedEvent } from './events'
import type { StreamHeaders } from './stream-headers'

export interface EntryBytes {
  readonly key: Bytes
  readonly value: Bytes
}

/** Receives a key and its value as ranges of an answer. What it throws ends the call. */
export type EntryVisitor = (
  bytes: Buffer,
  keyBegin: number,
  keyEnd: number,
  valueBegin: number,
  valueEnd: number,
) => void

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

/** One cache on the server. Empty bytes in an answer stand for null or for nothing. */
export interface RemoteCache {
  readonly name: string

  /** `undefined` if the key is absent. */
  get(key: Bytes, call: Call): Promise<Bytes | undefined>
  /** Visits the entries of the keys that are present, some of them twice if a request had to be repeated. */
  getAll(keys: PackedBytes, visit: EntryVisitor, call: Call): Promise<void>
  /** The previous value. `ttlMillis`: 0 is the cache's default, -1 never expires. */
  put(key: Bytes, value: Bytes, ttlMillis: number, call: Call): Promise<Bytes>
  /** Stores keys and values, which follow each other in `entries`, by one request if the server can; no key comes twice. */
  putAll(entries: PackedBytes, ttlMillis: number, call: Call): Promise<void>
  /** The value that was there, empty if there was none; `CANNOT_ANSWER` if nothing was done. */
  putIfAbsent(key: Bytes, value: Bytes, call: Call): Promise<Bytes | CannotAnswer>
  /** The previous value, empty if the key was absent and nothing was stored. */
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
  /** The operations that carry filters, extractors, processors or aggregators, and pages. */
  readonly queries: RemoteQueries

  /** Resolves when the server has the registration: no event after that is missed, except in gaps that the sink gets. */
  listen(target: ListenTarget, sink: EventSink, call: Call): Promise<void>
  /** Ends a registration; its sink receives nothing from now on. */
  unlisten(target: ListenTarget, sink: EventSink, call: Call): Promise<void>
  /** A registration that waits for its consumer, made when the first element is asked for. */
  pacedEvents(target: ListenTarget, lite: boolean, call: Call): AsyncIterableIterator<PacedEvent>

  /** An upper bound of what a request with these payload bytes takes. */
  requestBytes(payloadBytes: number): number

  /** Forgets the cache on this client; calls that are under way go on. */
  release(): void
}

/** The server can never answer this request for this cache, and has done nothing. */
export const CANNOT_ANSWER = Symbol('cannot answer')
export type CannotAnswer = typeof CANNOT_ANSWER

/** The queries of one cache on the server. */
export interface RemoteQueries {
  /** How often a request is sent at most that may be repeated. */
  readonly attempts: number
  addIndex(extractor: Bytes, sorted: boolean, comparator: Bytes | undefined, call: Call): Promise<void>
  removeIndex(extractor: Bytes, call: Call): Promise<void>
  invoke(key: Bytes, processor: Bytes, call: Call): Promise<Bytes>
  aggregate(aggregator: Bytes, target: Target, call: Call): Promise<Bytes>

  // Streamed reads: nothing is sent before the first element is asked for, and only a few elements are held.
  queryKeys(query: EntryQuery, call: Call, options?: ReadOptions): StreamedElements<Bytes>
  queryValues(query: EntryQuery, call: Call, options?: ReadOptions): StreamedElements<Bytes>
  queryEntries(query: EntryQuery, call: Call, options?: ReadOptions): StreamedElements<EntryBytes>
  /** Some of all keys: those of a few partitions, as many as the server chooses. An empty cookie asks for the first page. */
  pageOfKeys(cookie: Bytes, call: Call): Page<Bytes>
  /** Some of all entries, in the same way. */
  pageOfEntries(cookie: Bytes, call: Call): Page<EntryBytes>
  /** Like the reads, but a request that was sent is never sent again. */
  invokeAll(processor: Bytes, target: Target, call: Call): StreamedElements<EntryBytes>
}

/** What a stream gives, to one consumer, which takes what is there and then waits for more. */
export interface StreamedElements<T> {
  /** The next element; `undefined` if none is there, now or any more. */
  take(): T | undefined
  /**
   * Waits until there is an element; `false` if there are no more.
   *
   * @param by When the wait is over, on the clock of `now()`; left out, it has the call's `timeoutSeconds`.
   */
  more(by?: number): Promise<boolean>
  /** Ends the stream; what still comes is dropped. */
  close(): void
}

export interface Page<T> extends StreamedElements<T> {
  /** Asks for the next page; empty if there is none. To be read at the end of the page. */
  readonly nextCookie: Bytes
}

export interface ReadOptions {
  /**
   * What to do about a connection that is lost after elements were taken. `true` restarts the read: all elements come
   * again. Left out, the read fails.
   */
  readonly restart?: () => boolean
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

/** A connection to one endpoint. A lost connection is replaced by a new one until this is closed. */
export interface CacheConnection {
  /** `undefined` while there is no connection. */
  readonly server: ServerInfo | undefined
  /** Makes the cache ready for use on the server. */
  openCache(name: string, events: CacheEvents, call: Call): Promise<RemoteCache>
  /** Resolves when there is no connection, at once if there is none now. */
  disconnected(): Promise<void>
  /** The time of a round trip in seconds. */
  ping(call: Call): Promise<number>
  /** Settles all that is pending, with `reason` if it has no answer, and frees all resources. */
  close(reason: string, cause?: unknown): Promise<void>
}

/** Names of the client, which administrators see on the server. All of them are optional. */
export interface ClientIdentity {
  /** The name of the cluster that the client belongs to. Default: `COHERENCE_CLUSTER`, otherwise none. */
  readonly clusterName?: string | undefined
  /** The name of the machine. Default: the host name. */
  readonly machineName?: string | undefined
  /** The name of this client among others. Default: none. */
  readonly memberName?: string | undefined
  /** The name of the process. Default: the process id. */
  readonly processName?: string | undefined
  /** The name of the rack that the machine is in. Default: `COHERENCE_RACK`, otherwise none. */
  readonly rackName?: string | undefined
  /** What the client does, such as `'orders'`. Default: none. */
  readonly roleName?: string | undefined
  /** The name of the site that the machine is at. Default: `COHERENCE_SITE`, otherwise none. */
  readonly siteName?: string | undefined
}

/** How requests that may be repeated, and attempts to connect, are tried again. */
export interface RetryPolicy {
  /** How often a request is sent at most. */
  readonly attempts: number
  /** The waits between the attempts to connect. */
  readonly backoff: { readonly initialSeconds: number; readonly maxSeconds: number }
}

export interface ConnectionSettings {
  readonly endpoint: Endpoint
  /** The address of the server, or those of all, for error texts. */
  readonly address: string
  readonly headers: StreamHeaders
  readonly scope: string
  readonly format: string
  /** 16 bytes that name this client to the server. */
  readonly clientId: Uint8Array
  readonly identity: ClientIdentity
  readonly requestTimeoutSeconds: number
  readonly retry: RetryPolicy
  /** Counts what is pending. */
  readonly traffic: Traffic
  /** The largest request that the server takes. */
  readonly maxRequestBytes: number
  /** How long a call waits while there is no connection; `undefined` for as long as it has. */
  readonly readyTimeoutSeconds: number | undefined
  /** How long nothing comes before the server is asked for a sign of life; 0 for never. */
  readonly heartbeatSeconds: number
  /** After how long without a connection it gives up. */
  readonly disconnectTimeoutSeconds: number
}

export interface ConnectionEvents {
  disconnected(reason: unknown): void
  reconnected(): void
  /** An attempt to connect has failed; the next one is made after `waitMillis`. */
  attemptFailed(error: unknown, waitMillis: number): void
  /** The server sent an event that cannot be read; nothing else is lost. */
  unreadable(error: unknown): void
  /** It gave up: it was without a connection for `disconnectTimeoutSeconds`. */
  gaveUp(reason: string, cause: unknown): void
}
