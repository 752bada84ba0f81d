// Servers made by hand that do what no gRPC server does, for tests of what a channel makes of it.
import { once } from 'node:events'
import {
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { LOOPBACK } from '../../../src/testing/real/loopback-ports'
import { addressOf } from '../../support/tcp-proxy'

export interface RawServer extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly address: string
  readonly sockets: ReadonlySet<Socket>
  /** How many connections were accepted. */
  readonly accepted: number
}

export interface RawStream extends ServerHttp2Stream {
  readonly session: ServerHttp2Session
}

export const GRPC_HEADERS = { ':status': 200, 'content-type': 'application/grpc' } as const

/** Speaks HTTP/2; what it does with a request is up to `answer`. */
export function startHttp2Server(
  answer: (stream: RawStream, headers: IncomingHttpHeaders) => void,
  settings: Settings = {},
): Promise<RawServer> {
  const server = createServer({ settings })
  server.on('sessionError', () => undefined)
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    answer(stream as RawStream, headers)
  })
  return listen(server)
}

/** Speaks whatever `accept` does with a socket. */
export function startTcpServer(accept: (socket: Socket) => void): Promise<RawServer> {
  return listen(createTcpServer(accept))
}

/** Answers a call with messages and a status, as a server should. */
export function answerWith(stream: ServerHttp2Stream, chunks: readonly Buffer[], status = 0): void {
  stream.respond(GRPC_HEADERS, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(status) }))
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
}

/** A message with the five bytes that gRPC puts before it. */
export function framed(message: string | Buffer, flags = 0): Buffer {
  const body = Buffer.from(message)
  const frame = Buffer.alloc(5 + body.length)
  frame.writeUInt8(flags, 0)
  frame.writeUInt32BE(body.length, 1)
  body.copy(frame, 5)
  return frame
}

async function listen(server: Server): Promise<RawServer> {
  const sockets = new Set<Socket>()
  let accepted = 0
  server.on('connection', (socket: Socket) => {
    accepted += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen({ port: 0, host: LOOPBACK })
  await once(server, 'listening')
  return {
    address: addressOf(server),
    sockets,
    get accepted() {
      return accepted
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
