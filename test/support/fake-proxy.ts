// A v1 server in this process that answers from memory and misbehaves on demand, so that tests decide what a client
// meets: late, wrong, doubled or missing answers, refused handshakes, streams that end.
import { createServer, type Server } from 'nice-grpc'
import type { NamedCacheRequestType } from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import { NamedCacheRequest } from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import type {
  InitRequest,
  ProxyRequest,
  ProxyResponse,
} from '../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import { ProxyServiceDefinition } from '../../gen/coherence/proxy/v1/proxy_service_v1'
import { FakeCaches } from './fake-caches'
import { FakeRequest } from './fake-request'
import { FakeStream } from './fake-stream'
import { freePort, LOOPBACK } from './loopback-ports'

export { FakeRequest } from './fake-request'
export { FakeStream } from './fake-stream'

type RequestScript = (request: FakeRequest) => void
type InitScript = (stream: FakeStream, init: InitRequest, id: number) => void
type HeartbeatScript = (stream: FakeStream, id: number) => void

const CACHE_REQUEST_URL = 'type.googleapis.com/coherence.cache.v1.NamedCacheRequest'

export class FakeProxy implements AsyncDisposable {
  readonly address: string
  /** What the caches hold, whatever stream wrote it. */
  readonly caches = new FakeCaches()
  /** Every stream that was opened, in order. */
  readonly streams: FakeStream[] = []
  /** Every handshake that was asked for, in order. */
  readonly inits: InitRequest[] = []
  /** Every request of the cache service that arrived, in order. */
  readonly requests: FakeRequest[] = []
  readonly #scripts = new Map<NamedCacheRequestType, RequestScript>()
  readonly #watchers = new Set<() => void>()
  #onInit: InitScript = acceptInit
  #onHeartbeat: HeartbeatScript = answerHeartbeat
  #server: Server | undefined

  private constructor(address: string) {
    this.address = address
  }

  static async start(): Promise<FakeProxy> {
    const proxy = new FakeProxy(`${LOOPBACK}:${await freePort()}`)
    await proxy.start()
    return proxy
  }

  /** The streams that are open now. */
  get open(): FakeStream[] {
    return this.streams.filter((stream) => stream.isOpen)
  }

  /** Answers requests of this type with `script` from now on; without one as usual, from memory. */
  on(type: NamedCacheRequestType, script: RequestScript = answerAsUsual): void {
    this.#scripts.set(type, script)
  }

  /** Answers the next request of this type with `script`, later ones as usual. */
  once(type: NamedCacheRequestType, script: RequestScript): void {
    this.on(type, (request) => {
      this.on(type)
      script(request)
    })
  }

  /** Answers handshakes with `script` from now on; without one it accepts them. */
  onInit(script: InitScript = acceptInit): void {
    this.#onInit = script
  }

  /** Answers heartbeats that want an answer with `script`; without one as usual. */
  onHeartbeat(script: HeartbeatScript = answerHeartbeat): void {
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
    const server = createServer({ 'grpc.max_receive_message_length': -1 })
    server.add(ProxyServiceDefinition, {
      subChannel: (requests, { signal }) => this.#serve(requests, signal),
    })
    await server.listen(this.address)
    this.#server = server
  }

  /** Ends all connections at once and listens no more. */
  stop(): void {
    this.#server?.forceShutdown()
    this.#server = undefined
  }

  /** Ends all connections; new ones are accepted. */
  async cut(): Promise<void> {
    this.stop()
    await this.start()
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.stop()
    return Promise.resolve()
  }

  async *#serve(
    requests: AsyncIterable<ProxyRequest>,
    signal: AbortSignal,
  ): AsyncGenerator<ProxyResponse, void> {
    const stream = new FakeStream(() => this.#changed())
    this.streams.push(stream)
    signal.addEventListener('abort', () => stream.cancelled())
    void this.#read(stream, requests)
    yield* stream.responses()
  }

  async #read(stream: FakeStream, requests: AsyncIterable<ProxyRequest>): Promise<void> {
    try {
      for await (const request of requests) this.#received(stream, request)
    } catch {
      // The client cancelled, or the connection ended: the stream's signal tells.
    }
  }

  #received(stream: FakeStream, { id, request }: ProxyRequest): void {
    switch (request?.$case) {
      case 'init':
        this.inits.push(request.value)
        this.#onInit(stream, request.value, Number(id))
        break
      case 'heartbeat':
        if (request.value.ack) this.#onHeartbeat(stream, Number(id))
        break
      case 'message': {
        if (request.value.typeUrl !== CACHE_REQUEST_URL)
          throw new Error(`a client sent ${request.value.typeUrl}`)
        const message = NamedCacheRequest.decode(request.value.value)
        const received = new FakeRequest(this.caches, stream, Number(id), message)
        this.requests.push(received)
        const script = this.#scripts.get(message.type) ?? answerAsUsual
        script(received)
        break
      }
      case undefined:
        throw new Error('a client sent a request without a kind')
    }
    this.#changed()
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher()
  }
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

function answerHeartbeat(stream: FakeStream, id: number): void {
  stream.send(id, { $case: 'heartbeat', value: { uuid: undefined, ack: false } })
}
