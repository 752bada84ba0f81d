// Servers that are no Coherence: what a client meets when an address is wrong or a peer misbehaves.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer as createHttp1Server } from 'node:http'
import { createSecureServer, createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import type { CertificateFiles } from './certificates'
import { freePort, LOOPBACK } from '../../src/testing/real/loopback-ports'
import { addressOf } from './tcp-proxy'

const GRPC_UNIMPLEMENTED = '12'

export interface OddServer extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly address: string
  /** Ends all its connections and the server. */
  close(): Promise<void>
}

export interface TlsHttp2ServerOptions {
  /** With it clients have to show a certificate signed by this CA. */
  readonly clientCaPath?: string
}

/** Speaks HTTP/1.1 only: a gRPC client gets a "400 Bad Request". */
export function plainHttp1Server(): Promise<OddServer> {
  return listen(createHttp1Server((_request, response) => response.end('This is not gRPC.\n')))
}

/** Accepts HTTP/2 without TLS and sends its settings, but never answers a request. */
export function muteHttp2Server(): Promise<OddServer> {
  const server = createHttp2Server()
  server.on('stream', ignoreErrors)
  return listen(server)
}

/** Accepts TCP connections and says nothing. */
export function silentTcpServer(): Promise<OddServer> {
  return listen(createTcpServer((socket) => socket.resume()))
}

/** HTTP/2 with TLS and the given certificate; every gRPC call fails with UNIMPLEMENTED. */
export async function tlsHttp2Server(
  certificate: CertificateFiles,
  { clientCaPath }: TlsHttp2ServerOptions = {},
): Promise<OddServer> {
  const server = createSecureServer({
    key: await readFile(certificate.keyPath),
    cert: await readFile(certificate.certPath),
    ...(clientCaPath === undefined
      ? {}
      : { ca: await readFile(clientCaPath), requestCert: true, rejectUnauthorized: true }),
  })
  server.on('tlsClientError', () => undefined)
  server.on('stream', (stream) => {
    ignoreErrors(stream)
    const headers = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': GRPC_UNIMPLEMENTED }
    stream.respond(headers, { endStream: true })
  })
  return listen(server)
}

/** An address at which nothing listens. */
export async function closedPort(): Promise<OddServer> {
  const close = (): Promise<void> => Promise.resolve()
  return { address: `${LOOPBACK}:${await freePort()}`, close, [Symbol.asyncDispose]: close }
}

function ignoreErrors(stream: ServerHttp2Stream): void {
  stream.on('error', () => undefined)
}

async function listen(server: Server): Promise<OddServer> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen({ port: 0, host: LOOPBACK })
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return { address: addressOf(server), close, [Symbol.asyncDispose]: close }
}
