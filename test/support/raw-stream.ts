// A stream of the proxy service by hand: sends any bytes, and gives the responses as they come.
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
} from 'node:http2'
import { once } from 'node:events'
import { ProxyRequest, ProxyResponse } from '../../gen/coherence/proxy/v1/proxy_service_messages_v1'

const PATH = '/coherence.proxy.v1.ProxyService/subChannel'
const HEADER_BYTES = 5

export class RawStream implements AsyncDisposable {
  readonly responses: ProxyResponse[] = []
  readonly #session: ClientHttp2Session
  readonly #stream: ClientHttp2Stream
  #rest: Buffer = Buffer.alloc(0)
  #watchers: (() => void)[] = []
  /** The gRPC status, once the stream has ended; `reset N` where it was reset. */
  status: string | undefined

  private constructor(session: ClientHttp2Session, path: string) {
    this.#session = session
    this.#stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    })
    this.#stream.on('data', (chunk: Buffer) => this.#received(chunk))
    const ended = (headers: IncomingHttpHeaders): void => {
      const { 'grpc-status': status, 'grpc-message': details = '' } = headers
      if (typeof status === 'string') this.status = `${status} ${details.toString()}`
      this.#changed()
    }
    this.#stream.on('response', ended)
    this.#stream.on('trailers', ended)
    this.#stream.on('error', () => undefined)
    this.#stream.on('close', () => {
      this.status ??= `reset ${this.#stream.rstCode}`
      this.#changed()
    })
  }

  static async open(address: string, path = PATH): Promise<RawStream> {
    const session = connect(`http://${address}`)
    session.on('error', () => undefined)
    await once(session, 'connect')
    return new RawStream(session, path)
  }

  /** Sends one message, whatever it is. */
  send(message: Uint8Array): void {
    const header = Buffer.alloc(HEADER_BYTES)
    header.writeUInt32BE(message.length, 1)
    this.#stream.write(Buffer.concat([header, message]))
  }

  request(request: ProxyRequest): void {
    this.send(ProxyRequest.encode(request).finish())
  }

  /** Sends bytes that need not be a message. */
  write(bytes: Uint8Array): void {
    this.#stream.write(bytes)
  }

  /** Resolves when `condition` holds; it is looked at whenever something came. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.push(resolve))
  }

  /** The status that the stream ends with. */
  async end(): Promise<string> {
    await this.until(() => this.status !== undefined)
    return this.status ?? ''
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#session, 'close')
    this.#session.destroy()
    await closed
  }

  #received(chunk: Buffer): void {
    let bytes = Buffer.concat([this.#rest, chunk])
    while (bytes.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + bytes.readUInt32BE(1)
      if (bytes.length < end) break
      this.responses.push(ProxyResponse.decode(bytes.subarray(HEADER_BYTES, end)))
      bytes = bytes.subarray(end)
    }
    this.#rest = bytes
    this.#changed()
  }

  #changed(): void {
    const watchers = this.#watchers
    this.#watchers = []
    for (const watcher of watchers) watcher()
  }
}
