// A gRPC server for calls with streams in both directions, straight on node:http2: what a test wants to do to a connection,
// such as cutting it or holding it back, needs the connection itself.
import {
  constants,
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { setImmediate, soon } from '../../async/real-time'
import { FrameReader, frame } from './frames'

export const Status = { UNKNOWN: 2, UNIMPLEMENTED: 12, INTERNAL: 13 } as const

/** Why a call is not served. */
export interface Refusal {
  readonly status: number
  readonly details: string
}

/** What the service does with a call. */
export interface CallHandler {
  /** A message arrived. */
  received(message: Uint8Array): void
  /** The client sends no more. */
  halfClosed(): void
  /** The call ended, for whatever reason. */
  ended(): void
}

/** The side of a call that the server has. */
export interface ServerCall {
  readonly isOpen: boolean
  /** Whether the client leaves much unread; `drained()` then waits for it. */
  readonly isFull: boolean
  send(message: Uint8Array): void
  /** Resolves when the client has read, or the call has ended. */
  drained(): Promise<void>
  /** Ends the call with a gRPC status. */
  end(status: number, details?: string): void
}

/** What the listener serves: by the path of the call, such as `/coherence.proxy.v1.ProxyService/subChannel`. */
export type Services = Readonly<Record<string, (call: ServerCall) => CallHandler>>

/** PEM text. Clients have to show a certificate of `ca` where there is one. */
export interface ListenerTls {
  readonly key: string | Uint8Array
  readonly cert: string | Uint8Array
  readonly ca?: string | Uint8Array | undefined
}

export interface ListenerOptions {
  readonly host: string
  /** 0 for one that is free. */
  readonly port: number
  readonly tls: ListenerTls | undefined
  /** The length of the longest message; a longer one resets its stream. */
  readonly maxMessageBytes: number
  /** Looks at a call before it is served. */
  readonly refusal: (headers: IncomingHttpHeaders) => Refusal | undefined
}

const STREAM_WINDOW_BYTES = 1 << 20
/** What is gathered for one write; more is a write of its own. */
const MOST_GATHERED_BYTES = 64 * 1024

/** One call. What is sent in one turn of the event loop leaves as one write where it is not much. */
class Http2ServerCall implements ServerCall {
  readonly #stream: ServerHttp2Stream
  #out: Uint8Array[] = []
  #outBytes = 0
  #isFlushing = false
  #waiting: (() => void)[] = []

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream
    stream.on('drain', () => this.#proceed())
    stream.on('close', () => this.#proceed())
  }

  get isOpen(): boolean {
    return !this.#stream.destroyed && !this.#stream.writableEnded
  }

  send(message: Uint8Array): void {
    if (!this.isOpen) return
    this.#out.push(...frame(message))
    this.#outBytes += message.length
    if (this.#outBytes > MOST_GATHERED_BYTES) this.#flush()
    if (this.#isFlushing) return
    this.#isFlushing = true
    soon(() => this.#flush())
  }

  get isFull(): boolean {
    return this.isOpen && this.#stream.writableNeedDrain
  }

  async drained(): Promise<void> {
    if (this.isFull) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  end(status: number, details = ''): void {
    if (!this.isOpen) return
    this.#flush()
    this.#stream.on('wantTrailers', () => {
      if (this.#stream.destroyed) return
      this.#stream.sendTrailers({ 'grpc-status': String(status), 'grpc-message': percentEncoded(details) })
      // The client need not end its side.
      setImmediate(() => this.#stream.close(constants.NGHTTP2_NO_ERROR))
    })
    this.#stream.end()
  }

  /** Ends the call as a server does that cannot go on with it. */
  reset(): void {
    this.#stream.close(constants.NGHTTP2_CANCEL)
  }

  #flush(): void {
    this.#isFlushing = false
    const out = this.#out
    if (out.length === 0) return
    this.#out = []
    this.#outBytes = 0
    if (this.isOpen) this.#stream.write(out.length === 1 ? out[0] : Buffer.concat(out))
  }

  #proceed(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

export class GrpcListener {
  readonly #options: ListenerOptions
  readonly #services: Services
  readonly #server: Http2Server | Http2SecureServer
  readonly #sockets = new Set<Socket>()
  readonly #sessions = new Set<ServerHttp2Session>()

  private constructor(options: ListenerOptions, services: Services) {
    this.#options = options
    this.#services = services
    const settings = { initialWindowSize: STREAM_WINDOW_BYTES }
    // Node.js refuses calls on a connection above it, and counts what was not sent on calls that clients cancelled for ever.
    const maxSessionMemory = Number.MAX_SAFE_INTEGER
    const { tls } = options
    this.#server =
      tls === undefined
        ? createServer({ settings, maxSessionMemory })
        : createSecureServer({
            settings,
            maxSessionMemory,
            key: asPem(tls.key),
            cert: asPem(tls.cert),
            ...(tls.ca === undefined
              ? {}
              : { ca: asPem(tls.ca), requestCert: true, rejectUnauthorized: true }),
          })
    this.#server.on('connection', (socket: Socket) => this.#connected(socket))
    this.#server.on('session', (session: ServerHttp2Session) => {
      this.#sessions.add(session)
      session.on('close', () => this.#sessions.delete(session))
      session.on('error', () => session.destroy())
    })
    this.#server.on('stream', (stream, headers) => this.#called(stream, headers))
    // Whatever a client sends that is no HTTP/2, or no TLS, concerns that client only: its connection is gone already.
    for (const event of ['sessionError', 'tlsClientError', 'clientError', 'unknownProtocol']) {
      this.#server.on(event, (...of: unknown[]) => of.forEach(destroy))
    }
  }

  /** Rejects where the port is taken. */
  static async start(options: ListenerOptions, services: Services): Promise<GrpcListener> {
    const listener = new GrpcListener(options, services)
    await new Promise<void>((resolve, reject) => {
      listener.#server.once('error', reject)
      listener.#server.listen(options.port, options.host, () => {
        listener.#server.off('error', reject)
        resolve()
      })
    })
    return listener
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Ends all connections as a process that dies does; new ones are accepted. */
  dropConnections(): void {
    // Their sessions end with them. To destroy a session whose socket is gone makes Node.js 20 write to it without end.
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Tells all clients that their connections take no new calls; those in progress go on, and new connections are accepted. */
  goAway(): void {
    for (const session of this.#sessions) session.goaway(constants.NGHTTP2_NO_ERROR)
  }

  /** Ends all connections, and listens no more. Resolves when the port is free. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.dropConnections()
    await closed
  }

  #connected(socket: Socket): void {
    this.#sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  }

  #called(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on('error', () => stream.destroy())
    const path = headers[':path'] ?? ''
    const service = this.#services[path]
    if (service === undefined) {
      refuse(stream, Status.UNIMPLEMENTED, `Method not found: ${path.slice(1)}`)
      return
    }
    const refusal = this.#options.refusal(headers)
    if (refusal !== undefined) {
      refuse(stream, refusal.status, refusal.details)
      return
    }
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    const call = new Http2ServerCall(stream)
    const handler = service(call)
    const reader = new FrameReader(this.#options.maxMessageBytes)
    stream.on('data', (chunk: Buffer) => {
      for (const message of reader.read(chunk)) handler.received(message)
      if (reader.isBroken) call.reset()
    })
    stream.on('end', () => handler.halfClosed())
    stream.on('close', () => handler.ended())
  }
}

function refuse(stream: ServerHttp2Stream, status: number, details: string): void {
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'grpc-status': String(status),
      'grpc-message': percentEncoded(details),
    },
    { endStream: true },
  )
  stream.resume()
}

/** The text of a status, as gRPC sends it: what is not printable ASCII by its bytes. */
function percentEncoded(text: string): string {
  return text.replace(/[^\x20-\x24\x26-\x7e]+/gu, (part) => encodeURIComponent(part))
}

function asPem(text: string | Uint8Array): string | Buffer {
  return typeof text === 'string' ? text : Buffer.from(text)
}

function destroy(of: unknown): void {
  if (of instanceof Duplex) of.destroy()
}
