// Whoever does not read makes the other side wait, in both directions, and nobody else.
import {
  bytes,
  CHANNEL_KINDS,
  connectTo,
  Requests,
  startBytesServer,
  text,
  texts,
  until,
} from './bytes-service'
import { framed, GRPC_HEADERS, startHttp2Server } from './raw-servers'

const MIB = 1024 * 1024
const MESSAGE = Buffer.alloc(16 * 1024, 7)

/** Waits until a number has not grown for some turns of the event loop. */
async function settled(count: () => number): Promise<number> {
  for (let still = 0, last = count(); still < 200; still++) {
    await new Promise(setImmediate)
    if (count() !== last) still = 0
    last = count()
  }
  return count()
}

describe.each(CHANNEL_KINDS)('backpressure on the %s channel', (kind) => {
  it('a consumer that stops makes the server stop, and goes on with all that was sent', async () => {
    const total = 2_000
    let sent = 0
    await using server = await startBytesServer({
      async *download() {
        for (; sent < total; sent++) yield MESSAGE
      },
    })
    using connected = connectTo(kind, server)
    const answers = connected.client.download(bytes(''))[Symbol.asyncIterator]()
    await answers.next()
    const sentWhileStopped = await settled(() => sent)
    expect(sentWhileStopped * MESSAGE.length).toBeLessThan(4 * MIB)
    let received = 1
    while (!(await answers.next()).done) received += 1
    expect(received).toBe(total)
  })

  it('a stopped consumer does not hold up other calls of the connection', async () => {
    await using server = await startBytesServer({
      async *download() {
        for (;;) yield MESSAGE
      },
    })
    using connected = connectTo(kind, server)
    const stopped = Array.from({ length: 4 }, () =>
      connected.client.download(bytes(''))[Symbol.asyncIterator](),
    )
    await Promise.all(stopped.map((answers) => answers.next()))
    for (let call = 0; call < 20; call++) {
      expect(text(await connected.client.unary(bytes(`call ${call}`)))).toBe(`call ${call}`)
    }
    for (const answers of stopped) await answers.return?.()
  })

  it('a server that does not read makes the sender stop, and gets all when it goes on', async () => {
    const total = 2_000
    let goOn: () => void = () => undefined
    const released = new Promise<void>((resolve) => {
      goOn = resolve
    })
    await using server = await startBytesServer({
      async upload(requests) {
        let received = 0
        for await (const request of requests) {
          received += request.length
          await released
        }
        return bytes(String(received))
      },
    })
    using connected = connectTo(kind, server)
    let sent = 0
    async function* requests(): AsyncGenerator<Uint8Array> {
      for (; sent < total; sent++) yield MESSAGE
    }
    const answer = connected.client.upload(requests())
    await until(() => sent > 0)
    const sentWhileStopped = await settled(() => sent)
    expect(sentWhileStopped * MESSAGE.length).toBeLessThan(4 * MIB)
    goOn()
    expect(text(await answer)).toBe(String(total * MESSAGE.length))
  })
})

describe('the http2 channel', () => {
  it('sends the messages of one turn as one frame', async () => {
    const frames: number[] = []
    await using server = await startHttp2Server((stream) => {
      stream.respond(GRPC_HEADERS)
      stream.on('data', (chunk: Buffer) => frames.push(chunk.length))
    })
    using connected = connectTo('http2', server)
    const requests = new Requests()
    const abort = new AbortController()
    const answers = texts(connected.client.exchange(requests, { signal: abort.signal }))
    requests.send('first')
    await until(() => frames.length === 1)
    requests.send(...Array.from({ length: 1_000 }, (_, index) => String(index).padStart(5)))
    await until(() => frames.reduce((sum, length) => sum + length) >= 1_001 * 10)
    expect(frames).toEqual([10, 10_000])
    abort.abort()
    await expect(answers).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('sends messages in order whatever their lengths', async () => {
    await using server = await startBytesServer()
    using connected = connectTo('http2', server, { 'grpc.max_receive_message_length': -1 })
    const lengths = [0, 1, 20_000, 5, 300_000, 300_000, 0, 16_384, 16_383, 2_000_000, 3]
    async function* requests(): AsyncGenerator<Uint8Array> {
      for (const [index, length] of lengths.entries()) yield Buffer.alloc(length, index)
    }
    const received: (readonly [number, boolean])[] = []
    for await (const answer of connected.client.exchange(requests())) {
      const index = received.length
      received.push([answer.length, Buffer.from(answer).equals(Buffer.alloc(answer.length, index))])
    }
    expect(received).toEqual(lengths.map((length) => [length, true]))
  })

  it('abandons a request that the server does not read once the server has answered', async () => {
    await using server = await startHttp2Server((stream) => {
      if (stream.id === 1) {
        stream.pause()
        stream.respond(
          { ...GRPC_HEADERS, 'grpc-status': '8', 'grpc-message': 'too much' },
          { endStream: true },
        )
      } else {
        stream.respond(GRPC_HEADERS, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
        stream.end(framed('answer'))
      }
    })
    using connected = connectTo('http2', server)
    await expect(connected.client.unary(Buffer.alloc(3 * MIB))).rejects.toThrow('too much')
    expect(text(await connected.client.unary(bytes('')))).toBe('answer')
  })
})
