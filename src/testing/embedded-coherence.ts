// A Coherence server in this process, for trying things out, for development and for tests. It keeps everything in memory
// and forgets it when it stops: production data belongs in a cluster.
import { EventEmitter } from 'node:events'
import { checkedOptions, checkInteger, checkSeconds, checkText, refuse, shown } from './checks'
import { Clock } from './clock'
import { Faults } from './faults'
import { toPlain } from './inspection'
import { NamedCacheRequestType } from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import { EmbeddedServer, operationOf } from './proxy/embedded-server'
import { PARTITIONS } from './store/stored-cache'
import { valueOf } from './store/stored-value'

/** Certificates of the server, as PEM text. */
export interface EmbeddedTls {
  readonly key: string | Uint8Array
  readonly cert: string | Uint8Array
  /** Clients have to show a certificate that this authority signed; without it they need none. */
  readonly ca?: string | Uint8Array | undefined
}

export interface EmbeddedCoherenceOptions {
  /** The port to listen on; by default one that is free. */
  readonly port?: number | undefined
  /** The address to listen on; `127.0.0.1` by default, which only this machine reaches. */
  readonly host?: string | undefined
  readonly tls?: EmbeddedTls | undefined
  /** What times to live go by; by default a clock of its own that runs as real time does. */
  readonly clock?: Clock | undefined
  /** How many partitions caches have, which is how many pages a large cache has; 257 by default. */
  readonly partitions?: number | undefined
  /** The release that the server says it is; `25.03.2` by default. It behaves as that one does. */
  readonly release?: string | undefined
  /** How long each answer to a request on a map is held back; 0 by default. */
  readonly latencySeconds?: number | undefined
}

/** The requests that clients send. */
export type Operation = Exclude<keyof typeof NamedCacheRequestType, 'Unknown' | 'UNRECOGNIZED'>

/** A request that arrived. */
export interface ReceivedRequest {
  readonly operation: Operation
  /** The cache it is about; `undefined` where it names none that is known. */
  readonly mapName: string | undefined
}

interface Events {
  request: [request: ReceivedRequest]
}

const RELEASE = '25.03.2'
const LOOPBACK = '127.0.0.1'
const MEMBER_ID = 1
const MAX_PORT = 65_535
const START = 'EmbeddedCoherence.start()'
const OPTIONS = ['port', 'host', 'tls', 'clock', 'partitions', 'release', 'latencySeconds']

/**
 * A Coherence server within this process. It listens on loopback unless `host` says otherwise, and keeps its caches in memory until it is stopped.
 *
 * @example
 * ```ts
 * import { Session } from 'coherence-ts'
 * import { EmbeddedCoherence } from 'coherence-ts/testing'
 *
 * await using server = await EmbeddedCoherence.start()
 * await using session = await Session.create({ address: server.address })
 * const people = await session.getMap<string, string>('people')
 * await people.set('ann', 'Ann')
 * console.log(server.inspect('people')) // prints Map(1) { 'ann' => 'Ann' }
 * ```
 */
export class EmbeddedCoherence {
  /** What a session connects to: `host:port`. It stays the same through `stop()` and `restart()`. */
  readonly address: string
  /** What times to live go by; `clock.advance(seconds)` lets them pass. */
  readonly clock: Clock
  readonly #server: EmbeddedServer
  readonly #faults = new Faults()
  readonly #events = new EventEmitter<Events>()

  private constructor(server: EmbeddedServer, host: string, clock: Clock, latencySeconds: number) {
    this.#server = server
    this.address = `${host.includes(':') ? `[${host}]` : host}:${server.port}`
    this.clock = clock
    server.meddler = {
      request: (request) => {
        const operation = operationOf(request) as Operation
        this.#events.emit('request', { operation, mapName: request.view?.cache.name })
        const answer = (): void => server.answer(request)
        if (this.#faults.take(request, answer)) return true
        if (latencySeconds === 0) return false
        this.#faults.delay(latencySeconds, answer)
        return true
      },
    }
  }

  /**
   * Starts a server; it can be reached when this resolves. Rejects with a TypeError for wrong options, and with the error
   * of `node:net` where the port is taken.
   */
  static async start(options: EmbeddedCoherenceOptions = {}): Promise<EmbeddedCoherence> {
    checkedOptions(START, options, OPTIONS)
    const {
      port = 0,
      host = LOOPBACK,
      tls,
      clock = new Clock(),
      partitions = PARTITIONS,
      release = RELEASE,
      latencySeconds = 0,
    } = options
    checkInteger(START, 'port', port, 0, MAX_PORT)
    checkText(START, 'host', host, `the name or the number of an address, such as '${LOOPBACK}'`)
    if (tls !== undefined) checkTls(tls)
    if (!(clock instanceof Clock))
      refuse(START, 'clock', clock, 'a clock, such as new Clock({ frozen: true })')
    checkInteger(START, 'partitions', partitions, 1, MAX_PORT)
    if (release !== RELEASE) refuse(START, 'release', release, `'${RELEASE}', the only one that it can be`)
    checkSeconds(START, 'latencySeconds', latencySeconds)
    const server = await EmbeddedServer.start({
      host,
      port,
      tls,
      clock,
      partitions,
      version: release,
      memberId: MEMBER_ID,
    })
    return new EmbeddedCoherence(server, host, clock, latencySeconds)
  }

  /** Ends all connections, as a network that fails does. Clients may connect again at once; the caches stay. */
  dropConnections(): void {
    this.#server.dropConnections()
  }

  /**
   * Asks all clients to leave, as a server or a proxy in between does before it ends (GOAWAY of HTTP/2): their connections
   * take no new calls, and those in progress go on. New connections are accepted.
   */
  goAway(): void {
    this.#server.goAway()
  }

  /** From now on the server answers nothing, as a process that is suspended, until `resume()`. */
  pause(): void {
    this.#server.pause()
  }

  /** Answers what arrived since `pause()`, in order. */
  resume(): void {
    this.#server.resume()
  }

  /** Ends all connections and listens no more. The caches are gone. `restart()` listens again. */
  async stop(): Promise<void> {
    this.#faults.clear()
    await this.#server.close()
  }

  /**
   * As a server that dies and comes back: ends all connections, forgets all caches, and listens again on the same port.
   * Rejects with the error of `node:net` where another program has taken the port meanwhile.
   */
  async restart(): Promise<void> {
    this.#faults.clear()
    await this.#server.stopListening()
    this.#server.caches.destroyAll()
    await this.#server.listen()
  }

  /**
   * The next request of this kind fails with an error of this text; the cache does not change. Called twice, it is the next
   * two. Throws a TypeError for an unknown kind or an error that is no text.
   *
   * @example
   * ```ts
   * import { type CoherenceError, Session } from 'coherence-ts'
   * import { EmbeddedCoherence } from 'coherence-ts/testing'
   *
   * await using server = await EmbeddedCoherence.start()
   * await using session = await Session.create({ address: server.address })
   * const people = await session.getMap<string, string>('people')
   * server.failNext('Put', 'the disk is full')
   * await people.set('ann', 'Ann').catch((error: CoherenceError) => {
   *   console.log(error.code) // prints ERR_COHERENCE_SERVER
   * })
   * ```
   */
  failNext(operation: Operation, error = 'The embedded server was asked to fail'): void {
    checkOperation('failNext', operation)
    checkText('failNext()', 'error', error, 'a text')
    this.#faults.failNext(operation, error)
  }

  /**
   * The next request of this kind is carried out and answered so much later. Throws a TypeError for an unknown kind or a
   * number of seconds that is none.
   */
  delayNext(operation: Operation, seconds: number): void {
    checkOperation('delayNext', operation)
    checkSeconds('delayNext()', 'seconds', seconds)
    this.#faults.delayNext(operation, seconds)
  }

  /**
   * Calls `listener` with each request that arrives, before it is answered. Throws a TypeError for another event or a listener
   * that is no function.
   */
  on(event: 'request', listener: (request: ReceivedRequest) => void): this {
    checkListener('on', event, listener)
    this.#events.on(event, listener)
    return this
  }

  /** Calls `listener` no more. Throws as `on` does. */
  off(event: 'request', listener: (request: ReceivedRequest) => void): this {
    checkListener('off', event, listener)
    this.#events.off(event, listener)
    return this
  }

  /**
   * The entries of a map as JavaScript values; none where nobody has opened the map yet. Throws a TypeError for a name that
   * is none.
   */
  inspect(mapName: string): Map<unknown, unknown> {
    checkText('inspect()', 'mapName', mapName, 'the name of a map')
    const entries = this.#server.caches.find('', mapName)?.entries() ?? []
    return new Map(entries.map(({ key, value }) => [toPlain(valueOf(key)), toPlain(valueOf(value))]))
  }

  /**
   * Removes the entries of all maps, as `truncate()` does: without an event for each. Forgets all faults that were asked for;
   * calls that are being delayed are never answered. Connections stay.
   */
  clear(): void {
    this.#faults.clear()
    this.#server.caches.truncateAll()
  }

  /** Stops the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

function checkTls(tls: unknown): void {
  const { key, cert, ca } = checkedOptions(`${START} in tls`, tls, ['key', 'cert', 'ca'])
  for (const [name, pem] of Object.entries({ key, cert, ca })) {
    const isLeftOut = name === 'ca' && pem === undefined
    if (!isLeftOut && typeof pem !== 'string' && !(pem instanceof Uint8Array))
      refuse(START, `tls.${name}`, pem, 'the text of a PEM file')
  }
}

function checkOperation(caller: string, operation: unknown): void {
  const known =
    typeof operation === 'string' && /^[A-Z]/.test(operation) && operation in NamedCacheRequestType
  if (known) return
  throw new TypeError(
    `${caller}() got ${shown(operation)} as the operation: pass the name of a request, such as 'Put'`,
  )
}

function checkListener(caller: string, event: unknown, listener: unknown): void {
  if (event !== 'request')
    throw new TypeError(`${caller}() got ${shown(event)} as the event: it can be 'request' only`)
  if (typeof listener !== 'function') refuse(`${caller}()`, 'listener', listener, 'a function')
}
