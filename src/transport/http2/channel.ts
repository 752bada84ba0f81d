// A gRPC channel over node:http2. It has one connection at a time and connects when a call needs it. Calls wait for the
// connection or fail, as gRPC's connectivity semantics require.
import {
  connectivityState as Connectivity,
  propagate as Propagate,
  status as Status,
  type ChannelInterface,
  type Deadline,
} from '@grpc/grpc-js'
import { alarm, LONGEST_TIMER_MS } from '../../async/alarm'
import { exponentialMillis } from '../../async/backoff'
import { clearInterval, clearTimeout, now, setInterval } from '../../async/real-time'
import { Http2Call, type CallChannel, type GrpcCall } from './call'
import type { ChannelSettings } from './channel-options'
import { Http2Connection } from './connection'
import { ConnectivityWatches } from './connectivity'
import { timeOf } from './deadline'
import { Dialing } from './dial/dialing'
import { errorText } from './error-text'
import { handshake } from './dial/handshake'
import type { SecureOptions } from '../tls-material'
import { rotated } from './dial/route'
import type { Target } from './dial/target'

type ParentCall = Parameters<ChannelInterface['createCall']>[3]
type ChannelRef = ReturnType<ChannelInterface['getChannelzRef']>

type State =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting' }
  | { readonly name: 'ready'; readonly connection: Http2Connection }
  /** An attempt to connect has failed; attempts are repeated until one succeeds. */
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

export class Http2Channel implements ChannelInterface, CallChannel {
  readonly settings: ChannelSettings
  /** The names of the targets. */
  readonly target: string
  readonly authority: string
  readonly #targets: readonly Target[]
  readonly #secure: (() => Promise<SecureOptions>) | undefined
  readonly #watches = new ConnectivityWatches()
  readonly #framedPaths = new Set<string>()
  readonly #calls = new Set<Http2Call>()
  readonly #waiting = new Set<Http2Call>()
  /** The connections in use: the current one, and retired ones whose calls have not ended. */
  readonly #connections = new Set<Http2Connection>()
  readonly #startAt: number
  /** The number of attempts to connect. Each begins with the next target, since the one before failed or was lost. */
  #dials = 0
  #state: State = { name: 'idle' }
  #dialing: Dialing | undefined
  /** The number of attempts to connect since the last success. */
  #attempts = 0
  #retry: NodeJS.Timeout | undefined
  #awake: NodeJS.Timeout | undefined

  /**
   * @param targets In the order in which they are tried; there is at least one.
   * @param secure Called for each connection; `undefined` for plain text.
   * @param startAt Which of several addresses of one target to begin with.
   */
  constructor(
    targets: readonly Target[],
    secure: (() => Promise<SecureOptions>) | undefined,
    settings: ChannelSettings,
    startAt: number,
  ) {
    this.settings = settings
    this.target = targets.map(({ name }) => name).join(', ')
    this.authority = settings.authority ?? targets[0]?.authority ?? ''
    this.#targets = targets
    this.#secure = secure
    this.#startAt = startAt
  }

  get lastError(): string | undefined {
    return this.#state.name === 'failing' ? this.#state.error : undefined
  }

  getTarget(): string {
    return this.target
  }

  /** Returns the state before the call. `tryToConnect` makes an idle channel connect. */
  getConnectivityState(tryToConnect: boolean): Connectivity {
    const before = CONNECTIVITY[this.#state.name]
    if (tryToConnect && this.#state.name === 'idle') this.#connect()
    return before
  }

  /**
   * Calls `callback` once: when the state is no longer `currentState`, or with an error at the deadline.
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

  /** Channelz does not track this channel. */
  getChannelzRef(): ChannelRef {
    return { kind: CHANNEL_KIND, id: 0, name: this.target }
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
      scheme: this.#secure === undefined ? 'http' : 'https',
      authority: host ?? this.settings.authority,
    })
    if (parentCall !== null && (flags & Propagate.CANCELLATION) !== 0) {
      parentCall.on('cancelled', () => {
        call.cancelWithStatus(Status.CANCELLED, 'Cancelled by parent call')
      })
    }
    return call
  }

  /** Makes new calls of a method exchange frames instead of messages. */
  exchangeFrames(path: string): void {
    this.#framedPaths.add(path)
  }

  /** Stops reading for some milliseconds, so that the data of that time is read together. */
  rest(millis: number): void {
    if (this.#state.name === 'ready') this.#state.connection.rest(millis)
  }

  /** Reads again at once. */
  wake(): void {
    if (this.#state.name === 'ready') this.#state.connection.wake()
  }

  /** Ends all calls and connections at once. The channel no longer keeps the process alive. */
  close(): void {
    if (this.#state.name === 'shutdown') return
    this.#dialing?.cancel(new Error('Channel closed'))
    clearTimeout(this.#retry)
    this.#become({ name: 'shutdown' })
    for (const call of this.#calls) call.cancelWithStatus(Status.CANCELLED, 'Channel closed')
    for (const connection of this.#connections) connection.close()
  }

  schedule(call: Http2Call): void {
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
        this.schedule(call)
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

  /** Changes the state, and assigns the waiting calls again. */
  #become(state: State): void {
    const changed = state.name !== this.#state.name
    this.#state = state
    if (changed) this.#watches.changed(CONNECTIVITY[state.name])
    if (state.name === 'idle' || state.name === 'connecting') return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const call of waiting) if (this.#calls.has(call)) this.schedule(call)
    this.#stayAwakeWhileCallsWait()
  }

  #connect(): void {
    if (this.#state.name === 'idle') this.#become({ name: 'connecting' })
    const retryAt = now() + exponentialMillis(this.#attempts, this.settings.backoff)
    this.#attempts += 1
    const secure = this.#secure?.()
    // Each attempt reports it.
    secure?.catch(() => undefined)
    const dialing = new Dialing(
      {
        targets: rotated(this.#targets, this.#dials),
        startAt: this.#startAt + this.#dials,
        byProxy: this.settings.byProxy,
        timeoutMs: this.settings.connectTimeoutMs,
      },
      async (route, signal) => handshake(route, await secure, this.settings, signal),
    )
    this.#dialing = dialing
    this.#dials += 1
    dialing.session.then(
      (session) => {
        const connection = new Http2Connection(session, this.settings, {
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
        this.#attempts = 0
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

  // Waiting calls keep the process alive; connections and timers alone do not.
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
