// The network between a client and a server as the tests have it: the proxy that breaks connections, and the servers
// that are not what a client expects.
import { credentials } from '@grpc/grpc-js'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect as connectHttp2 } from 'node:http2'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { makeCertificates } from '../support/certificates'
import { freePort, LOOPBACK } from '../../src/testing/real/loopback-ports'
import {
  closedPort,
  muteHttp2Server,
  plainHttp1Server,
  silentTcpServer,
  tlsHttp2Server,
} from '../support/odd-servers'
import { addressOf, startTcpProxy, type TcpProxy } from '../support/tcp-proxy'
import { statusOfCall } from '../support/status-of-call'

const opened = new Set<Socket>()

function open(address: string): Socket {
  const socket = connect(Number(address.split(':')[1]), LOOPBACK)
  opened.add(socket)
  socket.once('close', () => opened.delete(socket))
  return socket
}

/** A server waits for its connections before it is closed, and an open one keeps the test run alive. */
async function endOpened(): Promise<void> {
  for (const socket of [...opened]) {
    const closed = closing(socket)
    socket.destroy()
    await closed
  }
}

/** Resolves when the socket is closed, whether or not by an error. */
function closing(socket: Socket): Promise<void> {
  socket.on('error', () => undefined)
  return new Promise((resolve) => socket.once('close', () => resolve()))
}

afterEach(endOpened)

async function connected(address: string): Promise<Socket> {
  const socket = open(address)
  await once(socket, 'connect')
  return socket
}

async function read(socket: Socket): Promise<string> {
  const [data] = (await once(socket, 'data')) as [Buffer]
  return data.toString()
}

async function roundTrip(socket: Socket, text: string): Promise<string> {
  const answer = read(socket)
  socket.write(text)
  return answer
}

async function failure(socket: Socket): Promise<unknown> {
  const [error] = (await once(socket, 'error')) as [unknown]
  return error
}

describe('the TCP proxy', () => {
  let echo: Server
  let proxy: TcpProxy

  beforeEach(async () => {
    echo = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.pipe(socket)
    }).listen(0, LOOPBACK)
    await once(echo, 'listening')
    proxy = await startTcpProxy(addressOf(echo))
  })

  afterEach(async () => {
    await endOpened()
    await proxy.close()
    echo.close()
    await once(echo, 'close')
  })

  it('passes bytes both ways and counts connections', async () => {
    const first = await connected(proxy.address)
    const second = await connected(proxy.address)
    expect(await roundTrip(first, 'one')).toBe('one')
    expect(await roundTrip(second, 'two')).toBe('two')
    expect(proxy.connections).toBe(2)
    expect(proxy.accepted).toBe(2)
    second.end()
    second.resume()
    await once(second, 'close')
    expect(await roundTrip(first, 'three')).toBe('three')
    expect(proxy.connections).toBe(1)
  })

  it('passes much more than fits in its buffers', async () => {
    const socket = await connected(proxy.address)
    let received = 0
    socket.on('data', (chunk: Buffer) => (received += chunk.length))
    socket.end(Buffer.alloc(20_000_000))
    await once(socket, 'end')
    expect(received).toBe(20_000_000)
  })

  it('resets all connections when it is cut, and accepts new ones', async () => {
    const socket = await connected(proxy.address)
    await roundTrip(socket, 'one')
    const failed = failure(socket)
    proxy.cut()
    expect(await failed).toMatchObject({ code: 'ECONNRESET' })
    expect(await roundTrip(await connected(proxy.address), 'two')).toBe('two')
  })

  it('holds everything back while it is paused', async () => {
    const socket = await connected(proxy.address)
    await roundTrip(socket, 'one')
    proxy.pause()
    let silent = true
    socket.on('data', () => (silent = false))
    socket.write('two')
    const late = await connected(proxy.address)
    const lateAnswer = roundTrip(late, 'three')
    // A connection past the proxy answers while those through it do not.
    expect(await roundTrip(await connected(addressOf(echo)), 'four')).toBe('four')
    expect(silent).toBe(true)
    const answer = read(socket)
    proxy.resume()
    expect(await answer).toBe('two')
    expect(await lateAnswer).toBe('three')
  })

  it('refuses new connections and keeps open ones, until it accepts again', async () => {
    const socket = await connected(proxy.address)
    await roundTrip(socket, 'one')
    proxy.refuse()
    expect(await failure(open(proxy.address))).toMatchObject({ code: 'ECONNREFUSED' })
    expect(await roundTrip(socket, 'two')).toBe('two')
    await proxy.accept()
    expect(await roundTrip(await connected(proxy.address), 'three')).toBe('three')
  })

  it('closes the connection of a client whose server is not there', async () => {
    const lonely = await startTcpProxy((await closedPort()).address)
    const socket = open(lonely.address)
    await closing(socket)
    expect(lonely.connections).toBe(0)
    await lonely.close()
  })

  it('ends open connections when it is closed', async () => {
    const socket = await connected(proxy.address)
    await roundTrip(socket, 'one')
    const closed = closing(socket)
    await proxy.close()
    await closed
    expect(proxy.connections).toBe(0)
  })

  it('wants an address', async () => {
    await expect(startTcpProxy('localhost')).rejects.toThrow('give host:port')
  })
})

describe('an odd server', () => {
  const UNAVAILABLE = 14
  const DEADLINE_EXCEEDED = 4
  const UNIMPLEMENTED = 12

  it('speaks only HTTP/1.1', async () => {
    await using server = await plainHttp1Server()
    const socket = await connected(server.address)
    expect(await roundTrip(socket, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
    expect(await statusOfCall(server.address)).toBe(UNAVAILABLE)
  })

  it('speaks HTTP/2 but never answers', async () => {
    await using server = await muteHttp2Server()
    const session = connectHttp2(`http://${server.address}`)
    session.on('error', () => undefined)
    await once(session, 'remoteSettings')
    session.destroy()
    expect(await statusOfCall(server.address, credentials.createInsecure(), 300)).toBe(DEADLINE_EXCEEDED)
  })

  it('accepts and says nothing', async () => {
    await using server = await silentTcpServer()
    expect(await statusOfCall(server.address, credentials.createInsecure(), 300)).toBe(DEADLINE_EXCEEDED)
  })

  it('speaks HTTP/2 with TLS', async () => {
    await using certificates = await makeCertificates()
    const { ca, client, otherClient } = certificates
    await using server = await tlsHttp2Server(certificates.server)
    await using wrongHost = await tlsHttp2Server(certificates.wrongHost)
    await using wary = await tlsHttp2Server(certificates.server, { clientCaPath: ca.certPath })
    const root = await readFile(ca.certPath)
    const trusting = credentials.createSsl(root)
    expect(await statusOfCall(server.address, trusting)).toBe(UNIMPLEMENTED)
    expect(await statusOfCall(wrongHost.address, trusting)).toBe(UNAVAILABLE)
    expect(await statusOfCall(wary.address, trusting)).toBe(UNAVAILABLE)
    for (const [files, status] of [
      [client, UNIMPLEMENTED],
      [otherClient, UNAVAILABLE],
    ] as const) {
      const own = credentials.createSsl(root, await readFile(files.keyPath), await readFile(files.certPath))
      expect(await statusOfCall(wary.address, own)).toBe(status)
    }
  })

  it('is not there', async () => {
    await using server = await closedPort()
    expect(await failure(open(server.address))).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('closes with connections open', async () => {
    const server = await silentTcpServer()
    const socket = await connected(server.address)
    const closed = closing(socket)
    await server.close()
    await closed
    await server.close()
    expect(await failure(open(server.address))).toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('free ports', () => {
  it('are different and can be listened on', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort))
    expect(new Set(ports).size).toBe(50)
    const server = createServer().listen(ports[0], LOOPBACK)
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
  })
})
