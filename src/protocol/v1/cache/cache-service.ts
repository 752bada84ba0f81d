// The caches of one connection: their ids on its stream, the requests that wait for one, their registrations, and all of that made
// again on the stream of the next connection.
import { pause } from '../../../async/abort'
import { backoffMillis } from '../../../async/backoff'
import { Deadlines } from '../../../async/deadlines'
import { epochTime } from '../../../async/epoch-time'
import { now } from '../../../async/real-time'
import { type Call, timeoutError, within } from '../../../calls/call'
import {
  type CoherenceError,
  ConnectionError,
  ProtocolError,
  RequestTimeoutError,
  ServerError,
  type SessionClosedError,
} from '../../../errors'
import type { MapListenerRequest } from '../../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { InitResponse } from '../../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import { lostError } from '../../connection-errors'
import type { CacheEvents, EventSink, ListenTarget } from '../../events'
import type { ConnectionSettings, RemoteCache } from '../../port'
import type { Register } from '../../registrations/registrations'
import { StreamLost } from '../../stream-lost'
import type { Service, ServiceConnection } from '../service'
import { type SubChannel, type SubChannelEvents, unattended } from '../stream/sub-channel'
import { type Request, REQUESTS } from '../wire/requests'
import type { AnyView } from '../wire/wire'
import { CacheHandle } from './cache-handle'
import type { CacheServicePort } from './cache-service-port'
import { DedicatedStream } from './dedicated-stream'
import { CACHE_SERVICE, ensureCache } from './ensure-cache'
import { dispatchEvent, listenerRequest } from './listener-messages'
import { PendingRequest, type RequestSender } from './pending-request'
import { requestListener } from './quirks'
import { V1RemoteCache } from './remote-cache'
import type { ResponseBuffer } from './response-buffer'
import { type PooledStream, StreamPool } from './stream-pool'

/** The main stream, and the caches by their ids on it. */
export interface MainStream {
  readonly subChannel: SubChannel
  readonly handles: Map<number, CacheHandle>
}

type State =
  | { readonly name: 'disconnected' }
  | { readonly name: 'connected'; readonly stream: MainStream }
  | { readonly name: 'closed'; readonly error: SessionClosedError }

const FORGOTTEN = new StreamLost(new Error('the server forgot the cache'), true)

export class CacheService implements Service<MainStream>, CacheServicePort, RequestSender {
  readonly wire = CACHE_SERVICE
  readonly settings: ConnectionSettings
  readonly deadlines = new Deadlines()
  readonly #connection: ServiceConnection
  readonly #handles = new Set<CacheHandle>()
  /** What is sent as soon as there is a connection, in order. */
  readonly #waiting = new Set<PendingRequest<unknown>>()
  /** What is sent as soon as its cache has an id, in order. */
  readonly #waitingForId = new WeakMap<CacheHandle, Set<PendingRequest<unknown>>>()
  readonly #pool: StreamPool
  /** Ends the waits between attempts to get an id. */
  readonly #closing = new AbortController()
  #state: State = { name: 'disconnected' }

  constructor(connection: ServiceConnection) {
    this.#connection = connection
    this.settings = connection.settings
    this.#pool = new StreamPool(connection.streams)
  }

  get lastFailure(): unknown {
    return this.#connection.lastFailure
  }

  /** Makes the cache ready for use on the server. */
  async open(name: string, events: CacheEvents, call: Call): Promise<RemoteCache> {
    const handle = new CacheHandle(name, events)
    this.#handles.add(handle)
    try {
      await this.#ensure(handle, call)
    } catch (error) {
      this.release(handle)
      throw error
    }
    return new V1RemoteCache(this, handle)
  }

  // The service of a connection.

  async restore(
    open: (event: SubChannelEvents['event']) => Promise<{ subChannel: SubChannel; init: InitResponse }>,
    { deadline }: Call,
    signal: AbortSignal,
  ): Promise<{ stream: MainStream; init: InitResponse }> {
    const handles = new Map<number, CacheHandle>()
    const { subChannel, init } = await open((message) => this.#received(handles, message))
    const stream = { subChannel, handles }
    try {
      const ensured = [...this.#handles].map((handle) =>
        this.#ensureOn(stream, handle, this.#ownCall(handle, deadline, signal)),
      )
      for (const result of await Promise.allSettled(ensured)) {
        // A server that refuses one cache, or answers wrongly, does not keep the others from working: its calls will ask again.
        if (result.status === 'fulfilled') continue
        if (!(result.reason instanceof ServerError || result.reason instanceof ProtocolError))
          throw result.reason
      }
      return { stream, init }
    } catch (error) {
      // Closing a channel leaves its open streams alone.
      subChannel.cancel(error)
      throw error
    }
  }

  connected(stream: MainStream): void {
    this.#state = { name: 'connected', stream }
    for (const handle of [...this.#handles]) {
      if (handle.id === undefined) this.#renew(handle)
      else handle.listeners.restored()
    }
    this.#flush(this.#waiting)
    for (const handle of this.#handles) this.#flush(this.#waitingFor(handle))
  }

  lost(reason: unknown): void {
    if (this.#state.name === 'closed') return
    const completeUntil =
      this.#state.name === 'connected' ? this.#state.stream.subChannel.completeUntil : undefined
    this.#state = { name: 'disconnected' }
    for (const handle of this.#handles) {
      handle.id = undefined
      handle.listeners.lost(new StreamLost(reason, true), completeUntil)
      this.#flush(this.#waitingFor(handle))
    }
    this.#pool.lost(reason)
  }

  refused(refusal: CoherenceError): void {
    for (const request of [...this.#waiting]) request.reject(refusal)
  }

  closed(error: SessionClosedError): void {
    this.#state = { name: 'closed', error }
    for (const handle of [...this.#handles]) {
      handle.id = undefined
      handle.listeners.end(error)
    }
    this.#closing.abort(error)
    for (const request of [...this.#waiting]) request.lost(error, false)
    this.#waiting.clear()
    for (const handle of this.#handles) this.#flush(this.#waitingFor(handle))
  }

  // Requests.

  send<P, A>(handle: CacheHandle, request: Request<P, A>, parameters: P, call: Call): Promise<A> {
    const pending = new PendingRequest(this, request, parameters, handle, call)
    this.submit(pending as PendingRequest<unknown>)
    return pending.promise
  }

  submit(request: PendingRequest<unknown>): void {
    if (request.settled) return
    const state = this.#state
    if (state.name === 'closed') {
      request.lost(state.error, false)
      return
    }
    const { handle } = request
    const inactive = handle.inactiveError(request.call.operation, request.outcome)
    if (inactive !== undefined) {
      request.reject(inactive)
    } else if (state.name === 'disconnected' && this.#connection.refusal !== undefined) {
      request.reject(this.#connection.refusal)
    } else if (state.name === 'disconnected') {
      this.#waiting.add(request)
      request.waitsForConnection(this.settings.readyTimeoutSeconds)
    } else if (handle.id !== undefined) {
      request.sent(handle.id)
      state.stream.subChannel.request(request.type, handle.id, request.payload, request)
    } else {
      this.#waitingFor(handle).add(request)
      request.waitsForId()
      this.#renew(handle)
    }
  }

  forget(request: PendingRequest<unknown>): void {
    this.#waiting.delete(request)
    this.#waitingFor(request.handle).delete(request)
  }

  staleId(handle: CacheHandle, id: number | undefined): void {
    if (id !== undefined && handle.id === id) this.#renew(handle)
  }

  lostError(call: Pick<Call, 'operation' | 'mapName'>, lost: StreamLost): ConnectionError {
    return lostError(call, this.settings.address, lost.written ? 'unknown' : 'not-sent', lost.cause)
  }

  #waitingFor(handle: CacheHandle): Set<PendingRequest<unknown>> {
    const waiting = this.#waitingForId.get(handle) ?? new Set()
    this.#waitingForId.set(handle, waiting)
    return waiting
  }

  #flush(requests: Set<PendingRequest<unknown>>): void {
    const all = [...requests]
    requests.clear()
    for (const request of all) this.submit(request)
  }

  // The ids of caches.

  /** Asks for an id, for the listeners and for the requests that wait for one. */
  #renew(handle: CacheHandle): void {
    // Nobody knows when the server forgot the old id, and the listeners with it.
    if (handle.id !== undefined) handle.listeners.lost(FORGOTTEN, epochTime(handle.knownAt))
    this.#forgetId(handle)
    if (handle.ensuring !== undefined) return
    this.#ensure(handle, this.#ownCall(handle)).then(
      () => this.#flush(this.#waitingFor(handle)),
      (error: unknown) => {
        const waiting = [...this.#waitingFor(handle)]
        if (error instanceof ServerError) for (const request of waiting) request.refused(error)
        else if (error instanceof ProtocolError) for (const request of waiting) request.reject(error)
        // The time was over, but not that of all who wait; or the session is closed, which they learn now.
        else this.#flush(this.#waitingFor(handle))
      },
    )
  }

  /** Gives the cache an id, on this connection or the next. */
  #ensure(handle: CacheHandle, call: Call): Promise<void> {
    handle.ensuring ??= this.#ensureWhenConnected(handle, call).finally(() => (handle.ensuring = undefined))
    return handle.ensuring
  }

  async #ensureWhenConnected(handle: CacheHandle, call: Call): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      await this.#connection.channel(call)
      if (this.#state.name !== 'connected' || handle.id !== undefined) {
        if (handle.id !== undefined) return
        continue
      }
      const { stream } = this.#state
      try {
        await this.#ensureOn(stream, handle, call)
        handle.listeners.restored()
        return
      } catch (error) {
        if (!(error instanceof StreamLost)) throw error
        // If the stream is there still, the server forgot the cache again.
        if (stream.subChannel.isOpen) await pause(backoffMillis(attempt + 1), this.#closing.signal)
      }
    }
  }

  async #ensureOn({ subChannel, handles }: MainStream, handle: CacheHandle, call: Call): Promise<void> {
    handle.knownAt = now()
    // Events of the cache may come along with the answer.
    const cacheId = await ensureCache(subChannel, handle.name, call, (id) => handles.set(id, handle))
    const register = this.#registering(subChannel, cacheId, handle)
    try {
      subChannel.assertOpen()
      await handle.listeners.restore(register, call)
      subChannel.assertOpen()
    } catch (error) {
      handles.delete(cacheId)
      handle.listeners.lostOn(register, new StreamLost(error, true))
      throw error
    }
    handle.id = cacheId
  }

  #forgetId(handle: CacheHandle): void {
    if (this.#state.name === 'connected' && handle.id !== undefined)
      this.#state.stream.handles.delete(handle.id)
    handle.id = undefined
  }

  /** A call that no user made. */
  #ownCall(handle: CacheHandle, deadline?: number, signal?: AbortSignal): Call {
    const timeoutSeconds = this.settings.requestTimeoutSeconds
    return {
      operation: 'ensure',
      mapName: handle.name,
      timeoutSeconds,
      deadline: deadline ?? now() + timeoutSeconds * 1_000,
      signal,
    }
  }

  // Listeners.

  async listen(handle: CacheHandle, target: ListenTarget, sink: EventSink, call: Call): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      call.signal?.throwIfAborted()
      if (now() >= call.deadline) throw timeoutError(call, 'not-sent')
      await this.#connection.channel(call)
      handle.assertExists(call.operation)
      try {
        if (handle.id === undefined) await within(this.#ensure(handle, this.#ownCall(handle)), call)
        await handle.listeners.add(target, sink, call)
        return
      } catch (error) {
        // The time of the request for an id, which others wait for as well, may be over before that of this call.
        const isOver = error instanceof RequestTimeoutError || error instanceof ConnectionError
        if (!(isOver && now() < call.deadline) && !(error instanceof StreamLost)) throw error
        await pause(Math.min(backoffMillis(attempt), call.deadline - now()), call.signal)
      }
    }
  }

  async openEvents(
    handle: CacheHandle,
    registration: MapListenerRequest,
    call: Call,
  ): Promise<DedicatedStream> {
    const channel = await this.#connection.channel(call)
    handle.assertExists(call.operation)
    const { streams } = this.#connection
    const stream = await DedicatedStream.open(streams, channel, handle.name, registration, call)
    try {
      handle.assertExists(call.operation)
      return stream
    } catch (error) {
      // It may be one of a new cache of that name.
      stream.close()
      throw error
    }
  }

  #registering(subChannel: SubChannel, cacheId: number, handle: CacheHandle): Register {
    const untimed = { ...this.#ownCall(handle, Infinity), operation: 'listen' }
    return async (registration, wanted, call = untimed) => {
      try {
        const message = listenerRequest(registration, wanted)
        await requestListener(subChannel, message, cacheId, call)
      } catch (error) {
        if (error instanceof StreamLost && subChannel.isOpen && handle.id === cacheId) this.#renew(handle)
        throw error
      }
    }
  }

  /** Ends all registrations without waiting for the answers: events of an unknown cache go nowhere. */
  #endListeners(handle: CacheHandle): void {
    if (this.#state.name !== 'connected' || handle.id === undefined) return
    if (handle.inactiveError('listen', 'not-sent') !== undefined) return
    const { type, write } = REQUESTS.listen
    for (const registration of handle.listeners.registered) {
      const payload = write(listenerRequest(registration, 'none'))
      this.#state.stream.subChannel.request(type, handle.id, payload, unattended())
    }
  }

  #received(handles: ReadonlyMap<number, CacheHandle>, message: AnyView): undefined {
    try {
      dispatchEvent(handles, message, (handle) => {
        handle.deactivate('destroyed')
        this.release(handle)
        handle.events.destroyed()
      })
    } catch (error) {
      // The answers and the other events of the stream are not affected.
      this.#connection.unreadable(error)
    }
  }

  // Streams of their own.

  async acquireStream(handle: CacheHandle, call: Call): Promise<PooledStream> {
    const channel = await this.#connection.channel(call)
    handle.assertExists(call.operation)
    const stream = await this.#pool.acquire(channel, call)
    try {
      await stream.ensure(handle, call)
      return stream
    } catch (error) {
      stream.close(error)
      throw error instanceof StreamLost ? new StreamLost(error.cause, false) : error
    }
  }

  releaseStream(stream: PooledStream, response: ResponseBuffer | undefined): void {
    this.#pool.release(stream, response)
  }

  release(handle: CacheHandle): void {
    this.#endListeners(handle)
    this.#handles.delete(handle)
    this.#forgetId(handle)
    handle.listeners.end(handle.endReason)
  }
}
