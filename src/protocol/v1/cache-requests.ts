// The requests of v1's cache service that carry keys and values or nothing, as data: what each carries, what answers it,
// and whether it may be sent again. A new request type is a row here, or in query-requests.ts.
import {
  EnsureCacheRequest,
  type MessageFns,
  NamedCacheRequestType,
  PutAllRequest,
  PutRequest,
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

/** A request that carries a `P` and is answered by `A`s. */
export type Carrying<P, A> = CacheRequest<PayloadType<P>, PayloadType<A>>

export function payloadType<T>(name: string, message: PayloadType<T>['message']): PayloadType<T> {
  return { typeUrl: `type.googleapis.com/${name}`, message }
}

export const bytes = payloadType('google.protobuf.BytesValue', BytesValue)
const bool = payloadType('google.protobuf.BoolValue', BoolValue)
const int32 = payloadType('google.protobuf.Int32Value', Int32Value)
const optional = payloadType('coherence.common.v1.OptionalValue', OptionalValue)
export const entry = payloadType('coherence.common.v1.BinaryKeyAndValue', BinaryKeyAndValue)
const keys = payloadType('coherence.common.v1.CollectionOfBytesValues', CollectionOfBytesValues)
const put = payloadType('coherence.cache.v1.PutRequest', PutRequest)

export function request<Payload, Answer>(
  type: NamedCacheRequestType,
  repeatable: boolean,
  payload: Payload,
  answer: Answer,
): CacheRequest<Payload, Answer> {
  return { type, payload, answer, repeatable }
}

export const CACHE_REQUESTS = {
  ensureCache: request(
    NamedCacheRequestType.EnsureCache,
    true,
    payloadType('coherence.cache.v1.EnsureCacheRequest', EnsureCacheRequest),
    undefined,
  ),
  clear: request(NamedCacheRequestType.Clear, false, undefined, undefined),
  containsEntry: request(NamedCacheRequestType.ContainsEntry, true, entry, bool),
  containsKey: request(NamedCacheRequestType.ContainsKey, true, bytes, bool),
  containsValue: request(NamedCacheRequestType.ContainsValue, true, bytes, bool),
  destroy: request(NamedCacheRequestType.Destroy, false, undefined, undefined),
  isEmpty: request(NamedCacheRequestType.IsEmpty, true, undefined, bool),
  isReady: request(NamedCacheRequestType.IsReady, true, undefined, bool),
  get: request(NamedCacheRequestType.Get, true, bytes, optional),
  getAll: request(NamedCacheRequestType.GetAll, true, keys, entry),
  put: request(NamedCacheRequestType.Put, false, put, bytes),
  putAll: request(
    NamedCacheRequestType.PutAll,
    false,
    payloadType('coherence.cache.v1.PutAllRequest', PutAllRequest),
    undefined,
  ),
  putIfAbsent: request(NamedCacheRequestType.PutIfAbsent, false, put, bytes),
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
