// One request that the fake proxy received, and the ways to answer it.
import type {
  NamedCacheRequest,
  NamedCacheRequestType,
} from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { Any } from '../../gen/google/protobuf/any'
import type { FakeCaches } from './fake-caches'
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
  readonly #caches: FakeCaches

  constructor(caches: FakeCaches, stream: FakeStream, id: number, request: NamedCacheRequest) {
    this.#caches = caches
    this.stream = stream
    this.id = id
    this.type = request.type
    this.cacheId = request.cacheId
    this.cacheName = stream.cacheName(request.cacheId)
    this.payload = request.message
  }

  /** The payload, which is of the type that `decoder` reads. */
  read<T>(decoder: Decoder<T>): T {
    return decoder.decode(this.payload?.value ?? new Uint8Array())
  }

  /** The answer of a server without faults. */
  answerAsUsual(): void {
    this.#caches.answer(this)
  }

  /** A part of the answer. */
  item(payload: Any | undefined, cacheId = 0): void {
    this.stream.message(this.id, cacheId, payload)
  }

  complete(): void {
    this.stream.complete(this.id)
  }

  error(message: string, exception?: Buffer): void {
    this.stream.error(this.id, message, exception)
  }

  /** The whole answer where it is these items. */
  answer(...payloads: readonly Any[]): void {
    for (const payload of payloads) this.item(payload)
    this.complete()
  }
}
