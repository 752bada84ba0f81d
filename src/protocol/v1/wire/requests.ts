// The requests of v1's cache service. A row says how one is sent: its type, whether it may be sent again, how it is written, and
// how its answer is read. A new request is a row here. The connection makes those to ensure a cache and to listen for itself,
// and repeats them by rules of its own.
import type { Bytes, PackedBytes } from '../../../bytes'
import {
  EnsureCacheRequest,
  ExecuteRequest,
  IndexRequest,
  MapListenerRequest,
  NamedCacheRequestType,
  QueryRequest,
  ReplaceMappingRequest,
} from '../../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { EntryBytes, EntryVisitor } from '../../port'
import {
  BytesPayload,
  EntriesPayload,
  EntryPayload,
  GeneratedPayload,
  generatedType,
  KeysPayload,
  type Payload,
  PutPayload,
} from './payloads'
import {
  readBool,
  readBytes,
  readCacheId,
  readEntry,
  readEntryValue,
  readInt32,
  readOptional,
  visitEntry,
} from './responses'
import type { AnyView } from './wire'

/** A request that carries what `write` makes of a `P`, and is answered by an `A`. */
export interface Request<P, A> {
  readonly type: NamedCacheRequestType
  /**
   * Whether it may be carried out twice, so that it may be sent again if a connection is lost before the answer. A
   * request that changes entries may not: another client may have changed them in between.
   */
  readonly repeatable: boolean
  readonly write: (parameters: P) => Payload | undefined
  readonly answer: Answer<P, A>
}

/** What the messages of an answer make together: nothing, what the only one holds, or a visit for each. */
export type Answer<P, A> =
  | { readonly messages: 'none' }
  | { readonly messages: 'one'; readonly read: (message: AnyView) => A }
  | { readonly messages: 'many'; readonly read: (message: AnyView, parameters: P) => void }

/** A request whose answer is any number of elements `E`, read one by one. */
export interface StreamedRequest<P, E> extends Pick<Request<P, never>, 'type' | 'repeatable' | 'write'> {
  readonly element: (message: AnyView) => E
}

/** Some keys of a list, and what to do with their entries. */
export interface KeysToVisit {
  readonly keys: PackedBytes
  readonly from: number
  readonly to: number
  readonly visit: EntryVisitor
}

export interface EntryToPut extends EntryBytes {
  /** 0 is the cache's default, -1 never expires. */
  readonly ttlMillis: number
}

const ENSURE = generatedType('coherence.cache.v1.EnsureCacheRequest', EnsureCacheRequest)
const EXECUTE = generatedType('coherence.cache.v1.ExecuteRequest', ExecuteRequest)
const INDEX = generatedType('coherence.cache.v1.IndexRequest', IndexRequest)
const LISTEN = generatedType('coherence.cache.v1.MapListenerRequest', MapListenerRequest)
const QUERY = generatedType('coherence.cache.v1.QueryRequest', QueryRequest)
const REPLACE_MAPPING = generatedType('coherence.cache.v1.ReplaceMappingRequest', ReplaceMappingRequest)

const nothing = (): undefined => undefined
const bytes = (content: Bytes): Payload => new BytesPayload(content)
const entry = (content: EntryBytes): Payload => new EntryPayload(content)
const put = (content: EntryToPut): Payload => new PutPayload(content, content.ttlMillis)
const ensure = (message: EnsureCacheRequest): Payload => new GeneratedPayload(ENSURE, message)
const execute = (message: ExecuteRequest): Payload => new GeneratedPayload(EXECUTE, message)
const query = (message: QueryRequest): Payload => new GeneratedPayload(QUERY, message)

const NO_ANSWER = { messages: 'none' } as const
const A_BOOL = one(readBool)
const A_VALUE = one(readBytes)

const repeatable = row(true)
const once = row(false)
const type = NamedCacheRequestType

export const REQUESTS = {
  aggregate: repeatable(type.Aggregate, execute, A_VALUE),
  clear: once(type.Clear, nothing, NO_ANSWER),
  containsEntry: repeatable(type.ContainsEntry, entry, A_BOOL),
  containsKey: repeatable(type.ContainsKey, bytes, A_BOOL),
  containsValue: repeatable(type.ContainsValue, bytes, A_BOOL),
  destroy: once(type.Destroy, nothing, NO_ANSWER),
  ensureCache: repeatable(type.EnsureCache, ensure, one(readCacheId)),
  get: repeatable(type.Get, bytes, one(readOptional)),
  getAll: repeatable(
    type.GetAll,
    ({ keys, from, to }: KeysToVisit) => new KeysPayload(keys, from, to),
    many((message, { visit }) => visitEntry(message, visit)),
  ),
  index: repeatable(type.Index, (message: IndexRequest) => new GeneratedPayload(INDEX, message), NO_ANSWER),
  /** For one key. */
  invoke: once(type.Invoke, execute, one(readEntryValue)),
  isEmpty: repeatable(type.IsEmpty, nothing, A_BOOL),
  isReady: repeatable(type.IsReady, nothing, A_BOOL),
  listen: repeatable(
    type.MapListener,
    (message: MapListenerRequest) => new GeneratedPayload(LISTEN, message),
    NO_ANSWER,
  ),
  put: once(type.Put, put, A_VALUE),
  putAll: once(type.PutAll, (entries: PackedBytes) => new EntriesPayload(entries), NO_ANSWER),
  putIfAbsent: once(type.PutIfAbsent, put, A_VALUE),
  remove: once(type.Remove, bytes, A_VALUE),
  removeMapping: once(type.RemoveMapping, entry, A_BOOL),
  replace: once(type.Replace, entry, A_VALUE),
  replaceMapping: once(
    type.ReplaceMapping,
    (message: ReplaceMappingRequest) => new GeneratedPayload(REPLACE_MAPPING, message),
    A_BOOL,
  ),
  size: repeatable(type.Size, nothing, one(readInt32)),
  truncate: once(type.Truncate, nothing, NO_ANSWER),
} as const

export const STREAMED_REQUESTS = {
  /** For many keys, a filter, or all entries. */
  invokeAll: { type: type.Invoke, repeatable: false, write: execute, element: readEntry },
  pageOfEntries: { type: type.PageOfEntries, repeatable: true, write: bytes, element: readEntry },
  pageOfKeys: { type: type.PageOfKeys, repeatable: true, write: bytes, element: readBytes },
  queryEntries: { type: type.QueryEntries, repeatable: true, write: query, element: readEntry },
  queryKeys: { type: type.QueryKeys, repeatable: true, write: query, element: readBytes },
  queryValues: { type: type.QueryValues, repeatable: true, write: query, element: readBytes },
} as const satisfies Record<string, StreamedRequest<never, unknown>>

function row(isRepeatable: boolean) {
  return <P, A = undefined>(
    requestType: NamedCacheRequestType,
    write: (parameters: P) => Payload | undefined,
    answer: Answer<P, A>,
  ): Request<P, A> => ({ type: requestType, repeatable: isRepeatable, write, answer })
}

function one<A>(read: (message: AnyView) => A): Answer<unknown, A> {
  return { messages: 'one', read }
}

function many<P>(read: (message: AnyView, parameters: P) => void): Answer<P, undefined> {
  return { messages: 'many', read }
}
