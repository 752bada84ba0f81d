// How a connection is kept up, whatever the version of the protocol: attempts with backoff, who waits for a connection
// meanwhile, and when to give up.
import { pause } from '../async/abort'
import { alarm } from '../async/alarm'
import { type Backoff, backoffMillis, exponentialMillis, sessionBackoff } from '../async/backoff'
import { clearTimeout, now } from '../async/real-time'
import { waitFor } from '../async/wait'
import type { Call } from '../calls/call'
import { type CoherenceError, ConnectionError, SessionClosedError } from '../errors'
import { closedError, connectionLoss, isRefusal, lostError } from './connection-errors'
import type { ConnectionEvents, ConnectionSettings } from './port'

/** Longer than any server takes to shake hands; a new attempt is better than waiting on. */
const LONGEST_ATTEMPT_SECONDS = 10
/** Refusals in a row after which they count as final. */
const LEAST_REFUSALS = 3
/** A server that refuses this client is not asked as often as one that cannot be reached. */
const AFTER_REFUSAL: Backoff = { initialMs: 100, maxMs: 30_000, jitter: [0.5, 1] }
const RECONNECT = { operation: 'reconnect', mapName: undefined, signal: undefined }

/** How one connection of the kind `C` is made, used and ended. */
export interface Connecting<C> {
  /**
   * Makes one attempt, and calls `ready` in the same turn in which the connection works.
   *
   * @param lost The connection before it, right after it was lost: some of it may still work.
   * @throws {CoherenceError} why it failed.
   */
  connect(lost: C | undefined, call: Call, ready: (connection: C) => void): Promise<void>
  /** Calls can be made on it now. */
  connected(connection: C): void
  /** The connection was lost; called before anybody else learns of it. */
  lost(connection: C, reason: unknown): void
  /** The servers refuse this client: what waits for a connection need not wait any longer. */
  refused(refusal: CoherenceError): void
  /** Ends the connection, if there is one. */
  closed(connection: C | undefined, error: SessionClosedError): void
}

type State<C> =
  /** Attempts go on although the servers refuse this client, in case that they change their minds. */
  | { readonly name: 'connecting'; readonly refusal: CoherenceError | undefined }
  | { readonly name: 'connected'; readonly connection: C }
  | { readonly name: 'closed'; readonly error: SessionClosedError }

export class Reconnecting<C> {
  readonly #settings: ConnectionSettings
  readonly #events: ConnectionEvents
  readonly #connecting: Connecting<C>
  /** Called when the state changes. */
  readonly #waiters = new Set<() => void>()
  readonly #closing = new AbortController()
  #state: State<C> = { name: 'connecting', refusal: undefined }
  #lastFailure: unknown
  #giveUp: NodeJS.Timeout | undefined
  /** When a lost connection was replaced last, on the clock of `now()`. */
  #replacedAt = -Infinity
  /** How many connections in a row were lost as soon as they were made. */
  #briefConnections = 0
  /** The lost connection that the next attempt begins with, while that waits. */
  #kept: C | undefined

  constructor(settings: ConnectionSettings, events: ConnectionEvents, connecting: Connecting<C>) {
    this.#settings = settings
    this.#events = events
    this.#connecting = connecting
  }

  /** `undefined` while there is no connection. */
  get connection(): C | undefined {
    return this.#state.name === 'connected' ? this.#state.connection : undefined
  }

  /** Why the servers refuse this client; `undefined` if they do not. */
  get refusal(): CoherenceError | undefined {
    return this.#state.name === 'connecting' ? this.#state.refusal : undefined
  }

  /** Why there is no connection now. */
  get lastFailure(): unknown {
    return this.#lastFailure
  }

  /**
   * Connects for the first time, each attempt within the time of `call`. The first failure is final, unless
   * `readyTimeoutSeconds` is set: then attempts go on for that long.
   */
  async start(call: Call): Promise<void> {
    const patience = this.#settings.readyTimeoutSeconds ?? 0
    const giveUpAt = now() + patience * 1_000
    for (let attempt = 0; ; attempt++) {
      try {
        const left = patience === 0 ? Infinity : Math.ceil(giveUpAt - now()) / 1_000
        const timeoutSeconds = Math.min(left, call.timeoutSeconds)
        await this.#attempt(undefined, { ...call, timeoutSeconds, deadline: now() + timeoutSeconds * 1_000 })
        return
      } catch (error) {
        const wait = this.#waitBefore(attempt + 1)
        const again = error instanceof ConnectionError && now() + wait < giveUpAt
        if (again) {
          this.#events.attemptFailed(error, wait)
          await pause(wait, call.signal)
        }
        if (!again || now() >= giveUpAt) {
          this.close('it could not connect')
          throw error
        }
      }
    }
  }

  /** Waits for a connection, as long as `call` and `readyTimeoutSeconds` allow. */
  async whenConnected(call: Call): Promise<C> {
    const { readyTimeoutSeconds = Infinity, address } = this.#settings
    const readyBy = now() + readyTimeoutSeconds * 1_000
    for (;;) {
      const state = this.#state
      if (state.name === 'connected') return state.connection
      if (state.name === 'closed') throw closedError(call, state.error, false)
      if (state.refusal !== undefined) throw state.refusal
      const limits = { deadline: Math.min(call.deadline, readyBy), signal: call.signal }
      await this.#changed(limits, () => lostError(call, address, 'not-sent', this.#lastFailure))
    }
  }

  /** Resolves when there is no connection, at once if there is none now. */
  async disconnected(): Promise<void> {
    if (this.#state.name === 'connected')
      await this.#changed({ deadline: Infinity, signal: undefined }, () => undefined)
  }

  /** To be called when a connection is lost. Nothing happens if it is not the current one. */
  reportLoss(connection: C, reason: unknown): void {
    if (this.connection !== connection) return
    const loss = connectionLoss(this.#settings.address, reason)
    this.#lastFailure = loss
    const isBrief = now() - this.#replacedAt < this.#settings.retry.backoff.initialSeconds * 1_000
    this.#briefConnections = isBrief ? this.#briefConnections + 1 : 0
    this.#become({ name: 'connecting', refusal: undefined })
    this.#connecting.lost(connection, reason)
    // Before the event, whose listeners may close the session: the attempt owns the channel of the lost connection.
    void this.#reconnect(connection)
    this.#events.disconnected(loss)
  }

  /** Ends everything; `reason` says why. */
  close(reason: string, cause?: unknown): void {
    if (this.#state.name === 'closed') return
    const { connection } = this
    const error = new SessionClosedError(`the session was closed: ${reason}`, { outcome: 'not-sent', cause })
    this.#become({ name: 'closed', error })
    this.#closing.abort(error)
    this.#connecting.closed(connection ?? this.#kept, error)
  }

  async #attempt(lost: C | undefined, call: Call): Promise<void> {
    try {
      await this.#connecting.connect(lost, call, (connection) => this.#ready(connection))
    } catch (error) {
      if (this.#state.name === 'closed') throw this.#state.error
      this.#lastFailure = error
      throw error
    }
  }

  #ready(connection: C): void {
    if (this.#state.name === 'closed') throw this.#state.error
    this.#become({ name: 'connected', connection })
    this.#connecting.connected(connection)
  }

  async #reconnect(lost: C): Promise<void> {
    // A stream can end alone. If its connection is lost as well, the attempt fails and the next one makes a new one.
    let previous: C | undefined = lost
    let refusals = 0
    // A connection that was lost as soon as it was made is no better than an attempt that failed.
    let wait = this.#waitBefore(this.#briefConnections)
    const timeoutSeconds = Math.min(LONGEST_ATTEMPT_SECONDS, this.#settings.requestTimeoutSeconds)
    for (let attempt = 0; this.#state.name === 'connecting'; attempt++) {
      try {
        if (wait > 0) {
          this.#kept = previous
          await pause(wait, this.#closing.signal)
          this.#kept = undefined
        }
        await this.#attempt(previous, {
          ...RECONNECT,
          timeoutSeconds,
          deadline: now() + timeoutSeconds * 1_000,
        })
        this.#replacedAt = now()
        this.#events.reconnected()
        return
      } catch (error) {
        // Kept as the last failure, which every call that gives up reports.
        previous = undefined
        refusals = isRefusal(error) ? refusals + 1 : 0
        wait = refusals > 0 ? exponentialMillis(refusals - 1, AFTER_REFUSAL) : this.#waitBefore(attempt + 1)
        this.#failed(error, wait)
        this.#refuse(refusals >= this.#finalRefusals && isRefusal(error) ? error : undefined)
      }
    }
  }

  #failed(error: unknown, waitMillis: number): void {
    if (this.#state.name === 'connecting') this.#events.attemptFailed(error, waitMillis)
  }

  #waitBefore(attempt: number): number {
    const { retry, disconnectTimeoutSeconds } = this.#settings
    const { initialSeconds, maxSeconds } = retry.backoff
    const wait = backoffMillis(attempt, Math.random, sessionBackoff(initialSeconds, maxSeconds))
    // Nothing is given up that was not tried.
    return Math.min(wait, (disconnectTimeoutSeconds * 1_000) / 2)
  }

  /** Another server may accept this client, and one that is being started or stopped may refuse it for a moment. */
  get #finalRefusals(): number {
    return Math.max(LEAST_REFUSALS, this.#settings.endpoint.addresses.length)
  }

  #refuse(refusal: CoherenceError | undefined): void {
    if (this.#state.name !== 'connecting') return
    this.#state = { name: 'connecting', refusal }
    if (refusal === undefined) return
    this.#connecting.refused(refusal)
    for (const changed of [...this.#waiters]) changed()
  }

  #become(state: State<C>): void {
    this.#state = state
    clearTimeout(this.#giveUp)
    if (state.name === 'connecting') {
      const seconds = this.#settings.disconnectTimeoutSeconds
      this.#giveUp = alarm(now() + seconds * 1_000, () => {
        this.#events.gaveUp(`it was without a connection for ${seconds} s`, this.#lastFailure)
      })
    }
    for (const changed of [...this.#waiters]) changed()
  }

  #changed(
    limits: { readonly deadline: number; readonly signal: AbortSignal | undefined },
    timeout: () => unknown,
  ): Promise<undefined> {
    return waitFor<undefined>(limits, timeout, ({ resolve }) => {
      const changed = (): void => resolve(undefined)
      this.#waiters.add(changed)
      return () => this.#waiters.delete(changed)
    })
  }
}
