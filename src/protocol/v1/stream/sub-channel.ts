// One stream of v1, for one service: the handshake, the ids of requests, and who receives which answer. It knows no service by name.
import type { Metadata } from 'nice-grpc-common'
import { asBuffer, type Bytes } from '../../../bytes'
import { alarm } from '../../../async/alarm'
import { clearTimeout, now } from '../../../async/real-time'
import { ProtocolError } from '../../../errors'
import { ErrorMessage } from '../../../../gen/coherence/common/v1/common_messages_v1'
import {
  type InitRequest,
  InitResponse,
  type ProxyRequest,
} from '../../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { Channel } from '../../../transport/channel'
import { ChurnMap } from '../../../async/churn-map'
import { type ByteStub, byteStub } from './byte-stub'
import { RequestQueue } from './request-queue'
import type { Payload } from '../wire/payloads'
import type { ReadCoalescing, StreamCoalescing } from './read-coalescing'
import { isStreamClosed, serverError } from './server-errors'
import { type AnyView, FieldReader, FRAME_HEADER_BYTES, readAny, type TypeName } from '../wire/wire'

/** What tells the streams of services apart. */
export interface ServiceWire {
  /** Its name in the handshake. */
  readonly protocol: string
  readonly protocolVersion: number
  /** The type of its requests, which all have the same first three fields. */
  readonly request: TypeName
  /** The type of its answers and events. */
  readonly response: TypeName
}

/** Waits for the answer of a request. Exactly one of `completed`, `failed` and `lost` ends it. */
export interface InFlight {
  /** When it was sent, on the clock of `now()`. */
  readonly sentAt: number
  /** Whether somebody waits for each part of the answer, rather than for its completion. */
  readonly givesParts: boolean
  /** A part of the answer. Nothing more is read from the stream until the promise it may return is resolved. */
  received(message: AnyView): Promise<void> | undefined
  completed(): void
  failed(error: ErrorMessage): void
  /** The stream ended first. `written`: whether the request had left for the server. */
  lost(reason: unknown, written: boolean): void
}

export interface SubChannelEvents {
  /** A message that answers no request. Nothing more is read until the promise it may return is resolved. */
  event(message: AnyView): Promise<void> | undefined
  /** The stream is over. Called once, before the requests in flight are lost. */
  ended(reason: unknown): void
}

type State = 'opening' | 'open' | 'ended'

/** If events come, the server is asked so often whether more of them are on their way, unless other requests say so. */
const PROBE_EVERY_MS = 1_000

const HANDSHAKE_ID = 1
const HANDSHAKE = { operation: 'create', mapName: undefined }

// Fields of ProxyResponse.
const ID = 1
const INIT = 4
const MESSAGE = 5
const ERROR = 6
const COMPLETE = 7
const HEARTBEAT = 8

/** What a stream is opened with. */
export interface StreamSettings {
  readonly channel: Channel
  readonly init: InitRequest
  readonly metadata: Metadata | undefined
  readonly wire: ServiceWire
  /** Shared by all streams of a connection. */
  readonly pace: ReadCoalescing
}

export class SubChannel {
  readonly #events: SubChannelEvents
  readonly #wire: ServiceWire
  readonly #pace: StreamCoalescing
  readonly #stub: ByteStub
  readonly #requests: RequestQueue
  readonly #inFlight = new ChurnMap<number, InFlight>()
  readonly #abort = new AbortController()
  readonly #fields = new FieldReader()
  #state: State = 'opening'
  #lastId = HANDSHAKE_ID
  /** When something was received last, on the clock of `now()`. */
  #readAt = now()
  /** When the latest of the requests that are answered was sent, on the clock of `now()`. */
  #heardUntil = now()
  #isProbing = false
  #endReason: unknown
  #drain: { readonly reason: unknown; readonly timer: NodeJS.Timeout | undefined } | undefined
  #handshake: { resolve: (response: InitResponse) => void; reject: (reason: unknown) => void } | undefined

  private constructor(channel: Channel, wire: ServiceWire, events: SubChannelEvents, pace: ReadCoalescing) {
    this.#wire = wire
    this.#events = events
    this.#pace = pace.stream()
    this.#stub = byteStub(channel)
    this.#requests = new RequestQueue(this.#stub.frames !== undefined)
  }

  /**
   * Opens a stream and shakes hands. Rejects with the reason of the failure or of `signal`; nothing is left open then.
   * `events` are not called before it resolves.
   */
  static async open(
    { channel, init, metadata, wire, pace }: StreamSettings,
    events: SubChannelEvents,
    signal: AbortSignal,
  ): Promise<{ subChannel: SubChannel; init: InitResponse }> {
    const subChannel = new SubChannel(channel, wire, events, pace)
    const cancel = (): void => subChannel.cancel(signal.reason)
    signal.throwIfAborted()
    signal.addEventListener('abort', cancel)
    try {
      return { subChannel, init: await subChannel.#shakeHands(init, metadata) }
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  }

  /**
   * All that the server had sent at this moment, on the clock of `now()`, has been received: a request that was sent then
   * is answered. That something is received does not say so, as more of it may be held up.
   */
  get heardUntil(): number {
    return this.#heardUntil
  }

  /** When something was received last, on the clock of `now()`. */
  get receivedAt(): number {
    return this.#readAt
  }

  /** Whether requests can be sent on it. */
  get isOpen(): boolean {
    return this.#state === 'open' && this.#drain === undefined
  }

  /**
   * Sends a request of the service.
   *
   * @param handle What the server calls the cache, queue or topic on this stream; `undefined` for none.
   */
  request(type: number, handle: number | undefined, payload: Payload | undefined, inFlight: InFlight): void {
    const id = this.#register(inFlight)
    if (id !== undefined) this.#requests.pushRequest(id, this.#wire.request.field, type, handle, payload)
  }

  /** Sends a sign of life that the server answers. */
  heartbeat(inFlight: InFlight): void {
    const id = this.#register(inFlight)
    if (id !== undefined) this.#requests.push(heartbeat(id))
  }

  /** Ends the stream; those in flight are lost for `reason`. */
  cancel(reason: unknown): void {
    this.#end(reason)
    this.#abort.abort()
  }

  /**
   * Ends the stream for `reason` as soon as no request is in flight, and after `millis` in any case. It takes no more
   * requests, and events that still come are dropped.
   */
  drain(reason: unknown, millis: number): void {
    if (this.#inFlight.size === 0) {
      this.cancel(reason)
      return
    }
    this.#drain = { reason, timer: alarm(now() + millis, () => this.cancel(reason)) }
  }

  #shakeHands(init: InitRequest, metadata: Metadata | undefined): Promise<InitResponse> {
    const answer = new Promise<InitResponse>((resolve, reject) => (this.#handshake = { resolve, reject }))
    this.#requests.push({ id: BigInt(HANDSHAKE_ID), request: { $case: 'init', value: init }, context: {} })
    void this.#read(this.#stub.open(this.#requests, metadata, this.#abort.signal))
    return answer
  }

  /** The id of a request; `undefined` if it is lost already. */
  #register(inFlight: InFlight): number | undefined {
    if (this.#state === 'ended' || this.#drain !== undefined) {
      inFlight.lost(this.#drain?.reason ?? this.#endReason, false)
      return undefined
    }
    const id = ++this.#lastId
    this.#inFlight.set(id, inFlight)
    if (this.#inFlight.size === 1) {
      this.#pace.began(inFlight.sentAt)
      // The first request does not wait for streams that take their time.
      this.#stub.frames?.wake()
    }
    return id
  }

  async #read(batches: AsyncIterable<Bytes>): Promise<void> {
    const header = this.#stub.frames === undefined ? 0 : FRAME_HEADER_BYTES
    try {
      for await (const elements of batches) {
        const batch = asBuffer(elements)
        this.#readAt = now()
        for (let end = 0; end < batch.length || header === 0;) {
          const begin = end + header
          end = header === 0 ? batch.length : begin + batch.readUInt32BE(begin - 4)
          const consumed = this.#dispatch(batch, begin, end)
          if (consumed !== undefined) await consumed
          if (header === 0) break
        }
        this.#restAfter(batch.length)
      }
      this.#end(new ProtocolError('The server ended the stream'))
    } catch (error) {
      this.#end(error)
    } finally {
      this.#abort.abort()
    }
  }

  /** What comes next may be worth a moment's patience. */
  #restAfter(bytes: number): void {
    const { frames } = this.#stub
    if (frames === undefined || this.#inFlight.size === 0) return
    const millis = this.#pace.restAfter(bytes, this.#readAt)
    if (millis > 0) frames.rest(millis)
  }

  /** Reads one response and passes it on. */
  #dispatch(bytes: Buffer, begin: number, end: number): Promise<void> | undefined {
    if (this.#state === 'ended') return undefined
    let id = 0
    let field = 0
    let contentBegin = end
    let contentEnd = end
    const fields = this.#fields.open(bytes, begin, end)
    while (fields.next()) {
      if (fields.field === ID) {
        id = fields.number
      } else if (fields.field >= INIT && fields.field <= HEARTBEAT) {
        field = fields.field
        contentBegin = fields.begin
        contentEnd = fields.end
      }
    }
    switch (field) {
      case MESSAGE: {
        const receiver = id === 0 ? undefined : this.#inFlight.get(id)
        if (id !== 0 && receiver === undefined) return undefined
        const message = readAny(bytes, contentBegin, contentEnd, this.#wire.response)
        if (receiver === undefined) return this.#event(message)
        this.#pace.heard(receiver.givesParts ? this.#readAt - receiver.sentAt : Infinity)
        return receiver.received(message)
      }
      case COMPLETE:
      case HEARTBEAT:
        this.#take(id)?.completed()
        return undefined
      case ERROR: {
        const error = ErrorMessage.decode(bytes.subarray(contentBegin, contentEnd))
        if (this.#state === 'opening' && id === HANDSHAKE_ID) this.#end(serverError(HANDSHAKE, error))
        else this.#failed(id, error)
        return undefined
      }
      case INIT:
        this.#opened(InitResponse.decode(bytes.subarray(contentBegin, contentEnd)))
        return undefined
    }
    // A kind of response that this contract does not have; whoever waits for it has a deadline.
    return undefined
  }

  #event(message: AnyView): Promise<void> | undefined {
    if (this.#drain !== undefined) return undefined
    this.#probe()
    return this.#events.event(message)
  }

  /** Finds out until when all events have been received, if nothing else did of late. */
  #probe(): void {
    if (this.#isProbing || this.#readAt - this.#heardUntil < PROBE_EVERY_MS) return
    this.#isProbing = true
    const ended = (): void => void (this.#isProbing = false)
    this.heartbeat({ ...unattended(), completed: ended, failed: ended })
  }

  #failed(id: number, error: ErrorMessage): void {
    // Its end may take a while to come; until then every request would get the same answer.
    if (isStreamClosed(error)) this.cancel(new Error(error.message))
    else this.#take(id)?.failed(error)
  }

  #take(id: number): InFlight | undefined {
    const inFlight = this.#inFlight.get(id)
    if (inFlight === undefined) return undefined
    this.#pace.heard(this.#readAt - inFlight.sentAt)
    this.#heardUntil = Math.max(this.#heardUntil, inFlight.sentAt)
    this.#inFlight.delete(id)
    if (this.#inFlight.size === 0) {
      this.#pace.ended()
      if (this.#drain !== undefined) this.cancel(this.#drain.reason)
    }
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
    clearTimeout(this.#drain?.timer)
    const firstUnwritten = this.#requests.close()
    if (!wasOpen) {
      this.#handshake?.reject(reason)
      return
    }
    this.#events.ended(reason)
    const lost = [...this.#inFlight.entries()]
    for (const [id, inFlight] of lost) inFlight.lost(reason, id < firstUnwritten)
    this.#inFlight.clear()
    this.#pace.ended()
  }
}

function heartbeat(id: number): ProxyRequest {
  const value = { uuid: undefined, ack: true }
  return { id: BigInt(id), request: { $case: 'heartbeat', value }, context: {} }
}

/** A request whose answer nobody waits for. */
export function unattended(): InFlight {
  const ignored = (): undefined => undefined
  return {
    sentAt: now(),
    givesParts: false,
    received: ignored,
    completed: ignored,
    failed: ignored,
    lost: ignored,
  }
}
