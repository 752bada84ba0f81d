// A session: the connection to a server, and the maps and caches that were asked for on it.
import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { alarm } from '../async/alarm'
import { clearTimeout, now, setImmediate } from '../async/real-time'
import { captureCaller, captureFewCallers, onBehalfOf } from '../calls/caller-stack'
import type { Codec } from '../codec/codec'
import { jsonCodec } from '../codec/json-codec'
import { CALL_OPTIONS, type CallOptions, callOf, checkedOptions } from '../cache/call-options'
import { type EventListener, EventListeners } from '../cache/event-listeners'
import { LIFECYCLE_EVENTS, type MapLifecycleEvents } from '../cache/map-lifecycle'
import type { NamedCache } from '../cache/named-cache'
import type { NamedMap } from '../cache/named-map'
import { SessionClosedError } from '../errors'
import { connect } from '../protocol/connect'
import type { CacheConnection, ServerInfo } from '../protocol/port'
import { explainAddress } from './default-address'
import { type CacheOptions, OpenMaps } from './open-maps'
import { type Options, resolveOptions } from './options'
import type { SessionOptions } from './options-schema'
import { loadCertificates } from './load-certificates'

/** Something happened to a session. */
export interface SessionEvent {
  readonly type: 'connected' | 'disconnected' | 'reconnected' | 'closed'
  /** Why, where something went wrong. */
  readonly reason?: unknown
}

/** The events of a session, each with what its listeners get. */
export interface SessionEvents extends MapLifecycleEvents {
  /** There is a connection for the first time. */
  connected: SessionEvent
  /** The connection was lost; a new one is being made. Calls wait for it. */
  disconnected: SessionEvent
  /** There is a connection again; the maps are what they were. */
  reconnected: SessionEvent
  /** The session is closed, by `close()` or because it was without a connection for too long. */
  closed: SessionEvent
  /**
   * Something went wrong that no call tells of: a listener threw, or the server told of something that cannot be read.
   * Without a listener to this event it is a warning of the process.
   */
  error: unknown
}

const EVENTS = ['connected', 'disconnected', 'reconnected', 'closed', ...LIFECYCLE_EVENTS] as const

/** What only `Session.create` has. */
const CREATE = Symbol('create')

/** For sessions whose calls may wait for ever. */
const LONGEST_DRAIN_SECONDS = 60

/** A connection to a Coherence server, kept up until it is closed. */
export class Session implements AsyncDisposable {
  /** A name for this session, unique in the world. The server knows the client by it. */
  readonly id = randomUUID()
  /** The options that hold, with all defaults. */
  readonly options: Options
  readonly #codec: Codec
  readonly #listeners: EventListeners<Omit<SessionEvents, 'error'>>
  readonly #errorListeners = new EventListeners<Pick<SessionEvents, 'error'>>(['error'], warn)
  readonly #maps: OpenMaps
  #connection: CacheConnection | undefined
  #server: ServerInfo | undefined
  #closing: Promise<void> | undefined

  private constructor(options: Options, madeBy: symbol) {
    if (madeBy !== CREATE) {
      throw new TypeError('A session is not made with new; call await Session.create(options)')
    }
    this.options = options
    this.#codec = options.codec ?? jsonCodec()
    this.#listeners = new EventListeners(EVENTS, (error) => this.#report(error))
    this.#maps = new OpenMaps(
      {
        codec: this.#codec,
        format: options.format,
        requestTimeoutSeconds: options.requestTimeoutSeconds,
        maxRequestBytes: options.maxRequestBytes,
        isOpen: () => !this.closed,
        report: (error) => this.#report(error),
        assertOpen: (operation, mapName) => this.#assertOpen(operation, mapName),
      },
      (event) => this.#listeners.emit(event.type, event),
      (error) => this.#report(error),
    )
  }

  /**
   * Connects to the server, within `requestTimeoutSeconds`. The first failure is final, unless `readyTimeoutSeconds` is
   * given: then it goes on trying for that long, each attempt within `requestTimeoutSeconds`.
   *
   * @param options What differs from the defaults and the environment; `Options` or a plain object.
   * @throws {InvalidOptionsError} an option, a variable or a certificate file is wrong; nothing was sent.
   * @throws {ConnectionError} there is no server, or it does not speak gRPC or TLS as this client does.
   * @throws {AuthenticationError} the server refuses this client.
   * @throws {ServerError} the server refuses the scope or the format.
   * @throws {UnsupportedError} the server is too old.
   */
  static create(options?: SessionOptions | Options): Promise<Session> {
    return onBehalfOf(captureCaller(), undefined, () => Session.#open(options))
  }

  static async #open(options: SessionOptions | Options | undefined): Promise<Session> {
    const resolved = resolveOptions(options)
    const session = new Session(resolved, CREATE)
    const tls = await loadCertificates(resolved.tlsOptions)
    const { requestTimeoutSeconds, readyTimeoutSeconds, disconnectTimeoutSeconds } = resolved
    session.#connection = await connect(
      {
        endpoint: {
          address: resolved.address,
          tls,
          channelOptions: resolved.channelOptions,
          transport: resolved.transport,
        },
        scope: resolved.scope,
        format: resolved.format,
        clientId: Buffer.from(session.id.replaceAll('-', ''), 'hex'),
        requestTimeoutSeconds,
        readyTimeoutSeconds,
        disconnectTimeoutSeconds,
      },
      {
        disconnected: (reason) => session.#listeners.emit('disconnected', { type: 'disconnected', reason }),
        reconnected: () => session.#listeners.emit('reconnected', { type: 'reconnected' }),
        unreadable: (error) => session.#report(error),
        gaveUp: (reason, cause) => void session.#close(reason, cause),
      },
      callOf('create', undefined, {}, requestTimeoutSeconds),
    ).catch((error: unknown) => {
      throw explainAddress(error, resolved)
    })
    session.#server = session.#connection.server
    // Nobody can listen before they have the session.
    setImmediate(() => {
      if (!session.closed) session.#listeners.emit('connected', { type: 'connected' })
    })
    return session
  }

  /** Whether the session is closed or being closed: no call is accepted any more. */
  get closed(): boolean {
    return this.#closing !== undefined
  }

  /** Whether there is a connection to the server now: not while a lost one is made again, and not once it is closed. */
  get connected(): boolean {
    return !this.closed && this.#connection?.server !== undefined
  }

  /** What the server said of itself when the session connected to it last. */
  get serverInfo(): ServerInfo {
    this.#server = this.#connection?.server ?? this.#server
    if (this.#server === undefined)
      throw new SessionClosedError('The session was never connected', { outcome: 'not-sent' })
    return this.#server
  }

  /** The names of the maps and caches that are active. */
  get activeMaps(): string[] {
    return this.#maps.activeNames()
  }

  /**
   * The map of this name, made on the server where there is none. The same one each time until it is released or
   * destroyed; a map and a cache of one name are one.
   *
   * @throws {TypeError} the name is empty or not a string, or the open one has other options.
   */
  getMap<K = unknown, V = unknown>(name: string, options?: CallOptions): Promise<NamedMap<K, V>> {
    return this.#map<K, V>('getMap', name, options)
  }

  /**
   * The cache of this name, made on the server where there is none. The same one each time until it is released or
   * destroyed; a map and a cache of one name are one.
   *
   * @param options.defaultTtlSeconds The life of entries that are stored without one of their own, in seconds;
   *   left out, the server's configuration holds.
   * @throws {TypeError} the name is empty or not a string, or the open one has other options.
   */
  getCache<K = unknown, V = unknown>(name: string, options?: CacheOptions): Promise<NamedCache<K, V>> {
    return this.#map<K, V>('getCache', name, options)
  }

  /**
   * The time that a round trip to the server takes, in seconds.
   *
   * @throws {ConnectionError} there is no connection, or it was lost before the answer.
   * @throws {RequestTimeoutError} no answer in time.
   */
  ping(options?: CallOptions): Promise<number> {
    return onBehalfOf(captureFewCallers(now()), options?.signal, async () => {
      const connection = this.#connected('ping')
      const given = checkedOptions('ping', options, CALL_OPTIONS)
      return await connection.ping(callOf('ping', undefined, given, this.options.requestTimeoutSeconds))
    })
  }

  /** Calls `listener` when the event happens, to this session or to one of its maps. */
  on<N extends keyof SessionEvents>(event: N, listener: EventListener<SessionEvents[N]>): this {
    this.#listenersTo(event).add(event, listener)
    return this
  }

  /**
   * Calls `listener` the next time the event happens, to this session or to one of its maps, and not again. `off` takes
   * it away before.
   */
  once<N extends keyof SessionEvents>(event: N, listener: EventListener<SessionEvents[N]>): this {
    this.#listenersTo(event).addOnce(event, listener)
    return this
  }

  /** Takes a listener away. */
  off<N extends keyof SessionEvents>(event: N, listener: EventListener<SessionEvents[N]>): this {
    this.#listenersTo(event).remove(event, listener)
    return this
  }

  /**
   * Ends the session. Calls in progress are answered first, as long as there is a connection, and for no longer than
   * `requestTimeoutSeconds`; what is left then, and streamed reads, end with `SessionClosedError`. Nothing keeps the
   * process alive afterwards.
   */
  close(): Promise<void> {
    return this.#close('close() was called')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** The address and the state, for logs. @internal */
  [inspect.custom](): string {
    const state = this.closed ? 'closed' : this.connected ? 'connected' : 'disconnected'
    return `Session ${inspect(this.options.address)} { ${state}, id: '${this.id}' }`
  }

  #close(reason: string, cause?: unknown): Promise<void> {
    this.#closing ??= this.#finish(reason, cause)
    return this.#closing
  }

  async #finish(reason: string, cause: unknown): Promise<void> {
    const connection = this.#connection
    if (connection !== undefined) {
      if (cause === undefined) await this.#drain(connection)
      await connection.close(reason, cause)
    }
    this.#maps.releaseAll()
    this.#listeners.emit('closed', { type: 'closed', ...(cause === undefined ? {} : { reason: cause }) })
  }

  /** Waits for the calls in progress, as long as their answers can come. */
  async #drain(connection: CacheConnection): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      timer = alarm(
        now() + Math.min(this.options.requestTimeoutSeconds, LONGEST_DRAIN_SECONDS) * 1_000,
        resolve,
      )
    })
    await Promise.race([this.#maps.idle(), connection.disconnected(), patience])
    clearTimeout(timer)
  }

  #map<K, V>(
    operation: 'getMap' | 'getCache',
    name: string,
    options: CacheOptions | undefined,
  ): Promise<NamedCache<K, V>> {
    // Some ask for a map again with each thing they do on it.
    const caller = this.#maps.has(name) ? captureFewCallers(now()) : captureCaller()
    return onBehalfOf(caller, options?.signal, () =>
      this.#maps.get<K, V>(operation, name, options, this.#connected(operation)),
    )
  }

  #connected(operation: string): CacheConnection {
    this.#assertOpen(operation)
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

/** As text: Node takes an error as a warning only where it was made in the realm of Node itself. */
function warn(error: unknown): void {
  process.emitWarning(inspect(error), 'CoherenceWarning')
}
