// The requests of v1's cache service that carry filters, extractors, processors and aggregators, as data, and those for
// pages of a map: what each carries, what answers it, and whether it may be sent again.
import {
  ExecuteRequest,
  IndexRequest,
  MapEventMessage,
  MapListenerRequest,
  NamedCacheRequestType,
  QueryRequest,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { bytes, entry, payloadType, request } from './cache-requests'

const execute = payloadType('coherence.cache.v1.ExecuteRequest', ExecuteRequest)
const query = payloadType('coherence.cache.v1.QueryRequest', QueryRequest)

/** What an event carries. */
export const MAP_EVENT = payloadType('coherence.cache.v1.MapEventMessage', MapEventMessage)

export const QUERY_REQUESTS = {
  aggregate: request(NamedCacheRequestType.Aggregate, true, execute, bytes),
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
  queryEntries: request(NamedCacheRequestType.QueryEntries, true, query, entry),
  queryKeys: request(NamedCacheRequestType.QueryKeys, true, query, bytes),
  queryValues: request(NamedCacheRequestType.QueryValues, true, query, bytes),
} as const
