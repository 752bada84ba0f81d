// The streams that a connection opens: how each begins, how long it may take to shake hands, and that all of them end
// with the connection.
import { alarm } from '../../async/alarm'
import { clearTimeout } from '../../async/real-time'
import { SessionClosedError } from '../../errors'
import type { InitRequest, InitResponse } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { Any } from '../../../gen/google/protobuf/any'
import type { Channel } from '../../transport/channel'
import { onAbort } from '../abort'
import { type Call, timeoutError } from '../call'
import { closedError, HandshakeTimeout } from '../connection-errors'
import type { ConnectionSettings } from '../port'
import { StreamLost } from './exchange'
import { type QueryLane, QueryLanes } from './query-lanes'
import { ReadPace } from './read-pace'
import type { StreamedRequest } from './streamed-request'
import { SubChannel, type SubChannelEvents } from './sub-channel'
import { asBuffer } from './wire'

const PROTOCOL = 'CacheService'
const PROTOCOL_VERSION = 1

export class Streams {
  readonly #settings: ConnectionSettings
  readonly #pace = new ReadPace()
  readonly #lanes = new QueryLanes(this.#pace)
  /** Streams with a consumer of their own. */
  readonly #open = new Set<SubChannel>()
  /** Attempts to open a stream, which a close ends. */
  readonly #attempts = new Set<AbortController>()
  #closed: SessionClosedError | undefined

  constructor(settings: ConnectionSettings) {
    this.#settings = settings
  }

  /** Runs `open` with a signal that the deadline of `call`, its own signal, or a close aborts. */
  async attempt<T>(call: Call, open: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const attempt = new AbortController()
    const { timeoutSeconds } = call
    const timer = alarm(call.deadline, () => attempt.abort(new HandshakeTimeout(timeoutSeconds)))
    const aborted = (): void => attempt.abort(call.signal?.reason)
    const takeBack = onAbort(call.signal, aborted)
    this.#attempts.add(attempt)
    try {
      if (this.#closed !== undefined) throw this.#closed
      call.signal?.throwIfAborted()
      return await open(attempt.signal)
    } finally {
      this.#attempts.delete(attempt)
      takeBack()
      clearTimeout(timer)
    }
  }

  /** Opens a stream, without a bound on the time but `signal`. */
  shakeHands(
    channel: Channel,
    events: SubChannelEvents,
    signal: AbortSignal,
  ): Promise<{ subChannel: SubChannel; init: InitResponse }> {
    return SubChannel.open(channel, this.#init(), events, this.#pace, signal)
  }

  /** A stream that a close ends. Rejects with `StreamLost` where to try again makes sense. */
  async open(channel: Channel, events: SubChannelEvents, call: Call): Promise<SubChannel> {
    const opened: { subChannel?: SubChannel } = {}
    const told = {
      event: (message: Any) => events.event(message),
      ended: (reason: unknown) => {
        if (opened.subChannel !== undefined) this.#open.delete(opened.subChannel)
        events.ended(reason)
      },
    }
    const { subChannel } = await this.attempt(call, (signal) => this.shakeHands(channel, told, signal)).catch(
      (error: unknown) => {
        throw this.#notOpened(call, error)
      },
    )
    opened.subChannel = subChannel
    if (subChannel.isOpen) this.#open.add(subChannel)
    return subChannel
  }

  /** A stream for one streamed read. Rejects with `StreamLost` where to try again makes sense. */
  acquireLane(channel: Channel, call: Call): Promise<QueryLane> {
    return this.attempt(call, (signal) => this.#lanes.acquire(channel, this.#init(), signal)).catch(
      (error: unknown) => {
        throw this.#notOpened(call, error)
      },
    )
  }

  releaseLane(lane: QueryLane, request: StreamedRequest | undefined): void {
    this.#lanes.release(lane, request)
  }

  closeIdleLanes(reason: unknown): void {
    this.#lanes.closeIdle(reason)
  }

  /** Ends all of them but the main one, and every attempt. */
  close(error: SessionClosedError): void {
    this.#closed = error
    for (const attempt of this.#attempts) attempt.abort(error)
    this.#lanes.close(error)
    for (const stream of [...this.#open]) stream.cancel(error)
  }

  /** Why a stream was not opened, in a form that tells whether to try again. */
  #notOpened(call: Call, error: unknown): unknown {
    if (error instanceof SessionClosedError) return closedError(call, error, false)
    if (error instanceof HandshakeTimeout) return timeoutError(call, 'not-sent', error)
    return call.signal?.aborted === true ? call.signal.reason : new StreamLost(error, false)
  }

  #init(): InitRequest {
    const { scope, format, clientId } = this.#settings
    return {
      scope,
      format,
      protocol: PROTOCOL,
      protocolVersion: PROTOCOL_VERSION,
      supportedProtocolVersion: PROTOCOL_VERSION,
      heartbeat: undefined,
      clientUuid: asBuffer(clientId),
      identity: undefined,
    }
  }
}
