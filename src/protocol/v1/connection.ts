// A connection over v1: one channel, and on it the main stream of its service. When the stream or the channel is lost, a new one
// takes its place, and the service makes all that is in use known on it.
import { alarm } from '../../async/alarm'
import { clearTimeout, now, setImmediate } from '../../async/real-time'
import type { Call } from '../../calls/call'
import type { CoherenceError, SessionClosedError } from '../../errors'
import { anyStart, type Channel, onRetired, openChannel, proxyTo } from '../../transport/channel'
import { connectFailure } from '../connection-errors'
import type { CacheEvents } from '../events'
import type { CacheConnection, ConnectionEvents, ConnectionSettings, RemoteCache, ServerInfo } from '../port'
import { type Connecting, Reconnecting } from '../reconnecting'
import { SilenceWatch } from '../silence'
import { StreamLost } from '../stream-lost'
import { CacheService, type MainStream } from './cache/cache-service'
import type { ServiceConnection } from './service'
import { heartbeatOnce } from './stream/request-once'
import { StreamOpener } from './stream/stream-opener'
import { unattended } from './stream/sub-channel'

/** How long a connection that the server asked to leave may go on. */
const LONGEST_LEAVE_SECONDS = 60

interface Connected {
  readonly channel: Channel
  readonly caches: MainStream
  readonly server: ServerInfo
  /** Whether the next connection needs a channel of its own: this one is silent, or the server asked to leave it. */
  isRetired: boolean
}

export class V1Connection implements CacheConnection, ServiceConnection, Connecting<Connected> {
  readonly settings: ConnectionSettings
  readonly streams: StreamOpener
  readonly #events: ConnectionEvents
  readonly #reconnecting: Reconnecting<Connected>
  readonly #caches: CacheService
  /** Each channel begins with the next server: the one before was lost, or refused the session. */
  #nextStart = anyStart()
  /** Connections that were left and may have streams still, with the timers that end them. */
  readonly #left = new Map<Connected, NodeJS.Timeout | undefined>()
  /** Channels that are ready, and report when they are no more. */
  readonly #watched = new WeakSet<Channel>()
  #silence: SilenceWatch | undefined

  private constructor(settings: ConnectionSettings, events: ConnectionEvents) {
    this.settings = settings
    this.streams = new StreamOpener(settings)
    this.#events = events
    this.#reconnecting = new Reconnecting(settings, events, this)
    this.#caches = new CacheService(this)
  }

  /** Connects for the first time; see `Reconnecting.start`. */
  static async open(
    settings: ConnectionSettings,
    events: ConnectionEvents,
    call: Call,
  ): Promise<V1Connection> {
    const connection = new V1Connection(settings, events)
    await connection.#reconnecting.start(call)
    return connection
  }

  get server(): ServerInfo | undefined {
    return this.#reconnecting.connection?.server
  }

  get refusal(): CoherenceError | undefined {
    return this.#reconnecting.refusal
  }

  get lastFailure(): unknown {
    return this.#reconnecting.lastFailure
  }

  openCache(name: string, events: CacheEvents, call: Call): Promise<RemoteCache> {
    return this.#caches.open(name, events, call)
  }

  async channel(call: Call): Promise<Channel> {
    return (await this.#reconnecting.whenConnected(call)).channel
  }

  async ping(call: Call): Promise<number> {
    const { caches } = await this.#reconnecting.whenConnected(call)
    const start = now()
    try {
      await heartbeatOnce(caches.subChannel, call)
    } catch (error) {
      throw error instanceof StreamLost ? this.#caches.lostError(call, error) : error
    }
    const seconds = (now() - start) / 1_000
    this.settings.traffic.roundTripSeconds = seconds
    return seconds
  }

  unreadable(error: unknown): void {
    this.#events.unreadable(error)
  }

  disconnected(): Promise<void> {
    return this.#reconnecting.disconnected()
  }

  close(reason: string, cause?: unknown): Promise<void> {
    this.#reconnecting.close(reason, cause)
    return Promise.resolve()
  }

  // How one connection is made, used and ended.

  /** On the channel of the connection before it, or on a new one. A channel on which it failed is closed. */
  async connect(
    previous: Connected | undefined,
    call: Call,
    ready: (connection: Connected) => void,
  ): Promise<void> {
    const { endpoint } = this.settings
    const opened: { channel?: Channel; connection?: Connected } = {}
    try {
      await this.streams.attempt(call, async (signal) => {
        const channel =
          previous?.isRetired === false
            ? previous.channel
            : await openChannel(endpoint, this.#nextStart++, signal)
        opened.channel = channel
        const ended = (reason: unknown): void => {
          if (opened.connection !== undefined) this.#reconnecting.reportLoss(opened.connection, reason)
        }
        const { stream, init } = await this.#caches.restore(
          (event) => this.streams.shakeHands(channel, this.#caches.wire, { event, ended }, signal),
          call,
          signal,
        )
        // No other code runs between this check and `ready`.
        if (!stream.subChannel.isOpen) throw new Error('the stream ended at once')
        const server = { protocol: 'v1', proxyVersion: init.version, memberId: init.proxyMemberId } as const
        opened.connection = { channel, caches: stream, server, isRetired: false }
        try {
          ready(opened.connection)
        } catch (error) {
          // The session was closed meanwhile. Closing a channel of grpc-js leaves its open streams alone.
          stream.subChannel.cancel(error)
          throw error
        }
      })
    } catch (error) {
      opened.channel?.close()
      this.#caches.lost(error)
      const { address, headers } = this.settings
      const { hasCredentials } = headers
      throw connectFailure(address, error, { proxy: await proxyTo(endpoint), hasCredentials })
    }
  }

  connected(connection: Connected): void {
    this.#caches.connected(connection.caches)
    const { heartbeatSeconds } = this.settings
    if (heartbeatSeconds > 0) this.#silence = this.#watch(connection, heartbeatSeconds)
    this.#watchForRetirement(connection.channel)
  }

  lost(_connection: Connected, reason: unknown): void {
    this.#silence?.stop()
    this.#caches.lost(reason)
  }

  refused(refusal: CoherenceError): void {
    this.#caches.refused(refusal)
  }

  closed(connection: Connected | undefined, error: SessionClosedError): void {
    this.#silence?.stop()
    this.streams.close(error)
    if (connection !== undefined) {
      connection.caches.subChannel.cancel(error)
      connection.channel.close()
    }
    for (const [{ caches, channel }, timer] of this.#left) {
      clearTimeout(timer)
      caches.subChannel.cancel(error)
      channel.close()
    }
    this.#left.clear()
    this.#caches.closed(error)
  }

  /**
   * The server asked to leave a connection that works still, as one does that will be stopped. Requests in flight are
   * answered on it, and streamed reads go on; all else takes the next connection.
   */
  #leave(connection: Connected): void {
    const { channel, caches } = connection
    if (this.#reconnecting.connection !== connection || !caches.subChannel.isOpen) return
    connection.isRetired = true
    const reason = new Error('the server asked to leave it')
    const timer = alarm(now() + LONGEST_LEAVE_SECONDS * 1_000, () => {
      this.#left.delete(connection)
      this.streams.lost(channel, reason)
      channel.close()
    })
    timer?.unref()
    this.#left.set(connection, timer)
    // Before the loss is reported: what uses the stream still has to see that it takes no more requests.
    caches.subChannel.drain(reason, LONGEST_LEAVE_SECONDS * 1_000)
    this.#reconnecting.reportLoss(connection, reason)
    this.streams.left(channel, reason)
  }

  /** A channel of grpc-js or our own reports once that it is not ready any more, and may be ready again later. */
  #watchForRetirement(channel: Channel): void {
    if (this.#watched.has(channel)) return
    this.#watched.add(channel)
    onRetired(channel, () => {
      this.#watched.delete(channel)
      const { connection } = this.#reconnecting
      if (connection?.channel !== channel) return
      // The end of a connection reaches the streams a moment later than the channel.
      setImmediate(() => this.#leave(connection))
    })
  }

  /** Replaces the connection when it goes silent. */
  #watch(connection: Connected, seconds: number): SilenceWatch {
    const { subChannel } = connection.caches
    return new SilenceWatch(
      {
        get receivedAt() {
          return subChannel.receivedAt
        },
        probe: () => {
          const start = now()
          const completed = (): void => {
            this.settings.traffic.roundTripSeconds = (now() - start) / 1_000
          }
          subChannel.heartbeat({ ...unattended(), completed })
        },
        silent: (reason) => {
          connection.isRetired = true
          subChannel.cancel(reason)
          this.streams.lost(connection.channel, reason)
          connection.channel.close()
        },
      },
      seconds,
    )
  }
}
