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

/**
 * How many messages answer the request before it is complete: none, one, or any number of items; a page has its
 * cookie in front of the items.
 */
export type AnswerShape = 'none' | 'one' | 'items' | 'page'

/** What is to be known of a request to send it. */
export interface RequestFacts {
  readonly type: NamedCacheRequestType
  readonly shape: AnswerShape
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
  shape: AnswerShape,
  answer: Answer,
): CacheRequest<Payload, Answer> {
  return { type, payload, answer, shape, repeatable }
}

/** What an event carries. */
export const MAP_EVENT = payloadType('coherence.cache.v1.MapEventMessage', MapEventMessage)

export const CACHE_REQUESTS = {
  ensureCache: request(
    NamedCacheRequestType.EnsureCache,
    true,
    payloadType('coherence.cache.v1.EnsureCacheRequest', EnsureCacheRequest),
    'one',
    undefined,
  ),
  aggregate: request(NamedCacheRequestType.Aggregate, true, execute, 'one', bytes),
  clear: request(NamedCacheRequestType.Clear, false, undefined, 'none', undefined),
  containsEntry: request(NamedCacheRequestType.ContainsEntry, true, entry, 'one', bool),
  containsKey: request(NamedCacheRequestType.ContainsKey, true, bytes, 'one', bool),
  containsValue: request(NamedCacheRequestType.ContainsValue, true, bytes, 'one', bool),
  destroy: request(NamedCacheRequestType.Destroy, false, undefined, 'none', undefined),
  isEmpty: request(NamedCacheRequestType.IsEmpty, true, undefined, 'one', bool),
  isReady: request(NamedCacheRequestType.IsReady, true, undefined, 'one', bool),
  get: request(NamedCacheRequestType.Get, true, bytes, 'one', optional),
  getAll: request(NamedCacheRequestType.GetAll, true, keys, 'items', entry),
  index: request(
    NamedCacheRequestType.Index,
    true,
    payloadType('coherence.cache.v1.IndexRequest', IndexRequest),
    'none',
    undefined,
  ),
  /** For one key. */
  invoke: request(NamedCacheRequestType.Invoke, false, execute, 'one', entry),
  /** For many keys, a filter, or all entries. */
  invokeAll: request(NamedCacheRequestType.Invoke, false, execute, 'items', entry),
  mapListener: request(
    NamedCacheRequestType.MapListener,
    true,
    payloadType('coherence.cache.v1.MapListenerRequest', MapListenerRequest),
    'none',
    undefined,
  ),
  pageOfEntries: request(NamedCacheRequestType.PageOfEntries, true, bytes, 'page', entry),
  pageOfKeys: request(NamedCacheRequestType.PageOfKeys, true, bytes, 'page', bytes),
  put: request(NamedCacheRequestType.Put, false, put, 'one', bytes),
  putAll: request(
    NamedCacheRequestType.PutAll,
    false,
    payloadType('coherence.cache.v1.PutAllRequest', PutAllRequest),
    'none',
    undefined,
  ),
  putIfAbsent: request(NamedCacheRequestType.PutIfAbsent, false, put, 'one', bytes),
  queryEntries: request(NamedCacheRequestType.QueryEntries, true, query, 'items', entry),
  queryKeys: request(NamedCacheRequestType.QueryKeys, true, query, 'items', bytes),
  queryValues: request(NamedCacheRequestType.QueryValues, true, query, 'items', bytes),
  remove: request(NamedCacheRequestType.Remove, false, bytes, 'one', bytes),
  removeMapping: request(NamedCacheRequestType.RemoveMapping, false, entry, 'one', bool),
  replace: request(NamedCacheRequestType.Replace, false, entry, 'one', bytes),
  replaceMapping: request(
    NamedCacheRequestType.ReplaceMapping,
    false,
    payloadType('coherence.cache.v1.ReplaceMappingRequest', ReplaceMappingRequest),
    'one',
    bool,
  ),
  size: request(NamedCacheRequestType.Size, true, undefined, 'one', int32),
  truncate: request(NamedCacheRequestType.Truncate, false, undefined, 'none', undefined),
} as const
