// An attempt to connect that is given up leaves nothing open.
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { readChannelOptions } from '../../../src/transport/http2/channel-options'
import { handshake } from '../../../src/transport/http2/dial/handshake'
import type { Route } from '../../../src/transport/http2/dial/route'
import { parseTarget } from '../../../src/transport/http2/dial/target'
import { addressOf } from '../../support/tcp-proxy'

const SETTINGS = readChannelOptions({})

/** A server that accepts connections and says nothing. */
async function silentServer(): Promise<{
  port: number
  accepted: Socket[]
  [Symbol.asyncDispose](): Promise<void>
}> {
  const accepted: Socket[] = []
  const server = createServer((socket) => accepted.push(socket.on('error', () => undefined)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: Number(addressOf(server).split(':').at(-1)),
    accepted,
    [Symbol.asyncDispose]: async () => {
      server.close()
      for (const socket of accepted) socket.destroy()
      await once(server, 'close')
    },
  }
}

function routeTo(port: number): Route {
  const address = { host: '127.0.0.1', port }
  return { target: parseTarget(`127.0.0.1:${port}`), address, peer: `127.0.0.1:${port}`, tunnel: undefined }
}

describe('a handshake', () => {
  it('does not begin where it is cancelled before', async () => {
    await using server = await silentServer()
    const signal = AbortSignal.abort(new Error('given up'))
    const route = routeTo(server.port)

    await expect(handshake(route, undefined, SETTINGS, signal)).rejects.toThrow('given up')
    // Whatever was opened before this connection has come by now.
    const attempt = new AbortController()
    const next = handshake(route, undefined, SETTINGS, attempt.signal)
    while (server.accepted.length === 0) await new Promise(setImmediate)
    attempt.abort(new Error('given up, too'))
    await expect(next).rejects.toThrow('given up, too')
    expect(server.accepted).toHaveLength(1)
  })

  it('closes its connection where it is cancelled while the server is silent', async () => {
    await using server = await silentServer()
    const attempt = new AbortController()
    const made = handshake(routeTo(server.port), undefined, SETTINGS, attempt.signal)
    while (server.accepted.length === 0) await new Promise(setImmediate)
    const [socket] = server.accepted
    if (socket === undefined) throw new Error('nothing was accepted')
    const ended = once(socket.resume(), 'close')
    attempt.abort(new Error('given up'))

    await expect(made).rejects.toThrow('given up')
    await ended
  })
})
