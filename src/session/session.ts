// A session: the connection to a server, and the maps and caches that are open on it.
import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { setImmediate } from '../async/real-time'
import { type CallerStack, captureCaller, onBehalfOf } from '../calls/caller-stack'
import { Traffic } from '../calls/traffic'
import { jsonCodec } from '../codec/json-codec'
import { beginCall, CALL_OPTIONS, type CallOptions, type CallOwner } from '../calls/call-options'
import { type EventListener, EventListeners } from '../calls/event-listeners'
import type { NamedCache } from '../cache/named-cache'
import type { NamedMap } from '../cache/named-map'
import { SessionClosedError } from '../errors'
import { connect } from '../protocol/connect'
import type { CacheConnection, ServerInfo } from '../protocol/port'
import { StreamHeaders } from '../protocol/stream-headers'
import { credentialsOf } from './options/auth'
import { addressList, addressText } from './options/addresses'
import { explainAddress } from './options/default-address'
import { type CacheOptions, OpenMaps } from './open-maps'
import { type Options, resolveOptions } from './options/options'
import type { SessionOptions } from './options/options-schema'
import { type CloseOptions, drained, drainSeconds } from './closing'
import { EVENTS, type SessionEvents, warn } from './session-events'
import { SessionMonitor, type SessionStats } from './session-monitor'
import { certificateLoader } from './options/load-certificates'

/** Only `Session.create` passes this symbol to the constructor. */
const CREATE = Symbol('create')

/**
 * A connection to a Coherence server, and the maps and caches that are open on it. If the connection is lost, the
 * session makes a new one and restores all maps and listeners.
 *
 * @example The examples of the methods begin with this one:
 * ```ts
 * import { Session } from 'coherence-ts'
 *
 * await using session = await Session.create()
 * ```
 */
export class Session implements AsyncDisposable {
  /** A name for this session, unique in the world. The server identifies the client by it. */
  readonly id = randomUUID()
  /** The resolved options, with defaults and environment variables applied. */
  readonly options: Options
  readonly #listeners: EventListeners<Omit<SessionEvents, 'error'>>
  readonly #errorListeners = new EventListeners<Pick<SessionEvents, 'error'>>(['error'], warn)
  readonly #maps: OpenMaps
  readonly #owner: CallOwner
  readonly #traffic: Traffic
  readonly #monitor: SessionMonitor
  #connection: CacheConnection | undefined
  #server: ServerInfo | undefined
  #closing: Promise<void> | undefined

  private constructor(options: Options, madeBy: symbol) {
    if (madeBy !== CREATE) {
      throw new TypeError('A session is not made with new; call await Session.create(options)')
    }
    this.options = options
    this.#listeners = new EventListeners(EVENTS, (error) => this.#report(error))
    const address = addressText(options.address)
    this.#traffic = new Traffic(address, options)
    this.#monitor = new SessionMonitor({ id: this.id, address }, this.#traffic, options.logger, (error) =>
      this.#report(error),
    )
    this.#owner = {
      name: undefined,
      requestTimeoutSeconds: options.requestTimeoutSeconds,
      traffic: this.#traffic,
      assertUsable: (operation) => this.#assertOpen(operation),
      report: (error) => this.#report(error),
    }
    this.#maps = new OpenMaps(
      this.#owner,
      {
        codec: options.codec ?? jsonCodec(),
        format: options.format,
        requestTimeoutSeconds: options.requestTimeoutSeconds,
        maxRequestBytes: options.maxRequestBytes,
        traffic: this.#traffic,
        log: (level, message) => this.#monitor.log(level, message),
        isOpen: () => !this.closed,
        report: (error) => this.#report(error),
        assertOpen: (operation, mapName) => this.#assertOpen(operation, mapName),
      },
      () => this.#connected(),
      (event) => this.#listeners.emit(event.type, event),
    )
  }

  /**
   * Connects to the server within `requestTimeoutSeconds`, and resolves to the session. The first failure is final,
   * unless `readyTimeoutSeconds` is set: then it tries again for that long, each attempt within
   * `requestTimeoutSeconds`.
   *
   * @param options The options that differ from the defaults and the environment, as `Options` or a plain object.
   * @throws {InvalidOptionsError} an option, a variable or a certificate file is wrong; nothing was sent.
   * @throws {ConnectionError} there is no server, or it does not speak gRPC or TLS as this client does.
   * @throws {AuthenticationError} the server refuses this client.
   * @throws {ServerError} the server refuses the scope or the format.
   * @throws {UnsupportedError} the server is too old.
   *
   * @example
   * ```ts
   * await using patient = await Session.create({ address: 'localhost:1408', readyTimeoutSeconds: 60 })
   * console.log(patient.connected) // prints true
   * ```
   */
  static create(options?: SessionOptions | Options): Promise<Session> {
    return Session.#open(options, captureCaller())
  }

  static async #open(options: SessionOptions | Options | undefined, caller: CallerStack): Promise<Session> {
    const { resolved, tls } = await onBehalfOf(caller, undefined, async () => {
      const checked = resolveOptions(options)
      return { resolved: checked, tls: await certificateLoader(checked.tlsOptions) }
    })
    const session = new Session(resolved, CREATE)
    const { requestTimeoutSeconds, maxRequestBytes, readyTimeoutSeconds } = resolved
    const { disconnectTimeoutSeconds, heartbeatSeconds } = resolved
    const call = beginCall(session.#owner, 'create', undefined, [], caller)
    session.#connection = await connect(
      {
        endpoint: {
          addresses: addressList(resolved.address),
          tls,
          channelOptions: resolved.channelOptions,
          transport: resolved.transport,
        },
        address: addressText(resolved.address),
        headers: new StreamHeaders(resolved.metadata, credentialsOf(resolved.auth)),
        scope: resolved.scope,
        identity: resolved.identity,
        format: resolved.format,
        clientId: Buffer.from(session.id.replaceAll('-', ''), 'hex'),
        requestTimeoutSeconds,
        retry: resolved.retry,
        traffic: session.#traffic,
        maxRequestBytes,
        readyTimeoutSeconds,
        disconnectTimeoutSeconds,
        heartbeatSeconds,
      },
      {
        disconnected: (reason) => {
          session.#monitor.disconnected(reason)
          session.#listeners.emit('disconnected', { type: 'disconnected', reason })
        },
        reconnected: () => {
          session.#server = session.#connection?.server
          session.#monitor.reconnected(session.#server)
          session.#listeners.emit('reconnected', { type: 'reconnected' })
        },
        attemptFailed: (error, waitMillis) => session.#monitor.attemptFailed(error, waitMillis),
        unreadable: (error) => session.#report(error),
        gaveUp: (reason, cause) => void session.#close(reason, cause, 0),
      },
      call,
    )
      .catch((error: unknown) => {
        throw call.failure(explainAddress(error, resolved))
      })
      .finally(() => call.end())
    session.#server = session.#connection.server
    session.#monitor.connected(session.#server)
    // The caller can add listeners only when it has the session.
    setImmediate(() => {
      if (!session.closed) session.#listeners.emit('connected', { type: 'connected' })
    })
    return session
  }

  /** Whether the session is closed or being closed: it accepts no more calls. */
  get closed(): boolean {
    return this.#closing !== undefined
  }

  /** Whether there is a connection to the server now. It is `false` while the session reconnects, and after `close`. */
  get connected(): boolean {
    return !this.closed && this.#connection?.server !== undefined
  }

  /**
   * The release, the protocol and the member id of the server that the session connected to last.
   *
   * @example
   * ```ts
   * console.error(session.serverInfo.proxyVersion)
   * ```
   */
  get serverInfo(): ServerInfo {
    if (this.#server === undefined)
      throw new SessionClosedError('The session was never connected', { outcome: 'not-sent' })
    return this.#server
  }

  /** The names of the maps and caches that are active. */
  get activeMaps(): string[] {
    return this.#maps.activeNames()
  }

  /**
   * Resolves to the map of this name, which the server creates if there is none. Resolves to the same object each time
   * until that is released or destroyed. A map and a cache of one name are one.
   *
   * @throws {TypeError} the name is empty or not a string.
   * @throws {ConnectionError} there is no connection, or it was lost before the answer.
   * @throws {RequestTimeoutError} there was no answer within `options.timeoutSeconds`.
   *
   * @example
   * ```ts
   * const stock = await session.getMap<string, number>('stock')
   * await stock.set('apples', 3)
   * ```
   */
  getMap<K = unknown, V = unknown>(name: string, options?: CallOptions): Promise<NamedMap<K, V>> {
    return this.#maps.get<K, V>('getMap', name, options)
  }

  /**
   * Resolves to the cache of this name, which the server creates if there is none. Resolves to the same object each
   * time until that is released or destroyed. A map and a cache of one name are one.
   *
   * @param options.defaultTtlSeconds How long entries live that are stored without `ttlSeconds`. If it is left out, the
   *   server's configuration applies.
   * @throws {TypeError} the name is empty or not a string, or the open one has another `defaultTtlSeconds`.
   * @throws {ConnectionError} there is no connection, or it was lost before the answer.
   * @throws {RequestTimeoutError} there was no answer within `options.timeoutSeconds`.
   *
   * @example
   * ```ts
   * const tokens = await session.getCache<string, string>('tokens', { defaultTtlSeconds: 600 })
   * await tokens.set('ann', 'd41d8c')
   * ```
   */
  getCache<K = unknown, V = unknown>(name: string, options?: CacheOptions): Promise<NamedCache<K, V>> {
    return this.#maps.get<K, V>('getCache', name, options)
  }

  /**
   * Resolves to the time that a round trip to the server takes, in seconds.
   *
   * @throws {ConnectionError} there is no connection, or it was lost before the answer.
   * @throws {RequestTimeoutError} there was no answer within `options.timeoutSeconds`.
   *
   * @example
   * ```ts
   * const seconds = await session.ping({ timeoutSeconds: 5 })
   * console.log(seconds < 5) // prints true
   * ```
   */
  async ping(options?: CallOptions): Promise<number> {
    const call = beginCall(this.#owner, 'ping', options, CALL_OPTIONS)
    try {
      return await this.#connected().ping(call)
    } catch (error) {
      throw call.failure(error)
    } finally {
      call.end()
    }
  }

  /**
   * Calls `listener` each time the event happens to this session or to one of its maps.
   *
   * @throws {TypeError} there is no such event, or the listener is not a function.
   *
   * @example
   * ```ts
   * session.on('disconnected', ({ reason }) => console.error('lost', reason))
   * ```
   */
  on<N extends keyof SessionEvents>(event: N, listener: EventListener<SessionEvents[N]>): this {
    this.#listenersTo(event).add(event, listener)
    return this
  }

  /**
   * Calls `listener` the next time the event happens to this session or to one of its maps, and not again. `off`
   * removes it before.
   *
   * @throws {TypeError} there is no such event, or the listener is not a function.
   *
   * @example
   * ```ts
   * session.once('reconnected', () => console.error('back again'))
   * ```
   */
  once<N extends keyof SessionEvents>(event: N, listener: EventListener<SessionEvents[N]>): this {
    this.#listenersTo(event).addOnce(event, listener)
    return this
  }

  /**
   * Removes a listener. Does nothing if it was not added.
   *
   * @throws {TypeError} there is no such event, or the listener is not a function.
   *
   * @example
   * ```ts
   * const report = () => console.error('closed')
   * session.on('closed', report)
   * session.off('closed', report)
   * ```
   */
  off<N extends keyof SessionEvents>(event: N, listener: EventListener<SessionEvents[N]>): this {
    this.#listenersTo(event).remove(event, listener)
    return this
  }

  /**
   * Returns the figures of this session: its calls, what is pending, and how its connection fares.
   *
   * @example
   * ```ts
   * const { pendingCalls, reconnects } = session.stats()
   * console.log(pendingCalls, reconnects) // prints 0 0
   * ```
   */
  stats(): SessionStats {
    return this.#monitor.stats
  }

  /**
   * Closes the session. Calls in progress on its maps are answered first, as long as there is a connection, and for no longer than
   * `timeoutSeconds`; those that are left then, and streamed reads, end with `SessionClosedError`. Nothing keeps the
   * process alive afterwards. Does nothing if the session is closed or being closed already.
   *
   * @throws {TypeError} an option is wrong; the session stays open.
   *
   * @example
   * ```ts
   * await session.close({ timeoutSeconds: 5 })
   * console.log(session.closed) // prints true
   * ```
   */
  async close(options?: CloseOptions): Promise<void> {
    await this.#close('close() was called', undefined, drainSeconds(options, this.options))
  }

  /** Closes the session at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** The address and the state, for logs. @internal */
  [inspect.custom](): string {
    const state = this.closed ? 'closed' : this.connected ? 'connected' : 'disconnected'
    return `Session ${inspect(this.options.address)} { ${state}, id: '${this.id}' }`
  }

  #close(reason: string, cause: unknown, seconds: number): Promise<void> {
    this.#closing ??= this.#finish(reason, cause, seconds)
    return this.#closing
  }

  async #finish(reason: string, cause: unknown, seconds: number): Promise<void> {
    const connection = this.#connection
    if (connection !== undefined) {
      if (seconds > 0) await drained(seconds, Promise.race([this.#maps.idle(), connection.disconnected()]))
      await connection.close(reason, cause)
    }
    this.#maps.releaseAll()
    this.#monitor.closed(cause)
    this.#listeners.emit('closed', { type: 'closed', ...(cause === undefined ? {} : { reason: cause }) })
  }

  #connected(): CacheConnection {
    if (this.#connection === undefined)
      throw new SessionClosedError('The session was never connected', { outcome: 'not-sent' })
    return this.#connection
  }

  #assertOpen(operation: string, mapName?: string): void {
    if (!this.closed) return
    const what = mapName === undefined ? operation : `${operation} on map '${mapName}'`
    throw new SessionClosedError(`${what} failed: the session is closed`, { outcome: 'not-sent' })
  }

  #listenersTo(event: keyof SessionEvents): EventListeners<SessionEvents> {
    const listeners: unknown = event === 'error' ? this.#errorListeners : this.#listeners
    return listeners as EventListeners<SessionEvents>
  }

  #report(error: unknown): void {
    if (this.#errorListeners.has('error')) this.#errorListeners.emit('error', error)
    else warn(error)
  }
}
