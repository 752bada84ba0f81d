// An HTTP proxy on the loopback address that makes tunnels, or does what a test wants instead. It takes every host name for
// the loopback address, so that what no resolver knows can be reached through it.
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { LOOPBACK } from '../../src/testing/real/loopback-ports'
import { addressOf } from './tcp-proxy'

/** What is done with a request for a tunnel. */
export type Answer = (client: Socket, request: IncomingMessage) => void

export interface ConnectProxy extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly address: string
  /** The requests for tunnels, in order. */
  readonly requests: readonly IncomingMessage[]
}

export async function startConnectProxy(answer: Answer = makeTunnel): Promise<ConnectProxy> {
  const requests: IncomingMessage[] = []
  const sockets = new Set<Socket>()
  const server = createServer()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
  })
  server.on('connect', (request, client: Socket) => {
    requests.push(request)
    answer(client, request)
  })
  server.listen({ port: 0, host: LOOPBACK })
  await once(server, 'listening')
  return {
    address: addressOf(server),
    requests,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

export function makeTunnel(client: Socket, request: IncomingMessage): void {
  const server = serverOf(client, request)
  server.once('connect', () => {
    client.write('HTTP/1.1 200 Connection established\r\nVia: a test\r\n\r\n')
    client.pipe(server).pipe(client)
  })
}

/** Makes a tunnel, and sends the first bytes of the server with the answer. */
export function makeHastyTunnel(client: Socket, request: IncomingMessage): void {
  const server = serverOf(client, request)
  server.once('data', (first: Buffer) => {
    client.write(Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), first]))
    client.pipe(server).pipe(client)
  })
}

/** Answers with this text. */
export function answerWith(text: string): Answer {
  return (client) => {
    client.write(text)
  }
}

function serverOf(client: Socket, { url = '' }: IncomingMessage): Socket {
  const server = connect({ host: LOOPBACK, port: Number(url.slice(url.lastIndexOf(':') + 1)) })
  server.on('error', () => client.destroy())
  server.on('close', () => client.destroy())
  client.on('close', () => server.destroy())
  return server
}
