// A gRPC channel over node:http2: one connection at a time, made when a call needs it, and calls that wait for it or
// fail as gRPC's connectivity semantics have it.
import {
  connectivityState as Connectivity,
  propagate as Propagate,
  status as Status,
  type ChannelInterface,
  type Deadline,
} from '@grpc/grpc-js'
import type { ConnectionOptions } from 'node:tls'
import { alarm, LONGEST_TIMER_MS } from '../../async/alarm'
import { clearInterval, clearTimeout, now, setInterval } from '../../async/real-time'
import { Backoff } from './backoff'
import { Http2Call, type CallHome, type GrpcCall } from './call'
import type { ChannelSettings } from './channel-options'
import { Http2Connection } from './connection'
import { ConnectivityWatches } from './connectivity'
import { timeOf } from './deadline'
import { Dialing } from './dial'
import { errorText } from './error-text'
import { handshake } from './handshake'
import type { Target } from './target'

type ParentCall = Parameters<ChannelInterface['createCall']>[3]
type ChannelRef = ReturnType<ChannelInterface['getChannelzRef']>

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting' }
  | { readonly name: 'ready'; readonly connection: Http2Connection }
  /** Connecting has failed, and is tried again and again until it succeeds. */
  | { readonly name: 'failing'; readonly error: string }
  | { readonly name: 'shutdown' }

const CONNECTIVITY = {
  idle: Connectivity.IDLE,
  connecting: Connectivity.CONNECTING,
  ready: Connectivity.READY,
  failing: Connectivity.TRANSIENT_FAILURE,
  shutdown: Connectivity.SHUTDOWN,
} as const
// A string enum that grpc-js does not export.
const CHANNEL_KIND = 'channel' as unknown as ChannelRef['kind']

export class Http2Channel implements ChannelInterface, CallHome {
  readonly settings: ChannelSettings
  readonly #target: Target
  readonly #tls: ConnectionOptions | undefined
  readonly #authority: string
  readonly #backoff: Backoff
  readonly #watches = new ConnectivityWatches()
  readonly #framedPaths = new Set<string>()
  readonly #calls = new Set<Http2Call>()
  readonly #waiting = new Set<Http2Call>()
  /** Those still in use: the current one, and retired ones whose calls are not over. */
  readonly #connections = new Set<Http2Connection>()
  #state: State = { name: 'idle' }
  #dialing: Dialing | undefined
  #retry: NodeJS.Timeout | undefined
  #awake: NodeJS.Timeout | undefined

  /** @param tls `undefined` for plain text. */
  constructor(target: Target, tls: ConnectionOptions | undefined, settings: ChannelSettings) {
    this.settings = settings
    this.#target = target
    this.#tls = tls
    this.#authority = settings.authority ?? target.authority
    this.#backoff = new Backoff(settings.backoff)
  }

  get target(): string {
    return this.#target.name
  }

  get trouble(): string | undefined {
    return this.#state.name === 'failing' ? this.#state.error : undefined
  }

  getTarget(): string {
    return this.#target.name
  }

  /** The state before `tryToConnect`, which makes an idle channel connect. */
  getConnectivityState(tryToConnect: boolean): Connectivity {
    const before = CONNECTIVITY[this.#state.name]
    if (tryToConnect && this.#state.name === 'idle') this.#connect()
    return before
  }

  /**
   * Calls back once: when the state is no longer `currentState`, or with an error at the deadline.
   *
   * @throws The channel is closed.
   */
  watchConnectivityState(
    currentState: Connectivity,
    deadline: Deadline,
    callback: (error?: Error) => void,
  ): void {
    this.#refuseWhenShutDown()
    this.#watches.add(currentState, timeOf(deadline), callback)
    this.#watches.changed(CONNECTIVITY[this.#state.name])
  }

  /** Not kept track of by channelz. */
  getChannelzRef(): ChannelRef {
    return { kind: CHANNEL_KIND, id: 0, name: this.#target.name }
  }

  /** @throws The channel is closed. */
  createCall(
    method: string,
    deadline: Deadline,
    host: string | null | undefined,
    parentCall: ParentCall,
    propagateFlags: number | null | undefined,
  ): GrpcCall {
    this.#refuseWhenShutDown()
    const flags = propagateFlags ?? Propagate.DEFAULTS
    const inherited =
      parentCall !== null && (flags & Propagate.DEADLINE) !== 0 ? parentCall.getDeadline() : Infinity
    const call = new Http2Call(this, {
      path: method,
      framed: this.#framedPaths.has(method),
      deadline: Math.min(timeOf(deadline), timeOf(inherited)),
      scheme: this.#tls === undefined ? 'http' : 'https',
      authority: host ?? this.#authority,
    })
    if (parentCall !== null && (flags & Propagate.CANCELLATION) !== 0) {
      parentCall.on('cancelled', () => {
        call.cancelWithStatus(Status.CANCELLED, 'Cancelled by parent call')
      })
    }
    return call
  }

  /** Calls of a method that are created from now on exchange frames in place of messages. */
  exchangeFrames(path: string): void {
    this.#framedPaths.add(path)
  }

  /** What comes in the next milliseconds may be read together. */
  rest(millis: number): void {
    if (this.#state.name === 'ready') this.#state.connection.rest(millis)
  }

  /** Ends a rest. */
  wake(): void {
    if (this.#state.name === 'ready') this.#state.connection.wake()
  }

  /** Ends all calls and connections at once; nothing of the channel keeps the process alive. */
  close(): void {
    if (this.#state.name === 'shutdown') return
    this.#dialing?.cancel(new Error('Channel closed'))
    clearTimeout(this.#retry)
    this.#become({ name: 'shutdown' })
    for (const call of this.#calls) call.cancelWithStatus(Status.CANCELLED, 'Channel closed')
    for (const connection of this.#connections) connection.close()
  }

  place(call: Http2Call): void {
    this.#calls.add(call)
    const state = this.#state
    switch (state.name) {
      case 'idle':
        this.#wait(call)
        this.#connect()
        break
      case 'connecting':
        this.#wait(call)
        break
      case 'ready':
        if (call.attach(state.connection)) break
        this.#retired(state.connection)
        this.place(call)
        break
      case 'failing':
        if (call.waitsForReady) this.#wait(call)
        else call.cancelWithStatus(Status.UNAVAILABLE, state.error)
        break
      case 'shutdown':
        call.cancelWithStatus(Status.UNAVAILABLE, 'Channel closed before call started')
        break
    }
  }

  ended(call: Http2Call): void {
    this.#calls.delete(call)
    this.#waiting.delete(call)
    this.#stayAwakeWhileCallsWait()
  }

  #wait(call: Http2Call): void {
    this.#waiting.add(call)
    this.#stayAwakeWhileCallsWait()
  }

  /** Whatever changes the state; calls that wait are placed anew. */
  #become(state: State): void {
    const changed = state.name !== this.#state.name
    this.#state = state
    if (changed) this.#watches.changed(CONNECTIVITY[state.name])
    if (state.name === 'idle' || state.name === 'connecting') return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const call of waiting) if (this.#calls.has(call)) this.place(call)
    this.#stayAwakeWhileCallsWait()
  }

  #connect(): void {
    if (this.#state.name === 'idle') this.#become({ name: 'connecting' })
    const retryAt = now() + this.#backoff.next()
    const dialing = new Dialing(
      this.#target,
      this.settings.byProxy,
      (route, signal) => handshake(route, this.#tls, this.settings, signal),
      this.settings.connectTimeoutMs,
    )
    this.#dialing = dialing
    dialing.link.then(
      (link) => {
        const connection = new Http2Connection(link, this.settings, {
          retired: (retired) => {
            this.#retired(retired)
          },
          closed: (closed) => {
            this.#connections.delete(closed)
          },
        })
        if (this.#state.name === 'shutdown') {
          connection.close()
          return
        }
        this.#connections.add(connection)
        this.#backoff.reset()
        this.#become({ name: 'ready', connection })
      },
      (error: unknown) => {
        if (this.#state.name === 'shutdown') return
        this.#retry = alarm(retryAt, () => this.#connect())
        this.#retry?.unref()
        this.#become({ name: 'failing', error: `No connection established. Last error: ${errorText(error)}` })
      },
    )
  }

  #retired(connection: Http2Connection): void {
    if (this.#state.name === 'ready' && this.#state.connection === connection) this.#become({ name: 'idle' })
  }

  // Connections and timers on their own do not keep the process alive; calls that wait do.
  #stayAwakeWhileCallsWait(): void {
    if (this.#waiting.size > 0) {
      this.#awake ??= setInterval(() => undefined, LONGEST_TIMER_MS)
    } else {
      clearInterval(this.#awake)
      this.#awake = undefined
    }
  }

  #refuseWhenShutDown(): void {
    if (this.#state.name === 'shutdown') throw new Error('Channel has been shut down')
  }
}
