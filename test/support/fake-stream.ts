// One stream of the scripted server: what it sends, how it ends, and how much of it the client has taken.
import type { Status } from 'nice-grpc'
import { ResponseType } from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { Any } from '../../gen/google/protobuf/any'
import type { ProxyStream } from '../../src/testing/proxy/proxy-stream'
import type { Response } from '../../src/testing/proxy/responses'

/** What the server says of itself. */
export const FAKE_SERVER = { protocol: 'v1', proxyVersion: '25.03.2-fake', memberId: 7 } as const

const OK = 0

export class FakeStream {
  readonly #stream: ProxyStream
  readonly #acceptInit: (id: bigint) => void

  constructor(stream: ProxyStream, acceptInit: (id: bigint) => void) {
    this.#stream = stream
    this.#acceptInit = acceptInit
  }

  get isOpen(): boolean {
    return this.#stream.isOpen
  }

  /** How many responses were sent. */
  get written(): number {
    return this.#stream.responses.sent
  }

  /** The name of the cache with this id on this stream. */
  cacheName(id: number): string | undefined {
    return this.#stream.views.get(id)?.cache.name
  }

  /** The last id that this stream gave the cache. */
  cacheId(name: string): number | undefined {
    return [...this.#stream.views].findLast(([, { cache }]) => cache.name === name)?.[0]
  }

  /** From now on no id that this stream gave is known. */
  forgetIds(): void {
    this.#stream.views.clear()
  }

  acceptInit(id: number): void {
    this.#acceptInit(BigInt(id))
  }

  send(id: number, response: Response | undefined): void {
    if (response?.$case === 'init') this.#stream.scope ??= ''
    this.#stream.responses.send(BigInt(id), response)
  }

  /** A message of these bytes, which need not be a response. */
  sendBytes(message: Uint8Array): void {
    this.#stream.responses.sendBytes(message)
  }

  /** A response of the cache service. */
  message(id: number, cacheId: number, payload: Any | undefined, type = ResponseType.Message): void {
    this.#stream.responses.message(BigInt(id), cacheId, payload, type)
  }

  /** An event of a cache. */
  event(cacheId: number, type: ResponseType): void {
    this.message(0, cacheId, undefined, type)
  }

  complete(id: number): void {
    this.#stream.responses.complete(BigInt(id))
  }

  /** `exception` is what the server prints of a Java exception, in its format. */
  error(id: number, message: string, exception?: Buffer): void {
    this.#stream.responses.error(BigInt(id), message, exception)
  }

  /** Ends the stream as if all was well. */
  end(): void {
    this.#stream.end(OK)
  }

  /** Ends the stream with a status. */
  fail(code: Status, details: string): void {
    this.#stream.end(code, details)
  }
}
