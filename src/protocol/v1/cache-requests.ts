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

export const BYTES = payloadType('google.protobuf.BytesValue', BytesValue)
const bool = payloadType('google.protobuf.BoolValue', BoolValue)
const int32 = payloadType('google.protobuf.Int32Value', Int32Value)
const optional = payloadType('coherence.common.v1.OptionalValue', OptionalValue)
export const ENTRY = payloadType('coherence.common.v1.BinaryKeyAndValue', BinaryKeyAndValue)
const keys = payloadType('coherence.common.v1.CollectionOfBytesValues', CollectionOfBytesValues)
const put = payloadType('coherence.cache.v1.PutRequest', PutRequest)

/** A row of a table of requests. */
export function facts<Payload, Answer>(
  type: NamedCacheRequestType,
  repeatable: boolean,
  payload: Payload,
  answer: Answer,
): CacheRequest<Payload, Answer> {
  return { type, payload, answer, repeatable }
}

export const CACHE_REQUESTS = {
  ensureCache: facts(
    NamedCacheRequestType.EnsureCache,
    true,
    payloadType('coherence.cache.v1.EnsureCacheRequest', EnsureCacheRequest),
    undefined,
  ),
  clear: facts(NamedCacheRequestType.Clear, false, undefined, undefined),
  containsEntry: facts(NamedCacheRequestType.ContainsEntry, true, ENTRY, bool),
  containsKey: facts(NamedCacheRequestType.ContainsKey, true, BYTES, bool),
  containsValue: facts(NamedCacheRequestType.ContainsValue, true, BYTES, bool),
  destroy: facts(NamedCacheRequestType.Destroy, false, undefined, undefined),
  isEmpty: facts(NamedCacheRequestType.IsEmpty, true, undefined, bool),
  isReady: facts(NamedCacheRequestType.IsReady, true, undefined, bool),
  get: facts(NamedCacheRequestType.Get, true, BYTES, optional),
  getAll: facts(NamedCacheRequestType.GetAll, true, keys, ENTRY),
  put: facts(NamedCacheRequestType.Put, false, put, BYTES),
  putAll: facts(
    NamedCacheRequestType.PutAll,
    false,
    payloadType('coherence.cache.v1.PutAllRequest', PutAllRequest),
    undefined,
  ),
  putIfAbsent: facts(NamedCacheRequestType.PutIfAbsent, false, put, BYTES),
  remove: facts(NamedCacheRequestType.Remove, false, BYTES, BYTES),
  removeMapping: facts(NamedCacheRequestType.RemoveMapping, false, ENTRY, bool),
  replace: facts(NamedCacheRequestType.Replace, false, ENTRY, BYTES),
  replaceMapping: facts(
    NamedCacheRequestType.ReplaceMapping,
    false,
    payloadType('coherence.cache.v1.ReplaceMappingRequest', ReplaceMappingRequest),
    bool,
  ),
  size: facts(NamedCacheRequestType.Size, true, undefined, int32),
  truncate: facts(NamedCacheRequestType.Truncate, false, undefined, undefined),
} as const
