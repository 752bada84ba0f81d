// One stream of the fake proxy: what it sends, how it ends, and how much of it the client has taken.
import { ServerError, type Status } from 'nice-grpc'
import { NamedCacheResponse, ResponseType } from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { ProxyResponse } from '../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { Any } from '../../gen/google/protobuf/any'

const CACHE_RESPONSE_URL = 'type.googleapis.com/coherence.cache.v1.NamedCacheResponse'
const FIRST_CACHE_ID = 1_001

/** What the proxy says of itself. */
export const FAKE_SERVER = { protocol: 'v1', proxyVersion: '25.03.2-fake', memberId: 7 } as const

let lastCacheId = FIRST_CACHE_ID

export class FakeStream {
  readonly #changed: () => void
  readonly #caches = new Map<number, string>()
  readonly #queue: ProxyResponse[] = []
  #wake: (() => void) | undefined
  #end: { readonly error: Error | undefined } | undefined
  #written = 0

  constructor(changed: () => void) {
    this.#changed = changed
  }

  get isOpen(): boolean {
    return this.#end === undefined
  }

  /** How many responses gRPC has taken; the others wait for the client to read. */
  get written(): number {
    return this.#written
  }

  /** The name of the cache with this id on this stream. */
  cacheName(id: number | undefined): string | undefined {
    return id === undefined ? undefined : this.#caches.get(id)
  }

  /** The last id that this stream gave the cache. */
  cacheId(name: string): number | undefined {
    return [...this.#caches].findLast(([, known]) => known === name)?.[0]
  }

  /** Gives the cache a new id, which no stream has had before. */
  ensure(name: string): number {
    lastCacheId += 1
    this.#caches.set(lastCacheId, name)
    return lastCacheId
  }

  /** From now on no id that this stream gave is known. */
  forgetIds(): void {
    this.#caches.clear()
  }

  acceptInit(id: number): void {
    const none = Buffer.alloc(16)
    this.send(id, {
      $case: 'init',
      value: {
        uuid: none,
        version: FAKE_SERVER.proxyVersion,
        encodedVersion: 0,
        protocolVersion: 1,
        proxyMemberId: FAKE_SERVER.memberId,
        proxyMemberUuid: none,
      },
    })
  }

  send(id: number, response: NonNullable<ProxyResponse['response']> | undefined): void {
    if (!this.isOpen) return
    this.#queue.push({ id: BigInt(id), response, context: {} })
    this.#awake()
  }

  /** A response of the cache service. */
  message(id: number, cacheId: number, payload: Any | undefined, type = ResponseType.Message): void {
    const response = { cacheId, type, message: payload }
    const value = Buffer.from(NamedCacheResponse.encode(response).finish())
    this.send(id, { $case: 'message', value: { typeUrl: CACHE_RESPONSE_URL, value } })
  }

  /** An event of a cache. */
  event(cacheId: number, type: ResponseType): void {
    this.message(0, cacheId, undefined, type)
  }

  complete(id: number): void {
    this.send(id, { $case: 'complete', value: {} })
  }

  /** `exception` is what the server prints of a Java exception, in its format. */
  error(id: number, message: string, exception?: Buffer): void {
    this.send(id, { $case: 'error', value: { message, error: exception } })
  }

  /** Ends the stream as if all was well. */
  end(): void {
    this.#finish(undefined)
  }

  /** Ends the stream with a status. */
  fail(code: Status, details: string): void {
    this.#finish(new ServerError(code, details))
  }

  cancelled(): void {
    this.#queue.length = 0
    this.#finish(undefined)
  }

  async *responses(): AsyncGenerator<ProxyResponse, void> {
    for (;;) {
      const response = this.#queue.shift()
      if (response !== undefined) {
        this.#written += 1
        yield response
      } else if (this.#end === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve))
      } else {
        if (this.#end.error !== undefined) throw this.#end.error
        return
      }
    }
  }

  #finish(error: Error | undefined): void {
    if (this.#end !== undefined) return
    this.#end = { error }
    this.#awake()
    this.#changed()
  }

  #awake(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}
