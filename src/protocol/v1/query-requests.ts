// The requests of v1's cache service that carry filters, extractors, processors and aggregators, as data, and those for
// pages of a map: what each carries, what answers it, and whether it may be sent again.
import {
  ExecuteRequest,
  IndexRequest,
  NamedCacheRequestType,
  QueryRequest,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { BYTES, ENTRY, facts, payloadType } from './cache-requests'

const execute = payloadType('coherence.cache.v1.ExecuteRequest', ExecuteRequest)
const query = payloadType('coherence.cache.v1.QueryRequest', QueryRequest)

export const QUERY_REQUESTS = {
  aggregate: facts(NamedCacheRequestType.Aggregate, true, execute, BYTES),
  index: facts(
    NamedCacheRequestType.Index,
    true,
    payloadType('coherence.cache.v1.IndexRequest', IndexRequest),
    undefined,
  ),
  /** For one key. */
  invoke: facts(NamedCacheRequestType.Invoke, false, execute, ENTRY),
  /** For many keys, a filter, or all entries. */
  invokeAll: facts(NamedCacheRequestType.Invoke, false, execute, ENTRY),
  pageOfEntries: facts(NamedCacheRequestType.PageOfEntries, true, BYTES, ENTRY),
  pageOfKeys: facts(NamedCacheRequestType.PageOfKeys, true, BYTES, BYTES),
  queryEntries: facts(NamedCacheRequestType.QueryEntries, true, query, ENTRY),
  queryKeys: facts(NamedCacheRequestType.QueryKeys, true, query, BYTES),
  queryValues: facts(NamedCacheRequestType.QueryValues, true, query, BYTES),
} as const
