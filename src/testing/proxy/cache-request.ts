// One request of the cache service, and the ways to answer it.
import {
  type NamedCacheRequest,
  NamedCacheRequestType,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { Any } from '../../../gen/google/protobuf/any'
import { JavaException } from '../java/java-exception'
import type { StoredCache } from '../store/stored-cache'
import type { CacheView } from './cache-view'
import type { MessageType } from './messages'
import { NO_BYTES } from './payloads'
import type { Responses } from './responses'

interface Decoder<T> {
  decode(bytes: Uint8Array): T
}

/** The requests whose answers name the cache again. */
const NAMING: ReadonlySet<NamedCacheRequestType> = new Set([
  NamedCacheRequestType.Get,
  NamedCacheRequestType.GetAll,
  NamedCacheRequestType.QueryEntries,
  NamedCacheRequestType.QueryKeys,
  NamedCacheRequestType.QueryValues,
])

/** The stream that a request came on. */
export interface RequestStream {
  readonly responses: Responses
  /** The scope that the handshake asked for. */
  readonly scope: string | undefined
  /** What is seen of each cache that was ensured, by the id it got. */
  readonly views: ReadonlyMap<number, CacheView>
  /** Gives the cache an id that the stream has not had. */
  ensure(cache: StoredCache): number
  /** Ends the stream with a gRPC status. */
  end(status: number, details?: string): void
}

export class CacheRequest {
  readonly stream: RequestStream
  readonly id: bigint
  readonly type: NamedCacheRequestType
  /** 0 where the request has none. */
  readonly cacheId: number
  /** What its cache id stood for when it arrived. */
  readonly view: CacheView | undefined
  readonly payload: Any | undefined

  constructor(stream: RequestStream, id: bigint, request: NamedCacheRequest) {
    this.stream = stream
    this.id = id
    this.type = request.type
    this.cacheId = request.cacheId ?? 0
    this.view = stream.views.get(this.cacheId)
    this.payload = request.message
  }

  /** The payload, which is of the type that `decoder` reads. */
  read<T>(decoder: Decoder<T>): T {
    return decoder.decode(this.payload?.value ?? NO_BYTES)
  }

  /** The payload, as a server reads it: throws a JavaException where it is another message. */
  unpack<T>(type: MessageType<T>): T {
    if (this.payload?.typeUrl.endsWith(`/${type.name}`) !== true) {
      const text = `Could not unpack message field of type ${type.javaClass}`
      throw new JavaException('java.lang.RuntimeException', text)
    }
    return type.decode(this.payload.value)
  }

  /** A part of the answer. */
  item(payload: Any | undefined, cacheId = NAMING.has(this.type) ? this.cacheId : 0): void {
    this.stream.responses.message(this.id, cacheId, payload)
  }

  complete(): void {
    this.stream.responses.complete(this.id)
  }

  error(message: string, exception?: Buffer): void {
    this.stream.responses.error(this.id, message, exception)
  }

  /** The whole answer where it is these items. */
  answer(...payloads: readonly Any[]): void {
    for (const payload of payloads) this.item(payload)
    this.complete()
  }

  /** As `answer`, for as many items as there are: waits while the client leaves them unread. */
  async answerEach(payloads: Iterable<Any>): Promise<void> {
    const { responses } = this.stream
    for (const payload of payloads) {
      if (!responses.isOpen) return
      this.item(payload)
      if (responses.isFull) await responses.drained()
    }
    this.complete()
  }
}
