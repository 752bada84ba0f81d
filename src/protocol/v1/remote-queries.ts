// The queries of a cache of the server over v1: what carries filters, extractors, processors or aggregators, and pages.
import type {
  ExecuteRequest,
  IndexRequest,
  KeysOrFilter,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { Call } from '../call'
import type {
  Bytes,
  EntryBytes,
  EntryQuery,
  LeftOut,
  PageOrder,
  RemoteQueries,
  StreamCall,
  StreamedElements,
  Target,
} from '../port'
import { generated, NOTHING, one, readBytes, readEntry } from './answers'
import type { CacheLink } from './cache-link'
import type { Carrying } from './cache-requests'
import { CacheStreams } from './cache-streams'
import type { V1Connection } from './connection'
import { encodePayload } from './envelope'
import { EncodedPayload } from './payloads'
import { submitRequest } from './pending-request'
import { QUERY_REQUESTS } from './query-requests'
import { asBuffer } from './wire'

export class V1RemoteQueries implements RemoteQueries {
  readonly #connection: V1Connection
  readonly #link: CacheLink
  readonly #streams: CacheStreams

  constructor(connection: V1Connection, link: CacheLink) {
    this.#connection = connection
    this.#link = link
    this.#streams = new CacheStreams(connection, link)
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
    return (await this.#one(QUERY_REQUESTS.invoke, { agent: asBuffer(processor), keys }, call)).value
  }

  async aggregate(aggregator: Bytes, target: Target, call: Call): Promise<Bytes> {
    return (await this.#one(QUERY_REQUESTS.aggregate, executeRequest(aggregator, target), call)).value
  }

  queryKeys<T>(
    query: EntryQuery,
    call: StreamCall,
    decode: (key: Bytes) => T | LeftOut,
  ): StreamedElements<T> {
    return this.#streams.read(QUERY_REQUESTS.queryKeys, queryRequest(query), call, (item) =>
      decode(readBytes(item)),
    )
  }

  queryValues<T>(query: EntryQuery, call: StreamCall, decode: (value: Bytes) => T): StreamedElements<T> {
    return this.#streams.read(QUERY_REQUESTS.queryValues, queryRequest(query), call, (item) =>
      decode(readBytes(item)),
    )
  }

  queryEntries<T>(
    query: EntryQuery,
    call: StreamCall,
    decode: (entry: EntryBytes) => T | LeftOut,
  ): StreamedElements<T> {
    return this.#streams.read(QUERY_REQUESTS.queryEntries, queryRequest(query), call, (item) =>
      decode(readEntry(item)),
    )
  }

  pageOfKeys<T>(page: PageOrder, call: StreamCall, decode: (key: Bytes) => T | LeftOut): StreamedElements<T> {
    return this.#streams.page(QUERY_REQUESTS.pageOfKeys, page, call, (item) => decode(readBytes(item)))
  }

  pageOfEntries<T>(
    page: PageOrder,
    call: StreamCall,
    decode: (entry: EntryBytes) => T | LeftOut,
  ): StreamedElements<T> {
    return this.#streams.page(QUERY_REQUESTS.pageOfEntries, page, call, (item) => decode(readEntry(item)))
  }

  invokeAll(processor: Bytes, target: Target, call: StreamCall): StreamedElements<EntryBytes> {
    return this.#streams.read(QUERY_REQUESTS.invokeAll, executeRequest(processor, target), call, readEntry)
  }

  async #index(message: IndexRequest, call: Call): Promise<void> {
    const facts = QUERY_REQUESTS.index
    const payload = new EncodedPayload(encodePayload(facts.payload, message))
    await submitRequest(this.#connection, facts, payload, this.#link, call, NOTHING)
  }

  #one<P, A>(facts: Carrying<P, A>, message: P, call: Call): Promise<A> {
    const payload = new EncodedPayload(encodePayload(facts.payload, message))
    return submitRequest(this.#connection, facts, payload, this.#link, call, one(generated(facts.answer)))
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
