// Every request of v1's cache service, as data: what it carries, what answers it, and whether it may be sent again.
// A new request type is a row here.
import {
  EnsureCacheRequest,
  ExecuteRequest,
  IndexRequest,
  MapEventMessage,
  MapListenerRequest,
  type MessageFns,
  NamedCacheRequestType,
  PutAllRequest,
  PutRequest,
  QueryRequest,
  ReplaceMappingRequest,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import {
  BinaryKeyAndValue,
  CollectionOfBytesValues,
  OptionalValue,
} from '../../../gen/coherence/common/v1/common_messages_v1'
import { BoolValue, BytesValue, Int32Value } from '../../../gen/google/protobuf/wrappers'

/** A message that travels in an `Any`. */
export interface PayloadType<T> {
  readonly typeUrl: string
  readonly message: Pick<MessageFns<T>, 'encode' | 'decode'>
}

/** What is to be known of a request to send it. */
export interface RequestFacts {
  readonly type: NamedCacheRequestType
  /**
   * Whether it may be carried out twice, so that it may be sent again when a connection was lost before the answer.
   * What changes entries may not: another client may have changed them in between.
   */
  readonly repeatable: boolean
}

/** One type of request: its facts, what it carries and what its answers carry, `undefined` where that is nothing. */
export interface CacheRequest<Payload, Answer> extends RequestFacts {
  readonly payload: Payload
  readonly answer: Answer
}

function payloadType<T>(name: string, message: PayloadType<T>['message']): PayloadType<T> {
  return { typeUrl: `type.googleapis.com/${name}`, message }
}

const bytes = payloadType('google.protobuf.BytesValue', BytesValue)
const bool = payloadType('google.protobuf.BoolValue', BoolValue)
const int32 = payloadType('google.protobuf.Int32Value', Int32Value)
const optional = payloadType('coherence.common.v1.OptionalValue', OptionalValue)
const entry = payloadType('coherence.common.v1.BinaryKeyAndValue', BinaryKeyAndValue)
const keys = payloadType('coherence.common.v1.CollectionOfBytesValues', CollectionOfBytesValues)
const put = payloadType('coherence.cache.v1.PutRequest', PutRequest)
const execute = payloadType('coherence.cache.v1.ExecuteRequest', ExecuteRequest)
const query = payloadType('coherence.cache.v1.QueryRequest', QueryRequest)

function request<Payload, Answer>(
  type: NamedCacheRequestType,
  repeatable: boolean,
  payload: Payload,
  answer: Answer,
): CacheRequest<Payload, Answer> {
  return { type, payload, answer, repeatable }
}

/** What an event carries. */
export const MAP_EVENT = payloadType('coherence.cache.v1.MapEventMessage', MapEventMessage)

export const CACHE_REQUESTS = {
  ensureCache: request(
    NamedCacheRequestType.EnsureCache,
    true,
    payloadType('coherence.cache.v1.EnsureCacheRequest', EnsureCacheRequest),
    undefined,
  ),
  aggregate: request(NamedCacheRequestType.Aggregate, true, execute, bytes),
  clear: request(NamedCacheRequestType.Clear, false, undefined, undefined),
  containsEntry: request(NamedCacheRequestType.ContainsEntry, true, entry, bool),
  containsKey: request(NamedCacheRequestType.ContainsKey, true, bytes, bool),
  containsValue: request(NamedCacheRequestType.ContainsValue, true, bytes, bool),
  destroy: request(NamedCacheRequestType.Destroy, false, undefined, undefined),
  isEmpty: request(NamedCacheRequestType.IsEmpty, true, undefined, bool),
  isReady: request(NamedCacheRequestType.IsReady, true, undefined, bool),
  get: request(NamedCacheRequestType.Get, true, bytes, optional),
  getAll: request(NamedCacheRequestType.GetAll, true, keys, entry),
  index: request(
    NamedCacheRequestType.Index,
    true,
    payloadType('coherence.cache.v1.IndexRequest', IndexRequest),
    undefined,
  ),
  /** For one key. */
  invoke: request(NamedCacheRequestType.Invoke, false, execute, entry),
  /** For many keys, a filter, or all entries. */
  invokeAll: request(NamedCacheRequestType.Invoke, false, execute, entry),
  mapListener: request(
    NamedCacheRequestType.MapListener,
    true,
    payloadType('coherence.cache.v1.MapListenerRequest', MapListenerRequest),
    undefined,
  ),
  pageOfEntries: request(NamedCacheRequestType.PageOfEntries, true, bytes, entry),
  pageOfKeys: request(NamedCacheRequestType.PageOfKeys, true, bytes, bytes),
  put: request(NamedCacheRequestType.Put, false, put, bytes),
  putAll: request(
    NamedCacheRequestType.PutAll,
    false,
    payloadType('coherence.cache.v1.PutAllRequest', PutAllRequest),
    undefined,
  ),
  putIfAbsent: request(NamedCacheRequestType.PutIfAbsent, false, put, bytes),
  queryEntries: request(NamedCacheRequestType.QueryEntries, true, query, entry),
  queryKeys: request(NamedCacheRequestType.QueryKeys, true, query, bytes),
  queryValues: request(NamedCacheRequestType.QueryValues, true, query, bytes),
  remove: request(NamedCacheRequestType.Remove, false, bytes, bytes),
  removeMapping: request(NamedCacheRequestType.RemoveMapping, false, entry, bool),
  replace: request(NamedCacheRequestType.Replace, false, entry, bytes),
  replaceMapping: request(
    NamedCacheRequestType.ReplaceMapping,
    false,
    payloadType('coherence.cache.v1.ReplaceMappingRequest', ReplaceMappingRequest),
    bool,
  ),
  size: request(NamedCacheRequestType.Size, true, undefined, int32),
  truncate: request(NamedCacheRequestType.Truncate, false, undefined, undefined),
} as const
