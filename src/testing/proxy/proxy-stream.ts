// One stream of the proxy service: what arrives on it, the cache ids that were given on it, and what is sent.
import { randomInt } from 'node:crypto'
import { NamedCacheRequest } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { type InitRequest, ProxyRequest } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { Any } from '../../../gen/google/protobuf/any'
import type { StoredCache } from '../store/stored-cache'
import { CacheRequest, type RequestStream } from './cache-request'
import { CacheView } from './cache-view'
import { type CallHandler, type ServerCall, Status } from './grpc-listener'
import { CACHE_REQUEST_URL } from './payloads'
import { Responses } from './responses'

/** What becomes of what arrives. */
export interface StreamHandler {
  init(stream: ProxyStream, request: InitRequest, id: bigint): void
  /** A heartbeat that wants an answer. */
  heartbeat(stream: ProxyStream, id: bigint): void
  request(request: CacheRequest): void
  ended(stream: ProxyStream): void
}

const MAX_CACHE_ID = 2 ** 31 - 1

export class ProxyStream implements CallHandler, RequestStream {
  readonly responses: Responses
  /** What is seen of each cache that was ensured, by the id it got. */
  readonly views = new Map<number, CacheView>()
  /** The scope that the handshake asked for; `undefined` before it. */
  scope: string | undefined
  readonly #call: ServerCall
  readonly #handler: StreamHandler
  #hasEnded = false

  constructor(call: ServerCall, handler: StreamHandler) {
    this.#call = call
    this.responses = new Responses(call)
    this.#handler = handler
  }

  get isOpen(): boolean {
    return !this.#hasEnded && this.#call.isOpen
  }

  received(message: Uint8Array): void {
    if (!this.isOpen) return
    let request: ProxyRequest
    try {
      request = ProxyRequest.decode(message)
    } catch {
      this.end(Status.UNKNOWN, 'Application error processing RPC')
      return
    }
    this.#dispatch(request)
  }

  halfClosed(): void {
    // The real server does not end its side either.
  }

  ended(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    for (const view of this.views.values()) view.close()
    this.views.clear()
    this.#handler.ended(this)
  }

  /** Gives the cache an id that this stream has not had. */
  ensure(cache: StoredCache): number {
    let id: number
    do id = randomInt(1, MAX_CACHE_ID)
    while (this.views.has(id))
    this.views.set(id, new CacheView(this.responses, id, cache))
    return id
  }

  /** Ends the stream with a gRPC status. */
  end(status: number, details = ''): void {
    this.#call.end(status, details)
    this.ended()
  }

  #dispatch({ id, request }: ProxyRequest): void {
    switch (request?.$case) {
      case 'init':
        if (this.scope === undefined) this.#handler.init(this, request.value, id)
        else this.end(Status.INTERNAL)
        return
      case 'heartbeat':
        if (request.value.ack) this.#handler.heartbeat(this, id)
        return
      case 'message':
        if (this.scope === undefined) this.end(Status.INTERNAL)
        else this.#receivedMessage(id, request.value)
        return
      case undefined:
        this.end(Status.INTERNAL)
    }
  }

  #receivedMessage(id: bigint, { typeUrl, value }: Any): void {
    if (typeUrl !== CACHE_REQUEST_URL) {
      const wanted = 'class com.oracle.coherence.grpc.messages.cache.v1.NamedCacheRequest'
      this.responses.error(
        id,
        `Failed to unpack protobuf message of type ProxyRequest expected type ${wanted} uri=${typeUrl}`,
      )
      return
    }
    let message: NamedCacheRequest
    try {
      message = NamedCacheRequest.decode(value)
    } catch (error) {
      this.responses.error(id, String(error))
      return
    }
    this.#handler.request(new CacheRequest(this, id, message))
  }
}
