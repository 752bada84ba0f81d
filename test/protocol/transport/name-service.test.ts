// Looking servers up at a name service: what it answers, well or badly. The stand-in answers as a real one does.
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { lookUpServers } from '../../../src/transport/name-service'
import { addressOf } from '../../support/tcp-proxy'

const CHANNEL = Buffer.from('1122334455', 'hex')
const TEXT_FOLLOWS = Buffer.from('0001000420034e', 'hex')
const NOTHING = Buffer.from('0001000420036440', 'hex')
const PROXIES = 'NameService/string/$GRPC:GrpcProxy'

type Answer = (name: string) => string | Buffer | undefined

let server: Server
const sockets = new Set<Socket>()
let asked: string[]
/** What every connection began with, and the channel of each request. */
let preambles: string[]
let channels: string[]

/** Starts a name service. `answer` returns the value of a name, or a whole answer as bytes. */
async function nameService(answer: Answer): Promise<number> {
  asked = []
  preambles = []
  channels = []
  const started = createServer((socket) => serve(socket, answer))
  server = started
  await once(started.listen(0, '127.0.0.1'), 'listening')
  return Number(addressOf(started).split(':')[1])
}

function serve(socket: Socket, answer: Answer): void {
  sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)))
  let received = Buffer.alloc(0)
  let messages = 0
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk])
    if (messages === 0 && received.length >= 8) {
      preambles.push(received.toString('hex', 0, 8))
      received = received.subarray(8)
      messages = 1
    }
    for (let frame = takeFrame(); frame !== undefined; frame = takeFrame()) answerTo(frame)
  })
  const takeFrame = (): Buffer | undefined => {
    const first = received[0] ?? 0
    // Requests are shorter than 8,192 bytes.
    const begin = (first & 0x80) === 0 ? 1 : 2
    const length = (first & 0x3f) + (begin === 1 ? 0 : (received[1] ?? 0) * 64)
    if (received.length < begin + length || received.length === 0) return undefined
    const frame = received.subarray(begin, begin + length)
    received = received.subarray(begin + length)
    return frame
  }
  const answerTo = (frame: Buffer): void => {
    messages += 1
    if (messages === 2) socket.write(framed(Buffer.from('0000030042', 'hex')))
    else if (messages === 3)
      socket.write(framed(Buffer.concat([Buffer.from('000c034201034105', 'hex'), CHANNEL, Buffer.from('@')])))
    else {
      channels.push(frame.toString('hex', 0, CHANNEL.length))
      const name = frame.toString('utf8', CHANNEL.length + 8, frame.length - 1).replace(/^[^A-Z]+/, '')
      asked.push(name)
      const value = answer(name)
      if (Buffer.isBuffer(value)) socket.write(value)
      else socket.write(framed(Buffer.concat([CHANNEL, value === undefined ? NOTHING : text(value)])))
    }
  }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([TEXT_FOLLOWS, packed(bytes.length), bytes, Buffer.from('@')])
}

function packed(length: number): Buffer {
  return Buffer.from(length < 64 ? [length] : [(length & 0x3f) | 0x80, length >> 6])
}

function framed(message: Buffer): Buffer {
  return Buffer.concat([packed(message.length), message])
}

function found(port: number, cluster?: string): Promise<unknown> {
  return lookUpServers({ host: '127.0.0.1', port, cluster }, new AbortController().signal)
}

function failure(port: number, cluster?: string): Promise<string> {
  return found(port, cluster).then(
    (servers) => JSON.stringify(servers),
    (error: unknown) => (error as Error).message.replaceAll(String(port), 'PORT'),
  )
}

afterEach(() => {
  server.close()
  for (const socket of sockets) socket.destroy()
})

describe('a name service is asked', () => {
  it('for the servers of its cluster', async () => {
    const port = await nameService(() => '[10.0.0.7, 1408, grid-2, 1409, fe80::1%eth0, 1410]')
    expect(await found(port)).toEqual([
      { host: '10.0.0.7', port: 1408 },
      { host: 'grid-2', port: 1409 },
      { host: 'fe80::1', port: 1410 },
    ])
    expect([asked, preambles, channels]).toEqual([[PROXIES], ['5ac1e00000000003'], [CHANNEL.toString('hex')]])
  })

  it('for its own cluster by name', async () => {
    const port = await nameService((name) => (name === 'Cluster/name' ? 'storage' : '[10.0.0.7, 1408]'))
    expect(await found(port, 'storage')).toEqual([{ host: '10.0.0.7', port: 1408 }])
    expect(asked).toEqual(['Cluster/name', PROXIES])
  })

  it('for the port of another cluster, whose name service is asked then', async () => {
    const port = await nameService((name) => {
      if (name === 'Cluster/name') return 'storage'
      return name === PROXIES ? '[10.0.0.8, 1408]' : String(port)
    })
    expect(await found(port, 'other')).toEqual([{ host: '10.0.0.8', port: 1408 }])
    expect(asked).toEqual([
      'Cluster/name',
      'NameService/string/Cluster/foreign/other/NameService/localPort',
      PROXIES,
    ])
  })

  it('and answers with more text than one byte can count', async () => {
    const hosts = Array.from({ length: 50 }, (_, index) => `10.0.0.${index}, 1408`)
    const port = await nameService(() => `[${hosts.join(', ')}]`)
    expect(await found(port)).toHaveLength(50)
  })
})

describe('a look-up fails, and the error names the cause:', () => {
  it.each<[string, Answer, string]>([
    ['there is no server', () => '[]', 'knows no gRPC server'],
    ['there is no value', () => undefined, 'knows no gRPC server'],
    ['a port is missing', () => '[10.0.0.7]', "answered '[10.0.0.7]', which is no list of servers"],
    ['a port is none', () => '[h, 0]', "answered '[h, 0]', which is no list of servers"],
    ['a host is none', () => '[a b, 1]', "answered '[a b, 1]', which is no list of servers"],
    ['it is no list', () => 'sorry', "answered 'sorry', which is no list of servers"],
    [
      'a text is longer than its message',
      () => framed(Buffer.concat([CHANNEL, TEXT_FOLLOWS, Buffer.from([60]), Buffer.from('abcd')])),
      'which is not what was asked for; is this the port of a cluster?',
    ],
    ['a length is negative', () => Buffer.from([0x41]), 'which is not what was asked for'],
    ['a length is too large', () => Buffer.from([0xbf, 0xff, 0xff, 0x7f]), 'which is not what was asked for'],
  ])('%s', async (_, answer, message) => {
    const port = await nameService(answer)
    const text = await failure(port)
    expect(text).toMatch(/^The name service at 127.0.0.1:PORT /)
    expect(text).toContain(message)
  })

  it('there is no such cluster', async () => {
    const port = await nameService((name) => (name === 'Cluster/name' ? 'storage' : undefined))
    expect(await failure(port, 'other')).toBe("The name service at 127.0.0.1:PORT knows no cluster 'other'")
  })

  it('it closes the connection', async () => {
    const port = await nameService(() => {
      for (const socket of sockets) socket.destroy()
      return undefined
    })
    expect(await failure(port)).toMatch(/closed the connection without an answer|cannot be reached/)
  })

  it('it speaks HTTP', async () => {
    const port = await nameService(() => undefined)
    server.removeAllListeners('connection')
    server.on('connection', (socket: Socket) => {
      sockets.add(socket.on('error', () => undefined))
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    expect(await failure(port)).toMatch(/^The name service at 127.0.0.1:PORT /)
  })

  it('there is none', async () => {
    const port = await nameService(() => undefined)
    server.close()
    await once(server, 'close')
    expect(await failure(port)).toBe(
      'The name service at 127.0.0.1:PORT cannot be reached: connect ECONNREFUSED 127.0.0.1:PORT',
    )
  })

  it('its time is over', async () => {
    const port = await nameService(() => Buffer.alloc(0))
    const stop = new AbortController()
    const looked = lookUpServers({ host: '127.0.0.1', port, cluster: undefined }, stop.signal)
    while ((asked as readonly string[]).length === 0) await new Promise(setImmediate)
    stop.abort(new Error('no answer to the handshake within 1 s'))
    await expect(looked).rejects.toThrow('no answer to the handshake within 1 s')
  })
})
