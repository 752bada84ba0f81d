// The embedded server with a script: tests decide what a client meets: late, wrong, doubled or missing answers, refused
// handshakes, streams that end.
import type { IncomingHttpHeaders } from 'node:http2'
import type { NamedCacheRequestType } from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { InitRequest } from '../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import { Clock } from '../../src/testing/clock'
import { EmbeddedServer, type Meddler } from '../../src/testing/proxy/embedded-server'
import type { ProxyStream } from '../../src/testing/proxy/proxy-stream'
import { freePort, LOOPBACK } from '../../src/testing/real/loopback-ports'
import { FakeCaches } from './fake-caches'
import { FakeRequest } from './fake-request'
import { FAKE_SERVER, FakeStream } from './fake-stream'

export { FakeRequest } from './fake-request'
export { FakeStream } from './fake-stream'

type RequestScript = (request: FakeRequest) => void
type InitScript = (stream: FakeStream, init: InitRequest, id: number) => void
type HeartbeatScript = (stream: FakeStream, id: number) => void

/** It keeps its entries in the order in which they came. */
const ONE_PARTITION = 1

export class FakeProxy implements AsyncDisposable {
  readonly address: string
  /** What the caches hold, whatever stream wrote it. */
  readonly caches: FakeCaches
  /** Every stream that was opened, in order. */
  readonly streams: FakeStream[] = []
  /** Every handshake that was asked for, in order. */
  readonly inits: InitRequest[] = []
  /** The headers of every stream that was asked for, in order. */
  readonly headers: IncomingHttpHeaders[] = []
  /** Why a stream with these headers is not served. */
  refusal: NonNullable<Meddler['refusal']> = () => undefined
  /** Every request of the cache service that arrived, in order. */
  readonly requests: FakeRequest[] = []
  readonly #server: EmbeddedServer
  readonly #known = new WeakMap<object, FakeStream>()
  readonly #scripts = new Map<NamedCacheRequestType, RequestScript>()
  readonly #watchers = new Set<() => void>()
  #stopped: Promise<void> = Promise.resolve()
  #onInit: InitScript | undefined
  #onHeartbeat: HeartbeatScript | undefined

  private constructor(server: EmbeddedServer) {
    this.#server = server
    this.address = `${LOOPBACK}:${server.port}`
    this.caches = new FakeCaches(server.caches)
    server.meddler = {
      opened: (stream) => this.#opened(stream),
      ended: () => this.#changed(),
      refusal: (headers) => {
        this.headers.push(headers)
        return this.refusal(headers)
      },
      init: (stream, request, id) => this.#init(stream, request, id),
      heartbeat: (stream, id) => {
        this.#onHeartbeat?.(this.#streamOf(stream), Number(id))
        this.#changed()
        return this.#onHeartbeat !== undefined
      },
      request: (request) => {
        const stream = this.#streamOf(request.stream)
        const received = new FakeRequest(stream, request, (asUsual) => server.answer(asUsual))
        this.requests.push(received)
        const script = this.#scripts.get(request.type) ?? ((one) => this.#answerAsUsual(one))
        script(received)
        this.#changed()
        return true
      },
    }
  }

  static async start(): Promise<FakeProxy> {
    return new FakeProxy(
      await EmbeddedServer.start({
        host: LOOPBACK,
        port: await freePort(),
        tls: undefined,
        clock: new Clock(),
        partitions: ONE_PARTITION,
        version: FAKE_SERVER.proxyVersion,
        memberId: FAKE_SERVER.memberId,
      }),
    )
  }

  /** The streams that are open now. */
  get open(): FakeStream[] {
    return this.streams.filter((stream) => stream.isOpen)
  }

  /** Answers requests of this type with `script` from now on; without one as usual, from memory. */
  on(type: NamedCacheRequestType, script?: RequestScript): void {
    if (script === undefined) this.#scripts.delete(type)
    else this.#scripts.set(type, script)
  }

  /** Answers the next request of this type with `script`, later ones as usual. */
  once(type: NamedCacheRequestType, script: RequestScript): void {
    this.on(type, (request) => {
      this.on(type)
      script(request)
    })
  }

  /** Answers handshakes with `script` from now on; without one it accepts them. */
  onInit(script?: InitScript): void {
    this.#onInit = script
  }

  /** Answers heartbeats that want an answer with `script`; without one as usual. */
  onHeartbeat(script?: HeartbeatScript): void {
    this.#onHeartbeat = script
  }

  /** The requests of this type that arrived. */
  received(type: NamedCacheRequestType): FakeRequest[] {
    return this.requests.filter((request) => request.type === type)
  }

  /** Resolves when `condition` holds, which is looked at whenever something arrives or ends. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        const changed = (): void => {
          this.#watchers.delete(changed)
          resolve()
        }
        this.#watchers.add(changed)
      })
    }
  }

  /** The first `count` requests of this type, when they have arrived. */
  async arrival(type: NamedCacheRequestType, count = 1): Promise<FakeRequest[]> {
    await this.until(() => this.received(type).length >= count)
    return this.received(type)
  }

  /** Listens again after `stop()`, on the same port. */
  async start(): Promise<void> {
    await this.#stopped
    await this.#server.listen()
  }

  /** Ends all connections at once and listens no more. */
  stop(): void {
    this.#stopped = this.#server.stopListening()
  }

  /** Asks all clients to leave their connections, which go on until all calls on them have ended. */
  goAway(): void {
    this.#server.goAway()
  }

  /** Ends all connections; new ones are accepted. */
  async cut(): Promise<void> {
    this.stop()
    await this.start()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stopped
    await this.#server.close()
  }

  #opened(stream: ProxyStream): void {
    const fake = new FakeStream(stream, (id) => this.#server.acceptInit(stream, ANY_INIT, id))
    this.#known.set(stream, fake)
    this.streams.push(fake)
  }

  #init(stream: ProxyStream, request: InitRequest, id: bigint): boolean {
    this.inits.push(request)
    this.#onInit?.(this.#streamOf(stream), request, Number(id))
    this.#changed()
    return this.#onInit !== undefined
  }

  #answerAsUsual(request: FakeRequest): void {
    if (!this.caches.answerPage(request)) request.answerAsUsual()
  }

  #streamOf(stream: object): FakeStream {
    const known = this.#known.get(stream)
    if (known === undefined) throw new Error('The stream was not opened on this server')
    return known
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher()
  }
}

/** A handshake that the server accepts. */
const ANY_INIT: InitRequest = {
  scope: '',
  format: 'json',
  protocol: 'CacheService',
  protocolVersion: 1,
  supportedProtocolVersion: 1,
  heartbeat: undefined,
  clientUuid: undefined,
  identity: undefined,
}

/** Does nothing: the client waits in vain. */
export function noAnswer(): void {
  // On purpose.
}

export function answerAsUsual(request: FakeRequest): void {
  request.answerAsUsual()
}

export function acceptInit(stream: FakeStream, _init: InitRequest, id: number): void {
  stream.acceptInit(id)
}
