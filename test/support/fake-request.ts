// One request that the scripted server received, and the ways to answer it.
import type { NamedCacheRequestType } from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { Any } from '../../gen/google/protobuf/any'
import type { CacheRequest } from '../../src/testing/proxy/cache-request'
import type { FakeStream } from './fake-stream'

interface Decoder<T> {
  decode(bytes: Uint8Array): T
}

export class FakeRequest {
  readonly stream: FakeStream
  readonly id: number
  readonly type: NamedCacheRequestType
  readonly cacheId: number | undefined
  /** The cache that its id stood for when it arrived. */
  readonly cacheName: string | undefined
  readonly payload: Any | undefined
  readonly #request: CacheRequest
  readonly #answerAsUsual: (request: CacheRequest) => void

  constructor(stream: FakeStream, request: CacheRequest, answerAsUsual: (request: CacheRequest) => void) {
    this.stream = stream
    this.id = Number(request.id)
    this.type = request.type
    this.cacheId = request.cacheId === 0 ? undefined : request.cacheId
    this.cacheName = request.view?.cache.name
    this.payload = request.payload
    this.#request = request
    this.#answerAsUsual = answerAsUsual
  }

  /** The payload, which is of the type that `decoder` reads. */
  read<T>(decoder: Decoder<T>): T {
    return this.#request.read(decoder)
  }

  /** The answer of a server without faults. */
  answerAsUsual(): void {
    this.#answerAsUsual(this.#request)
  }

  /** A part of the answer. */
  item(payload: Any | undefined, cacheId = 0): void {
    this.#request.item(payload, cacheId)
  }

  complete(): void {
    this.#request.complete()
  }

  error(message: string, exception?: Buffer): void {
    this.#request.error(message, exception)
  }

  /** The whole answer where it is these items. Waits while the client leaves them unread. */
  answer(...payloads: readonly Any[]): void {
    void this.#request.answerEach(payloads)
  }
}
