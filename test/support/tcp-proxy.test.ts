// The proxy that breaks connections for tests: each fault is what it says, and all sockets are closed, however the
// connections end.
import { once } from 'node:events'
import { connect, createServer, type Server, Socket } from 'node:net'
import { eventually } from './eventually'
import { addressOf, startTcpProxy, type TcpProxy } from './tcp-proxy'

const BYTES = Buffer.alloc(10_000)

let server: Server
/** The server's ends of its connections. */
let accepted: Socket[]
let proxy: TcpProxy

beforeEach(async () => {
  accepted = []
  server = createServer((socket) => {
    accepted.push(socket.on('error', () => undefined))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  proxy = await startTcpProxy(addressOf(server))
})

afterEach(async () => {
  for (const socket of accepted) socket.destroy()
  server.close()
  await proxy.close()
})

function open(): Socket {
  const [host, port] = proxy.address.split(':')
  return connect(Number(port), host).on('error', () => undefined)
}

/** Both ends of a new connection through the proxy. */
async function openBoth(): Promise<{ client: Socket; its: Socket }> {
  const connected = once(server, 'connection')
  const client = open()
  await connected
  return { client, its: accepted.at(-1) ?? client }
}

/** Everything that comes until the other side ends, in the pieces in which it comes. */
async function piecesOf(socket: Socket): Promise<Buffer[]> {
  const pieces: Buffer[] = []
  for await (const piece of socket) pieces.push(piece as Buffer)
  return pieces
}

async function allOf(socket: Socket): Promise<Buffer> {
  return Buffer.concat(await piecesOf(socket))
}

it('a connection that is cut while it is being shut down is closed', async () => {
  server.on('connection', (socket: Socket) => {
    socket.end()
    const end = jest.spyOn(Socket.prototype, 'end').mockImplementation(function (this: Socket) {
      end.mockRestore()
      this.end()
      // The shutdown itself begins a moment after the call.
      process.nextTick(() => proxy.cut())
      return this
    })
  })

  await once(open(), 'close')
  await proxy.close()

  expect(proxy.connections).toBe(0)
})

it('bytes that are delayed come later, in order, and not each later than the one before', async () => {
  const { client, its } = await openBoth()
  proxy.delay(0.1)
  const start = performance.now()
  const received = allOf(its)
  for (let count = 0; count < 200; count++) {
    client.write(`${count} `)
    await new Promise((resolve) => setImmediate(resolve))
  }
  client.end()

  expect(String(await received)).toBe(Array.from({ length: 200 }, (_, count) => `${count} `).join(''))
  const seconds = (performance.now() - start) / 1_000
  expect(seconds).toBeGreaterThanOrEqual(0.099)
  expect(seconds).toBeLessThan(10)
})

it('bytes are delayed on their way back as well', async () => {
  const { client, its } = await openBoth()
  its.pipe(its)
  proxy.delay(0.1)
  const start = performance.now()
  client.write('a')
  await once(client, 'data')

  expect(performance.now() - start).toBeGreaterThanOrEqual(199)
  client.destroy()
})

it('bytes that trickle come in small pieces', async () => {
  const { client, its } = await openBoth()
  proxy.trickle(10)
  client.end(BYTES)
  const pieces = await piecesOf(its)

  expect(Buffer.concat(pieces)).toEqual(BYTES)
  expect(pieces.length).toBeGreaterThan(BYTES.length / 10 / 10)
})

it('bytes to the corrupted side have some of their bits flipped, those that the seed decides', async () => {
  /** Where bits are flipped, and the bytes that come of zeros. */
  async function flipped(seed: number): Promise<[number, number][]> {
    const { client, its } = await openBoth()
    proxy.corrupt('server', 1_000, seed)
    client.end(BYTES)
    its.end(BYTES)
    const [toServer, toClient] = await Promise.all([allOf(its), allOf(client)])
    expect(toClient).toEqual(BYTES)
    expect(toServer.length).toBe(BYTES.length)
    return [...toServer.entries()].filter(([, byte]) => byte !== 0)
  }
  const first = await flipped(1)

  expect(first.length).toBeGreaterThan(2)
  expect(first.filter(([, byte]) => !Number.isInteger(Math.log2(byte)))).toEqual([])
  expect(await flipped(1)).toEqual(first)
  expect(await flipped(2)).not.toEqual(first)
})

it('a proxy that is healed passes bytes as they are', async () => {
  proxy.corrupt('server', 10, 1)
  proxy.corrupt('client', 10, 1)
  proxy.delay(3_600)
  const { client, its } = await openBoth()
  proxy.heal()
  client.end(BYTES)
  its.end(BYTES)

  expect(await Promise.all([allOf(its), allOf(client)])).toEqual([BYTES, BYTES])
})

it.each(['client', 'server'] as const)(
  'where the %s is gone, the other side is not informed',
  async (gone) => {
    const { client, its } = await openBoth()
    const [goner, other] = gone === 'client' ? [client, its] : [its, client]
    let isInformed = false
    for (const event of ['end', 'close']) other.resume().on(event, () => (isInformed = true))
    const closed = new Promise((resolve) => goner.resume().on('close', resolve))
    proxy.halfOpen(gone)
    await closed
    // More than the buffers of the sockets hold: it is taken, and lost.
    await new Promise((resolve) => other.write(Buffer.alloc(32 * 1024 * 1024), resolve))
    const another = await openBoth()
    another.its.end(BYTES)
    expect(await allOf(another.client)).toEqual(BYTES)
    another.client.destroy()

    expect(isInformed).toBe(false)
    other.destroy()
    await eventually(() => proxy.connections === 0)
  },
)
