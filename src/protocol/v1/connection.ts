// The connection of a session to its endpoint over v1: one channel and, on it, one main stream for all calls. When
// the stream or the channel is lost it makes new ones, ensures all caches again, and then sends what waited.
import { alarm } from '../../async/alarm'
import { clearTimeout, now, wallClock } from '../../async/real-time'
import { ConnectionError, ProtocolError, ServerError, SessionClosedError } from '../../errors'
import type { InitResponse } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { MapListenerRequest } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { type Channel, openChannel, proxyTo } from '../../transport/channel'
import { onAbort, pause } from '../abort'
import { backoffMillis } from '../backoff'
import type { CacheEvents } from '../cache-events'
import { type Call, within } from '../call'
import { closedError, connectFailure, connectionLoss, lostError } from '../connection-errors'
import type { EventSink, ListenTarget } from '../map-events'
import { Deadlines } from '../deadlines'
import type { CacheConnection, ConnectionEvents, ConnectionSettings, RemoteCache, ServerInfo } from '../port'
import { CacheLink } from './cache-link'
import { dispatchEvent } from './dispatch-event'
import { ensureCache } from './ensure-cache'
import { EventLane } from './event-lane'
import { heartbeat } from './envelope'
import { exchange, StreamLost } from './exchange'
import type { SendListenerRequest } from './listener-groups'
import { endListeners, registerListener } from './listener-messages'
import type { PendingRequest, RequestLane } from './pending-request'
import type { QueryLane } from './query-lanes'
import { V1RemoteCache } from './remote-cache'
import type { StreamedRequest } from './streamed-request'
import { Streams } from './streams'
import type { SubChannel, SubChannelEvents } from './sub-channel'

interface Connected {
  readonly name: 'connected'
  readonly channel: Channel
  readonly main: SubChannel
  readonly server: ServerInfo
  readonly links: Map<number, CacheLink>
}

type State =
  | { readonly name: 'connecting' }
  | Connected
  | { readonly name: 'closed'; readonly error: SessionClosedError }

/** Longer than any server takes to shake hands; a new attempt is better than to wait on. */
const LONGEST_ATTEMPT_SECONDS = 10
const RECONNECT = { operation: 'reconnect', mapName: undefined, signal: undefined }

const FORGOTTEN = new StreamLost(new Error('the server forgot the cache'), true)

export class V1Connection implements CacheConnection, RequestLane {
  readonly deadlines = new Deadlines()
  readonly #settings: ConnectionSettings
  readonly #events: ConnectionEvents
  readonly #links = new Set<CacheLink>()
  /** What is sent as soon as there is a connection, in order. */
  readonly #waiting = new Set<PendingRequest<unknown>>()
  readonly #readyWaiters = new Set<() => void>()
  readonly #lossWaiters = new Set<() => void>()
  readonly #streams: Streams
  readonly #closing = new AbortController()
  #state: State = { name: 'connecting' }
  #lastFailure: unknown
  #giveUp: NodeJS.Timeout | undefined

  private constructor(settings: ConnectionSettings, events: ConnectionEvents) {
    this.#settings = settings
    this.#events = events
    this.#streams = new Streams(settings)
  }

  /**
   * Connects for the first time, each attempt within the time of `call`. The first failure is final, unless
   * `readyTimeoutSeconds` is given: it goes on trying for that long then.
   */
  static async open(
    settings: ConnectionSettings,
    events: ConnectionEvents,
    call: Call,
  ): Promise<V1Connection> {
    const connection = new V1Connection(settings, events)
    const patience = settings.readyTimeoutSeconds ?? 0
    const giveUpAt = now() + patience * 1_000
    for (let attempt = 0; ; attempt++) {
      try {
        const left = patience === 0 ? Infinity : Math.ceil(giveUpAt - now()) / 1_000
        const timeoutSeconds = Math.min(left, call.timeoutSeconds)
        await connection.#connect(undefined, {
          ...call,
          timeoutSeconds,
          deadline: now() + timeoutSeconds * 1_000,
        })
        return connection
      } catch (error) {
        const wait = backoffMillis(attempt + 1)
        const again = error instanceof ConnectionError && now() + wait < giveUpAt
        if (again) await pause(wait, call.signal)
        if (!again || now() >= giveUpAt) {
          await connection.close('it could not connect')
          throw error
        }
      }
    }
  }

  get server(): ServerInfo | undefined {
    return this.#state.name === 'connected' ? this.#state.server : undefined
  }

  get address(): string {
    return this.#settings.endpoint.address
  }

  get lastFailure(): unknown {
    return this.#lastFailure
  }

  get readyTimeoutSeconds(): number | undefined {
    return this.#settings.readyTimeoutSeconds
  }

  async openCache(name: string, events: CacheEvents, call: Call): Promise<RemoteCache> {
    const link = new CacheLink(name, events)
    this.#links.add(link)
    try {
      await this.#ensure(link, call)
    } catch (error) {
      this.release(link)
      throw error
    }
    return new V1RemoteCache(this, link)
  }

  async ping(call: Call): Promise<number> {
    const { main } = await this.#connected(call)
    const start = now()
    try {
      await exchange(main, heartbeat, call)
    } catch (error) {
      throw error instanceof StreamLost ? this.lostError(call, error) : error
    }
    return (now() - start) / 1_000
  }

  disconnected(): Promise<void> {
    if (this.#state.name !== 'connected') return Promise.resolve()
    return new Promise((resolve) => this.#lossWaiters.add(resolve))
  }

  close(reason: string, cause?: unknown): Promise<void> {
    if (this.#state.name === 'closed') return Promise.resolve()
    const before = this.#state
    const error = new SessionClosedError(`the session was closed: ${reason}`, { outcome: 'not-sent', cause })
    this.#state = { name: 'closed', error }
    this.#closing.abort(error)
    clearTimeout(this.#giveUp)
    this.#streams.close(error)
    if (before.name === 'connected') {
      before.main.cancel(error)
      before.channel.close()
    }
    for (const link of [...this.#links]) {
      this.#unlink(link)
      link.listeners.end(error)
    }
    for (const request of [...this.#waiting]) request.lost(error, false)
    this.#waiting.clear()
    this.#wakeReadyWaiters()
    return Promise.resolve()
  }

  // What requests and caches need of their connection.

  submit(request: PendingRequest<unknown>): void {
    if (request.settled) return
    const state = this.#state
    if (state.name === 'closed') {
      request.lost(state.error, false)
      return
    }
    const { link } = request
    const inactive = link?.inactiveError(request.call.operation, request.outcome)
    if (inactive !== undefined) {
      request.reject(inactive)
      return
    }
    if (state.name === 'connecting') {
      this.#waiting.add(request)
      request.waitsForConnection(this.#settings.readyTimeoutSeconds)
    } else if (link === undefined || link.id !== undefined) {
      this.#send(state, request)
    } else {
      link.waiting.add(request)
      request.waitsForId()
      this.#renew(link)
    }
  }

  forget(request: PendingRequest<unknown>): void {
    this.#waiting.delete(request)
    request.link?.waiting.delete(request)
  }

  staleId(link: CacheLink, id: number | undefined): void {
    if (id !== undefined && link.id === id) this.#renew(link)
  }

  /** Asks for an id, for the listeners and for the requests that wait for one. */
  #renew(link: CacheLink): void {
    // Nobody knows when the server forgot the old id, and the listeners with it.
    if (link.id !== undefined) link.listeners.lost(FORGOTTEN, link.listeners.lastHeard)
    this.#unlink(link)
    if (link.ensuring !== undefined) return
    this.#ensure(link, this.#ownCall(link)).then(
      () => this.#flush(link.waiting),
      (error: unknown) => {
        if (error instanceof ServerError) for (const request of [...link.waiting]) request.refused(error)
        else if (error instanceof ProtocolError)
          for (const request of [...link.waiting]) request.reject(error)
        // The time was over, but not that of all who wait; or the session is closed, which they are told now.
        else this.#flush(link.waiting)
      },
    )
  }

  release(link: CacheLink): void {
    this.#endListeners(link)
    this.#links.delete(link)
    this.#unlink(link)
    link.listeners.end(link.endReason)
  }

  /** A stream for a read of `link`. Rejects with `StreamLost` where it ended before anything was sent. */
  async acquireLane(link: CacheLink, call: Call): Promise<QueryLane> {
    const { channel } = await this.#connected(call)
    const inactive = link.inactiveError(call.operation, 'not-sent')
    if (inactive !== undefined) throw inactive
    const lane = await this.#streams.acquireLane(channel, call)
    try {
      await lane.ensure(link, call)
      return lane
    } catch (error) {
      lane.close(error)
      throw error instanceof StreamLost ? new StreamLost(error.cause, false) : error
    }
  }

  /** Resolves when the server has the registration, on this connection or the next. */
  async listen(link: CacheLink, target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    for (;;) {
      call.signal?.throwIfAborted()
      await this.#connected(call)
      const inactive = link.inactiveError(call.operation, 'not-sent')
      if (inactive !== undefined) throw inactive
      try {
        if (link.id === undefined) await within(this.#ensure(link, this.#ownCall(link)), call)
        await link.listeners.add(target, sink, call)
        return
      } catch (error) {
        if (!(error instanceof StreamLost)) throw error
      }
    }
  }

  /** A registration on a stream of its own. Rejects with `StreamLost` where that ended before it was made. */
  async openEventLane(link: CacheLink, registration: MapListenerRequest, call: Call): Promise<EventLane> {
    const { channel } = await this.#connected(call)
    const inactive = link.inactiveError(call.operation, 'not-sent')
    if (inactive !== undefined) throw inactive
    const open = (events: SubChannelEvents): Promise<SubChannel> => this.#streams.open(channel, events, call)
    const lane = await EventLane.open(open, link.name, registration, call)
    const destroyed = link.inactiveError(call.operation, 'not-sent')
    if (destroyed === undefined) return lane
    // It may be one of a new cache of that name.
    lane.close()
    throw destroyed
  }

  releaseLane(lane: QueryLane, request: StreamedRequest | undefined): void {
    this.#streams.releaseLane(lane, request)
  }

  /** The error of ours for a stream that ended. */
  lostError(call: Pick<Call, 'operation' | 'mapName'>, lost: StreamLost): ConnectionError {
    return lostError(call, this.address, lost.written ? 'unknown' : 'not-sent', lost.cause)
  }

  /** Nobody waits for the answers: events of a cache that is not known any more go nowhere. */
  #endListeners(link: CacheLink): void {
    const { id } = link
    const state = this.#state
    if (
      state.name !== 'connected' ||
      id === undefined ||
      link.inactiveError('listen', 'not-sent') !== undefined
    )
      return
    const requests = link.listeners.endRequests()
    if (requests.length > 0) endListeners(state.main, id, requests)
  }

  async #connected(call: Call): Promise<Connected> {
    for (;;) {
      const state = this.#state
      if (state.name === 'connected') return state
      if (state.name === 'closed') throw closedError(call, state.error, false)
      const { readyTimeoutSeconds = Infinity } = this.#settings
      await new Promise<void>((resolve, reject) => {
        const settle = (): void => {
          clearTimeout(timer)
          takeBack()
          this.#readyWaiters.delete(ready)
        }
        const ready = (): void => {
          settle()
          resolve()
        }
        const aborted = (): void => {
          settle()
          reject(call.signal?.reason as Error)
        }
        const timer = alarm(Math.min(call.deadline, now() + readyTimeoutSeconds * 1_000), () => {
          settle()
          reject(lostError(call, this.address, 'not-sent', this.#lastFailure))
        })
        const takeBack = onAbort(call.signal, aborted)
        this.#readyWaiters.add(ready)
        if (call.signal?.aborted === true) aborted()
      })
    }
  }

  #wakeReadyWaiters(): void {
    for (const ready of [...this.#readyWaiters]) ready()
  }

  /** Gives the link an id, on this connection or the next. */
  #ensure(link: CacheLink, call: Call): Promise<void> {
    link.ensuring ??= this.#ensureWhenConnected(link, call).finally(() => (link.ensuring = undefined))
    return link.ensuring
  }

  async #ensureWhenConnected(link: CacheLink, call: Call): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const state = await this.#connected(call)
      if (link.id !== undefined) return
      try {
        await this.#ensureOn(state, link, call)
        link.listeners.restored()
        return
      } catch (error) {
        if (!(error instanceof StreamLost)) throw error
        // Where the stream is there still, the server forgot the cache again.
        if (state.main.isOpen) await pause(backoffMillis(attempt + 1), undefined)
      }
    }
  }

  async #ensureOn(state: Connected, link: CacheLink, call: Call): Promise<void> {
    const cacheId = await ensureCache(state.main, link.name, call)
    state.links.set(cacheId, link)
    try {
      await link.listeners.restore(this.#listenerRequests(state.main, cacheId, link), call)
    } catch (error) {
      state.links.delete(cacheId)
      link.listeners.lost(new StreamLost(error, true), wallClock())
      throw error
    }
    link.id = cacheId
  }

  #listenerRequests(main: SubChannel, cacheId: number, link: CacheLink): SendListenerRequest {
    const untimed = { ...this.#ownCall(link, Infinity), operation: 'listen' }
    return async (message, call = untimed) => {
      try {
        await registerListener(main, cacheId, message, call)
      } catch (error) {
        if (error instanceof StreamLost && main.isOpen && link.id === cacheId) this.#renew(link)
        throw error
      }
    }
  }

  /** A call that no user made. */
  #ownCall(link: CacheLink, deadline?: number, signal?: AbortSignal): Call {
    const timeoutSeconds = this.#settings.requestTimeoutSeconds
    return {
      operation: 'ensure',
      mapName: link.name,
      timeoutSeconds,
      deadline: deadline ?? now() + timeoutSeconds * 1_000,
      signal,
    }
  }

  #unlink(link: CacheLink): void {
    if (this.#state.name === 'connected' && link.id !== undefined) this.#state.links.delete(link.id)
    link.id = undefined
  }

  #send({ main }: Connected, request: PendingRequest<unknown>): void {
    request.sent(request.link?.id)
    main.sendRequest(request.facts.type, request.link?.id, request.payload, request)
  }

  #flush(requests: Set<PendingRequest<unknown>>): void {
    const all = [...requests]
    requests.clear()
    for (const request of all) this.submit(request)
  }

  // Connecting, and connecting again.

  /** One attempt, on `channel` or a new one. A channel on which it failed is closed. */
  async #connect(channel: Channel | undefined, call: Call): Promise<void> {
    const used = channel ?? (await openChannel(this.#settings.endpoint))
    try {
      await this.#streams.attempt(call, async (signal) => {
        const opened: { state?: Connected } = {}
        const links = new Map<number, CacheLink>()
        const { subChannel, init } = await this.#streams.shakeHands(
          used,
          {
            event: (message) => {
              try {
                dispatchEvent(links, message, (link) => this.#destroyed(link))
              } catch (error) {
                // The answers and the other events of the stream are none the worse for it.
                this.#events.unreadable(error)
              }
              return undefined
            },
            ended: (reason) => {
              if (opened.state !== undefined) this.#lost(opened.state, reason)
            },
          },
          signal,
        )
        opened.state = {
          name: 'connected',
          channel: used,
          main: subChannel,
          server: serverInfo(init),
          links,
        }
        try {
          await this.#restore(opened.state, call, signal)
        } catch (error) {
          // Closing a channel leaves its open streams alone.
          subChannel.cancel(error)
          throw error
        }
      })
    } catch (error) {
      used.close()
      for (const link of this.#links) {
        link.id = undefined
        link.listeners.lost(new StreamLost(error, true), wallClock())
      }
      const proxy = await proxyTo(this.#settings.endpoint)
      if (this.#state.name === 'closed') throw this.#state.error
      this.#lastFailure = connectFailure(this.address, error, proxy)
      throw this.#lastFailure
    }
  }

  /** Ensures all caches on a new stream; what waits is sent after that. */
  async #restore(state: Connected, { deadline }: Call, signal: AbortSignal): Promise<void> {
    const links = [...this.#links]
    const ensured = links.map(async (link) => {
      const call = this.#ownCall(link, deadline, signal)
      await this.#ensureOn(state, link, call)
    })
    for (const result of await Promise.allSettled(ensured)) {
      // What the server refuses for one cache does not keep the others from working: its calls will ask again.
      if (result.status === 'rejected' && !(result.reason instanceof ServerError)) throw result.reason
    }
    if (!state.main.isOpen || this.#state.name === 'closed') throw new Error('the stream ended at once')
    clearTimeout(this.#giveUp)
    this.#state = state
    for (const link of links) {
      if (link.id === undefined) this.#renew(link)
      else link.listeners.restored()
    }
    this.#flush(this.#waiting)
    for (const link of this.#links) this.#flush(link.waiting)
    this.#wakeReadyWaiters()
  }

  #lost(state: Connected, reason: unknown): void {
    if (this.#state !== state) return
    this.#state = { name: 'connecting' }
    const loss = connectionLoss(this.address, reason)
    this.#lastFailure = loss
    for (const lost of this.#lossWaiters) lost()
    this.#lossWaiters.clear()
    for (const link of this.#links) {
      link.id = undefined
      link.listeners.lost(new StreamLost(reason, true), state.main.lastReceived)
      this.#flush(link.waiting)
    }
    this.#streams.closeIdleLanes(reason)
    this.#giveUp = alarm(now() + this.#settings.disconnectTimeoutSeconds * 1_000, () => {
      const seconds = this.#settings.disconnectTimeoutSeconds
      this.#events.gaveUp(`it was without a connection for ${seconds} s`, this.#lastFailure)
    })
    this.#events.disconnected(loss)
    void this.#reconnect(state.channel)
  }

  async #reconnect(lostChannel: Channel): Promise<void> {
    // A stream can end alone. Where its channel is lost as well, the attempt fails and the next one makes a new one.
    let channel: Channel | undefined = lostChannel
    const seconds = Math.min(LONGEST_ATTEMPT_SECONDS, this.#settings.requestTimeoutSeconds)
    for (let attempt = 0; this.#state.name === 'connecting'; attempt++) {
      try {
        if (attempt > 0) await pause(backoffMillis(attempt), this.#closing.signal)
        const deadline = now() + seconds * 1_000
        await this.#connect(channel, { ...RECONNECT, timeoutSeconds: seconds, deadline })
        this.#events.reconnected()
        return
      } catch {
        // Kept as the last failure, which every call that gives up tells.
        channel = undefined
      }
    }
  }

  #destroyed(link: CacheLink): void {
    link.deactivate('destroyed')
    this.release(link)
    link.events.destroyed()
  }
}

function serverInfo(init: InitResponse): ServerInfo {
  return { protocol: 'v1', proxyVersion: init.version, memberId: init.proxyMemberId }
}
