// A TCP relay that counts what the server sends: backpressure is what does not travel.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { LOOPBACK } from '../../src/testing/real/loopback-ports'
import { addressOf } from './tcp-proxy'

export interface CountingRelay extends AsyncDisposable {
  readonly address: string
  /** The bytes that the server has sent so far. */
  readonly received: number
}

/** Starts a relay to `target` (`host:port`). It keeps nothing back: what the client does not read, it does not read. */
export async function startCountingRelay(target: string): Promise<CountingRelay> {
  const port = Number(target.slice(target.lastIndexOf(':') + 1))
  const sockets = new Set<Socket>()
  let received = 0
  const server = createServer((client) => {
    const upstream = connect({ port, host: LOOPBACK })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
      })
    }
    upstream.on('data', (chunk) => (received += chunk.length))
    client.pipe(upstream)
    upstream.pipe(client)
  })
  server.listen({ port: 0, host: LOOPBACK })
  await once(server, 'listening')
  return {
    address: addressOf(server),
    get received() {
      return received
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
