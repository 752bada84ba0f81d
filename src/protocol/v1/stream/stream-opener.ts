// Opens the streams of a connection: how each begins, how long it may take to shake hands, and that all of them end when the
// connection is closed.
import { onAbort } from '../../../async/abort'
import { alarm } from '../../../async/alarm'
import { clearTimeout } from '../../../async/real-time'
import { asBuffer } from '../../../bytes'
import { type Call, timeoutError } from '../../../calls/call'
import { SessionClosedError } from '../../../errors'
import type {
  ClientMemberIdentity,
  InitResponse,
} from '../../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { Channel } from '../../../transport/channel'
import { closedError, HandshakeTimeout, isUnauthenticated } from '../../connection-errors'
import type { ConnectionSettings } from '../../port'
import { StreamLost } from '../../stream-lost'
import type { AnyView } from '../wire/wire'
import { ReadCoalescing } from './read-coalescing'
import { type ServiceWire, SubChannel, type SubChannelEvents } from './sub-channel'

const UNNAMED: ClientMemberIdentity = {
  clusterName: undefined,
  machineId: 0,
  machineName: undefined,
  memberName: undefined,
  priority: 0,
  processName: undefined,
  rackName: undefined,
  siteName: undefined,
  roleName: undefined,
}

export class StreamOpener {
  readonly #settings: ConnectionSettings
  readonly #pace = new ReadCoalescing()
  /** Streams that end with the connection, and their channels. */
  readonly #open = new Map<SubChannel, Channel>()
  /** Those of them that never end by themselves. */
  readonly #endless = new WeakSet<SubChannel>()
  /** Why the server asked to leave the connections of these channels. */
  readonly #left = new WeakMap<Channel, unknown>()
  /** Attempts to open a stream, which a close ends. */
  readonly #attempts = new Set<AbortController>()
  #closed: SessionClosedError | undefined

  constructor(settings: ConnectionSettings) {
    this.#settings = settings
  }

  /** Runs `open` with a signal that aborts with the deadline of `call`, with its own signal, or with a close. */
  async attempt<T>(call: Call, open: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const attempt = new AbortController()
    const { timeoutSeconds } = call
    const timer = alarm(call.deadline, () => attempt.abort(new HandshakeTimeout(timeoutSeconds)))
    const stopWatching = onAbort(call.signal, () => attempt.abort(call.signal?.reason))
    this.#attempts.add(attempt)
    try {
      if (this.#closed !== undefined) throw this.#closed
      call.signal?.throwIfAborted()
      return await open(attempt.signal)
    } finally {
      this.#attempts.delete(attempt)
      stopWatching()
      clearTimeout(timer)
    }
  }

  /**
   * Opens a stream within the time of `signal`, with the credentials of the stream before it or with new ones. If the
   * server refuses them, it is tried once more with new ones.
   */
  async shakeHands(
    channel: Channel,
    wire: ServiceWire,
    events: SubChannelEvents,
    signal: AbortSignal,
    authorization: 'last' | 'new' = 'new',
  ): Promise<{ subChannel: SubChannel; init: InitResponse }> {
    const { scope, format, clientId, identity, headers } = this.#settings
    const init = {
      scope,
      format,
      protocol: wire.protocol,
      protocolVersion: wire.protocolVersion,
      supportedProtocolVersion: wire.protocolVersion,
      heartbeat: undefined,
      clientUuid: asBuffer(clientId),
      identity: { ...UNNAMED, ...identity },
    }
    const open = async (value: 'last' | 'new'): Promise<{ subChannel: SubChannel; init: InitResponse }> => {
      const metadata = await headers.metadata(value, signal)
      return await SubChannel.open({ channel, init, metadata, wire, pace: this.#pace }, events, signal)
    }
    try {
      return await open(authorization)
    } catch (error) {
      if (!headers.isRenewable || !isUnauthenticated(error)) throw error
      return await open('new')
    }
  }

  /**
   * A stream that a close ends. Rejects with `StreamLost` if to try again makes sense.
   *
   * @param isEndless Whether it never ends by itself. Then it ends when the server asks to leave the connection.
   */
  async open(
    channel: Channel,
    wire: ServiceWire,
    events: SubChannelEvents,
    call: Call,
    isEndless = false,
  ): Promise<SubChannel> {
    let opened: SubChannel | undefined
    const watched = {
      event: (message: AnyView) => events.event(message),
      ended: (reason: unknown) => {
        if (opened !== undefined) this.#open.delete(opened)
        events.ended(reason)
      },
    }
    try {
      const { subChannel } = await this.attempt(call, (signal) =>
        this.shakeHands(channel, wire, watched, signal, 'last'),
      )
      opened = subChannel
    } catch (error) {
      throw this.#notOpened(call, error)
    }
    if (isEndless && this.#left.has(channel)) {
      // Nobody would notice if the connection went silent.
      const reason = this.#left.get(channel)
      opened.cancel(reason)
      throw new StreamLost(reason, false)
    }
    if (opened.isOpen) this.#open.set(opened, channel)
    if (isEndless) this.#endless.add(opened)
    return opened
  }

  /** Ends all streams that `open` opened on this channel: its connection is lost. */
  lost(channel: Channel, reason: unknown): void {
    for (const [stream, its] of [...this.#open]) if (its === channel) stream.cancel(reason)
  }

  /** Ends the streams on this channel that never end by themselves: the server asked to leave its connection. */
  left(channel: Channel, reason: unknown): void {
    this.#left.set(channel, reason)
    for (const [stream, its] of [...this.#open])
      if (its === channel && this.#endless.has(stream)) stream.cancel(reason)
  }

  /** Ends all streams that `open` opened, and every attempt. */
  close(error: SessionClosedError): void {
    this.#closed = error
    for (const attempt of this.#attempts) attempt.abort(error)
    for (const stream of [...this.#open.keys()]) stream.cancel(error)
  }

  /** Why a stream was not opened, in a form that says whether to try again. */
  #notOpened(call: Call, error: unknown): unknown {
    if (error instanceof SessionClosedError) return closedError(call, error, false)
    if (error instanceof HandshakeTimeout) return timeoutError(call, 'not-sent', error)
    return call.signal?.aborted === true ? call.signal.reason : new StreamLost(error, false)
  }
}
