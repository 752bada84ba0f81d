// What the server sends on one stream.
import { ResponseType } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { ProxyResponse } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { Any } from '../../../gen/google/protobuf/any'
import type { ServerCall } from './grpc-listener'
import { cacheResponse } from './payloads'

export type Response = NonNullable<ProxyResponse['response']>

const EVENT_ID = 0n

export class Responses {
  readonly #call: ServerCall
  #sent = 0

  constructor(call: ServerCall) {
    this.#call = call
  }

  get isOpen(): boolean {
    return this.#call.isOpen
  }

  /** How many responses were sent. */
  get sent(): number {
    return this.#sent
  }

  /** Whether the client leaves much unread; `drained()` then waits for it. */
  get isFull(): boolean {
    return this.#call.isFull
  }

  drained(): Promise<void> {
    return this.#call.drained()
  }

  send(id: bigint, response: Response | undefined): void {
    this.sendBytes(ProxyResponse.encode({ id, response, context: {} }).finish())
  }

  /** Sends a message that need not be a response. */
  sendBytes(message: Uint8Array): void {
    if (!this.isOpen) return
    this.#sent += 1
    this.#call.send(message)
  }

  /** A response of the cache service. */
  message(id: bigint, cacheId: number, message: Any | undefined, type = ResponseType.Message): void {
    this.send(id, { $case: 'message', value: cacheResponse(cacheId, type, message) })
  }

  event(cacheId: number, type: ResponseType, message?: Any): void {
    this.message(EVENT_ID, cacheId, message, type)
  }

  complete(id: bigint): void {
    this.send(id, { $case: 'complete', value: {} })
  }

  /** `exception` is what the server prints of a Java exception, in its format. */
  error(id: bigint, message: string, exception?: Buffer): void {
    this.send(id, { $case: 'error', value: { message, error: exception } })
  }
}
