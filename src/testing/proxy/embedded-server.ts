// The server behind EmbeddedCoherence: its caches, its streams, and a place for whoever wants to meddle with what arrives.
import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http2'
import { NamedCacheRequestType } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { InitRequest } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { Clock } from '../clock'
import { StoredCaches } from '../store/stored-caches'
import type { CacheRequest } from './cache-request'
import { CacheService } from './cache-service'
import {
  type CallHandler,
  GrpcListener,
  type ListenerTls,
  type Refusal,
  type ServerCall,
  Status,
} from './grpc-listener'
import { ProxyStream } from './proxy-stream'

/** What comes first at what arrives. Each function returns whether the server has nothing left to do. */
export interface Meddler {
  init?(stream: ProxyStream, request: InitRequest, id: bigint): boolean
  heartbeat?(stream: ProxyStream, id: bigint): boolean
  request?(request: CacheRequest): boolean
  opened?(stream: ProxyStream): void
  /** Why a stream with these headers is not served. */
  refusal?(headers: IncomingHttpHeaders): Refusal | undefined
  ended?(stream: ProxyStream): void
}

export interface ServerSettings {
  readonly host: string
  readonly port: number
  readonly tls: ListenerTls | undefined
  readonly clock: Clock
  readonly partitions: number
  /** What the handshake says of the server. */
  readonly version: string
  readonly memberId: number
}

/** A message of one more byte resets its stream. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
const PROTOCOL_VERSION = 1
const SUB_CHANNEL = '/coherence.proxy.v1.ProxyService/subChannel'
const SCOPES: readonly string[] = ['', '$SYS']
const FORMAT = 'json'
const PROTOCOL = 'cacheservice'

export class EmbeddedServer {
  readonly caches: StoredCaches
  readonly streams = new Set<ProxyStream>()
  meddler: Meddler = {}
  readonly #settings: ServerSettings
  readonly #service: CacheService
  #listener: GrpcListener | undefined
  #starting: Promise<GrpcListener> | undefined
  #port: number
  #paused: (() => void)[] | undefined

  /** A server that does not listen yet. */
  constructor(settings: ServerSettings) {
    this.#settings = settings
    this.#port = settings.port
    this.caches = new StoredCaches(settings.clock, settings.partitions)
    this.#service = new CacheService(this.caches)
  }

  static async start(settings: ServerSettings): Promise<EmbeddedServer> {
    const server = new EmbeddedServer(settings)
    await server.listen()
    return server
  }

  get port(): number {
    return this.#port
  }

  /** Listens, again on the port it had. */
  async listen(): Promise<void> {
    this.#starting ??= this.#startListener()
    try {
      await this.#starting
    } catch (error) {
      // The port may be free the next time.
      this.#starting = undefined
      throw error
    }
  }

  /** Ends all connections and listens no more; the caches stay. */
  async stopListening(): Promise<void> {
    this.#paused = undefined
    const stopped = this.#listener?.stop()
    const starting = this.#starting
    this.#listener = undefined
    this.#starting = undefined
    await stopped
    // One that was about to listen has to stop as well.
    await (await starting?.catch(() => undefined))?.stop()
  }

  dropConnections(): void {
    this.#listener?.dropConnections()
  }

  goAway(): void {
    this.#listener?.goAway()
  }

  /** From now on nothing is answered, until `resume`. */
  pause(): void {
    this.#paused ??= []
  }

  /** Answers what arrived meanwhile, in order. */
  resume(): void {
    const paused = this.#paused ?? []
    this.#paused = undefined
    for (const task of paused) task()
  }

  async close(): Promise<void> {
    await this.stopListening()
    this.caches.destroyAll()
  }

  /** Answers as a server does that nobody meddles with. */
  answer(request: CacheRequest): void {
    this.#service.answer(request)
  }

  init(stream: ProxyStream, request: InitRequest, id: bigint): void {
    this.#unlessPaused(() => {
      if (this.meddler.init?.(stream, request, id) !== true) this.acceptInit(stream, request, id)
    })
  }

  heartbeat(stream: ProxyStream, id: bigint): void {
    this.#unlessPaused(() => {
      if (this.meddler.heartbeat?.(stream, id) !== true) this.answerHeartbeat(stream, id)
    })
  }

  request(request: CacheRequest): void {
    this.#unlessPaused(() => {
      if (this.meddler.request?.(request) !== true) this.answer(request)
    })
  }

  ended(stream: ProxyStream): void {
    this.streams.delete(stream)
    this.meddler.ended?.(stream)
  }

  /** Answers a handshake: with what the server is, or by the end of the stream, as the real one does without a reason. */
  acceptInit(stream: ProxyStream, request: InitRequest, id: bigint): void {
    const version = negotiated(request)
    const isKnown =
      request.protocol.toLowerCase() === PROTOCOL &&
      request.format === FORMAT &&
      SCOPES.includes(request.scope)
    if (version === undefined || !isKnown) {
      stream.end(Status.INTERNAL)
      return
    }
    stream.scope = request.scope
    const uuid = randomBytes(16)
    stream.responses.send(id, {
      $case: 'init',
      value: {
        uuid,
        version: this.#settings.version,
        encodedVersion: 0,
        protocolVersion: version,
        proxyMemberId: this.#settings.memberId,
        proxyMemberUuid: uuid,
      },
    })
  }

  answerHeartbeat(stream: ProxyStream, id: bigint): void {
    stream.responses.send(id, { $case: 'heartbeat', value: { uuid: undefined, ack: false } })
  }

  async #startListener(): Promise<GrpcListener> {
    const { host, tls } = this.#settings
    const listener = await GrpcListener.start(
      {
        host,
        port: this.#port,
        tls,
        maxMessageBytes: MAX_MESSAGE_BYTES,
        refusal: (headers) => this.meddler.refusal?.(headers),
      },
      { [SUB_CHANNEL]: (call) => this.open(call) },
    )
    this.#port = listener.port
    this.#listener = listener
    return listener
  }

  /** Serves a call, whatever it came by. */
  open(call: ServerCall): CallHandler {
    const stream = new ProxyStream(call, this)
    this.streams.add(stream)
    this.meddler.opened?.(stream)
    return stream
  }

  #unlessPaused(task: () => void): void {
    if (this.#paused === undefined) task()
    else this.#paused.push(task)
  }
}

/** The version that both sides speak; `undefined` where there is none. */
function negotiated({ protocolVersion, supportedProtocolVersion }: InitRequest): number | undefined {
  if (protocolVersion === PROTOCOL_VERSION) return PROTOCOL_VERSION
  if (protocolVersion > PROTOCOL_VERSION && supportedProtocolVersion <= PROTOCOL_VERSION) {
    return PROTOCOL_VERSION
  }
  return undefined
}

/** The names of requests, such as `Put`. */
export function operationOf({ type }: CacheRequest): string {
  return type in NamedCacheRequestType ? NamedCacheRequestType[type] : 'Unknown'
}
