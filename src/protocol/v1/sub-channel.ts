// One stream of v1: the handshake, the ids of requests, and who is told of which answer. It knows nothing of caches.
import { createClient } from 'nice-grpc'
import { ProtocolError } from '../../errors'
import type { ErrorMessage } from '../../../gen/coherence/common/v1/common_messages_v1'
import type {
  InitRequest,
  InitResponse,
  ProxyRequest,
  ProxyResponse,
} from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import { ProxyServiceDefinition } from '../../../gen/coherence/proxy/v1/proxy_service_v1'
import type { Any } from '../../../gen/google/protobuf/any'
import type { Channel } from '../../transport/channel'
import { Outbox } from './outbox'

/** Who waits for the answer of a request. Exactly one of `completed`, `failed` and `lost` ends it. */
export interface InFlight {
  /** A part of the answer. Nothing more is read from the stream until the promise it may return is resolved. */
  received(message: Any): Promise<void> | undefined
  completed(): void
  failed(error: ErrorMessage): void
  /** The stream ended first. `written`: whether the request had left for the server. */
  lost(reason: unknown, written: boolean): void
}

export interface SubChannelEvents {
  /** A message that answers no request. Nothing more is read until the promise it may return is resolved. */
  event(message: Any): Promise<void> | undefined
  /** The stream is over. Called once, before those in flight are told. */
  ended(reason: unknown): void
}

type State = 'opening' | 'open' | 'ended'

const HANDSHAKE_ID = 1

export class SubChannel {
  readonly #events: SubChannelEvents
  readonly #outbox = new Outbox()
  readonly #inFlight = new Map<number, InFlight>()
  readonly #abort = new AbortController()
  #state: State = 'opening'
  #lastId = HANDSHAKE_ID
  #lastReceived = Date.now()
  #endReason: unknown
  #handshake: { resolve: (response: InitResponse) => void; reject: (reason: unknown) => void } | undefined

  private constructor(events: SubChannelEvents) {
    this.#events = events
  }

  /**
   * Opens a stream and shakes hands. Rejects with the reason of the failure or of `signal`; nothing is left open then.
   * `events` are told of nothing before it resolves.
   */
  static async open(
    channel: Channel,
    init: InitRequest,
    events: SubChannelEvents,
    signal: AbortSignal,
  ): Promise<{ subChannel: SubChannel; init: InitResponse }> {
    const subChannel = new SubChannel(events)
    const cancel = (): void => subChannel.cancel(signal.reason)
    signal.throwIfAborted()
    signal.addEventListener('abort', cancel)
    try {
      return { subChannel, init: await subChannel.#shakeHands(channel, init) }
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }

  /** When something was received last, on the clock of `Date.now()`. */
  get lastReceived(): number {
    return this.#lastReceived
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** How many requests await an answer. */
  get inFlight(): number {
    return this.#inFlight.size
  }

  /** Sends a request; `build` gives it the id that its answers will carry. */
  send(build: (id: number) => ProxyRequest, inFlight: InFlight): void {
    if (this.#state === 'ended') {
      inFlight.lost(this.#endReason, false)
      return
    }
    const id = ++this.#lastId
    this.#inFlight.set(id, inFlight)
    this.#outbox.push(build(id))
  }

  /** Ends the stream; those in flight are lost for `reason`. */
  cancel(reason: unknown): void {
    this.#end(reason)
    this.#abort.abort()
  }

  #shakeHands(channel: Channel, init: InitRequest): Promise<InitResponse> {
    const answer = new Promise<InitResponse>((resolve, reject) => (this.#handshake = { resolve, reject }))
    this.#outbox.push({ id: BigInt(HANDSHAKE_ID), request: { $case: 'init', value: init }, context: {} })
    const client = createClient(ProxyServiceDefinition, channel)
    void this.#read(client.subChannel(this.#outbox, { signal: this.#abort.signal }))
    return answer
  }

  async #read(responses: AsyncIterable<ProxyResponse>): Promise<void> {
    try {
      for await (const response of responses) {
        this.#lastReceived = Date.now()
        const consumed = this.#dispatch(response)
        if (consumed !== undefined) await consumed
      }
      this.#end(new ProtocolError('The server ended the stream'))
    } catch (error) {
      this.#end(error)
    } finally {
      this.#abort.abort()
    }
  }

  #dispatch({ id, response }: ProxyResponse): Promise<void> | undefined {
    const number = Number(id)
    switch (response?.$case) {
      case 'message':
        if (number === 0) return this.#events.event(response.value)
        return this.#inFlight.get(number)?.received(response.value)
      case 'complete':
      case 'heartbeat':
        this.#take(number)?.completed()
        return undefined
      case 'error':
        this.#take(number)?.failed(response.value)
        return undefined
      case 'init':
        this.#opened(response.value)
        return undefined
      case undefined:
        // A kind of response that this contract does not have; whoever waits for it has a deadline.
        return undefined
    }
  }

  #take(id: number): InFlight | undefined {
    const inFlight = this.#inFlight.get(id)
    if (inFlight !== undefined) this.#inFlight.delete(id)
    return inFlight
  }

  #opened(init: InitResponse): void {
    if (this.#state !== 'opening') return
    this.#state = 'open'
    this.#handshake?.resolve(init)
    this.#handshake = undefined
  }

  #end(reason: unknown): void {
    if (this.#state === 'ended') return
    const wasOpen = this.#state === 'open'
    this.#state = 'ended'
    this.#endReason = reason
    const unwritten = this.#outbox.close()
    if (!wasOpen) {
      this.#handshake?.reject(reason)
      return
    }
    this.#events.ended(reason)
    for (const [id, inFlight] of this.#inFlight) inFlight.lost(reason, !unwritten.has(id))
    this.#inFlight.clear()
  }
}
