// The queries of a cache of the server over v1: what carries filters, extractors, processors or aggregators, and pages. Each
// request whose answer is streamed has a stream of its own.
import { asBuffer, type Bytes } from '../../../bytes'
import type { Call } from '../../../calls/call'
import type {
  ExecuteRequest,
  KeysOrFilter,
  QueryRequest,
} from '../../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type {
  EntryBytes,
  EntryQuery,
  Page,
  ReadOptions,
  RemoteQueries,
  StreamedElements,
  Target,
} from '../../port'
import { REQUESTS, STREAMED_REQUESTS, type StreamedRequest } from '../wire/requests'
import { readBytes } from '../wire/responses'
import type { CacheHandle } from './cache-handle'
import type { CacheServicePort } from './cache-service-port'
import { ResponseBuffer } from './response-buffer'
import { type ReadSource, RetryingRead } from './retrying-read'
import type { PooledStream } from './stream-pool'

const NO_COOKIE: Bytes = Buffer.alloc(0)

export class V1RemoteQueries implements RemoteQueries {
  readonly #service: CacheServicePort
  readonly #handle: CacheHandle

  constructor(service: CacheServicePort, handle: CacheHandle) {
    this.#service = service
    this.#handle = handle
  }

  get attempts(): number {
    return this.#service.settings.retry.attempts
  }

  addIndex(extractor: Bytes, sorted: boolean, comparator: Bytes | undefined, call: Call): Promise<void> {
    const message = { add: true, extractor: asBuffer(extractor), sorted, comparator: optional(comparator) }
    return this.#service.send(this.#handle, REQUESTS.index, message, call)
  }

  removeIndex(extractor: Bytes, call: Call): Promise<void> {
    const message = { add: false, extractor: asBuffer(extractor), sorted: undefined, comparator: undefined }
    return this.#service.send(this.#handle, REQUESTS.index, message, call)
  }

  invoke(key: Bytes, processor: Bytes, call: Call): Promise<Bytes> {
    const keys: KeysOrFilter = { keyOrFilter: { $case: 'key', value: asBuffer(key) } }
    return this.#service.send(this.#handle, REQUESTS.invoke, { agent: asBuffer(processor), keys }, call)
  }

  aggregate(aggregator: Bytes, target: Target, call: Call): Promise<Bytes> {
    return this.#service.send(this.#handle, REQUESTS.aggregate, executeRequest(aggregator, target), call)
  }

  queryKeys(query: EntryQuery, call: Call, options?: ReadOptions): StreamedElements<Bytes> {
    return this.#read(STREAMED_REQUESTS.queryKeys, queryRequest(query), call, options)
  }

  queryValues(query: EntryQuery, call: Call, options?: ReadOptions): StreamedElements<Bytes> {
    return this.#read(STREAMED_REQUESTS.queryValues, queryRequest(query), call, options)
  }

  queryEntries(query: EntryQuery, call: Call, options?: ReadOptions): StreamedElements<EntryBytes> {
    return this.#read(STREAMED_REQUESTS.queryEntries, queryRequest(query), call, options)
  }

  pageOfKeys(cookie: Bytes, call: Call): Page<Bytes> {
    return this.#page(STREAMED_REQUESTS.pageOfKeys, cookie, call)
  }

  pageOfEntries(cookie: Bytes, call: Call): Page<EntryBytes> {
    return this.#page(STREAMED_REQUESTS.pageOfEntries, cookie, call)
  }

  invokeAll(processor: Bytes, target: Target, call: Call): StreamedElements<EntryBytes> {
    return this.#read(STREAMED_REQUESTS.invokeAll, executeRequest(processor, target), call)
  }

  #read<P, E>(
    request: StreamedRequest<P, E>,
    parameters: P,
    call: Call,
    options?: ReadOptions,
  ): StreamedElements<E> {
    return new RetryingRead(this.#source(request, parameters, call), call, options)
  }

  /** The first message of a page is the cookie of the next one. */
  #page<E>(request: StreamedRequest<Bytes, E>, cookie: Bytes, call: Call): Page<E> {
    let nextCookie = NO_COOKIE
    const source = {
      ...this.#source(request, cookie, call),
      header: (item: Parameters<typeof readBytes>[0]) => {
        nextCookie = Buffer.from(readBytes(item))
      },
    }
    const read = new RetryingRead(source, call)
    return {
      take: () => read.take(),
      more: (by) => read.more(by),
      close: () => read.close(),
      get nextCookie() {
        return nextCookie
      },
    }
  }

  #source<P, E>(request: StreamedRequest<P, E>, parameters: P, call: Call): ReadSource<E> {
    const service = this.#service
    const { traffic, retry } = service.settings
    const payload = request.write(parameters)
    const bytes = payload?.length ?? 0
    let stream: PooledStream | undefined
    return {
      attempts: request.repeatable ? retry.attempts : 1,
      element: request.element,
      start: async (timed) => {
        stream = await service.acquireStream(this.#handle, timed)
        if (timed.signal?.aborted === true) {
          service.releaseStream(stream, undefined)
          throw timed.signal.reason
        }
        traffic.pendingBytes += bytes
        const response = new ResponseBuffer(call)
        call.sent?.add(bytes)
        stream.request(this.#handle, request.type, payload, response)
        return response
      },
      startedAgain: () => {
        traffic.resentRequests += 1
      },
      release: (response) => {
        traffic.pendingBytes -= bytes
        if (stream !== undefined) service.releaseStream(stream, response)
      },
      lostError: (lost) => service.lostError(call, lost),
    }
  }
}

function optional(bytes: Bytes | undefined): Buffer | undefined {
  return bytes === undefined ? undefined : asBuffer(bytes)
}

function queryRequest({ filter, comparator }: EntryQuery): QueryRequest {
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
