// Calls as gRPC has them, on both channels against a server of grpc-js.
import { createClient, Metadata, ServerError, Status, type ClientError } from 'nice-grpc'
import {
  bytes,
  BytesDefinition,
  CHANNEL_KINDS,
  connectTo,
  failedWith,
  occurrence,
  Requests,
  startBytesServer,
  text,
  texts,
  type RunningServer,
} from './bytes-service'

describe.each(CHANNEL_KINDS)('calls on the %s channel', (kind) => {
  let echo: RunningServer

  beforeAll(async () => {
    echo = await startBytesServer()
  })

  afterAll(async () => {
    await echo[Symbol.asyncDispose]()
  })

  it('a unary call is answered', async () => {
    using connected = connectTo(kind, echo)
    expect(text(await connected.client.unary(bytes('hello')))).toBe('hello')
  })

  it('an empty message is a message', async () => {
    using connected = connectTo(kind, echo)
    expect((await connected.client.unary(new Uint8Array())).length).toBe(0)
  })

  it('many unary calls at once are each answered with their own', async () => {
    using connected = connectTo(kind, echo)
    const sent = Array.from({ length: 300 }, (_, index) => `request ${index}`)
    const answers = await Promise.all(sent.map((request) => connected.client.unary(bytes(request))))
    expect(answers.map(text)).toEqual(sent)
  })

  it('a streamed answer arrives in order and ends', async () => {
    const sent = Array.from({ length: 1_000 }, (_, index) => `answer ${index}`)
    await using server = await startBytesServer({
      async *download() {
        for (const answer of sent) yield bytes(answer)
      },
    })
    using connected = connectTo(kind, server)
    expect(await texts(connected.client.download(bytes('')))).toEqual(sent)
  })

  it('an answer without messages ends', async () => {
    await using server = await startBytesServer({
      async *download() {
        yield* []
      },
    })
    using connected = connectTo(kind, server)
    expect(await texts(connected.client.download(bytes('')))).toEqual([])
  })

  it('a streamed request arrives in order and whole', async () => {
    using connected = connectTo(kind, echo)
    async function* requests(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < 1_000; index++) yield bytes(`${index},`)
    }
    const answer = await connected.client.upload(requests())
    expect(text(answer)).toBe(Array.from({ length: 1_000 }, (_, index) => `${index},`).join(''))
  })

  it('requests and answers of a bidirectional call take turns', async () => {
    using connected = connectTo(kind, echo)
    const requests = new Requests()
    const answers = connected.client.exchange(requests)[Symbol.asyncIterator]()
    for (const request of ['one', 'two', 'three']) {
      requests.send(request)
      expect(text((await answers.next()).value as Uint8Array)).toBe(request)
    }
    requests.end()
    expect((await answers.next()).done).toBe(true)
  })

  it('messages of 6 MiB pass both ways when the limit allows it', async () => {
    using connected = connectTo(kind, echo, { 'grpc.max_receive_message_length': -1 })
    const message = Buffer.alloc(6 * 1024 * 1024, 'abcdefg')
    const answer = await connected.client.unary(message)
    expect(Buffer.compare(Buffer.from(answer), message)).toBe(0)
  })

  it('a message longer than the receive limit fails its call and no other', async () => {
    using connected = connectTo(kind, echo, { 'grpc.max_receive_message_length': 100 })
    expect(await failedWith(connected.client.unary(Buffer.alloc(101)))).toEqual({
      code: Status.RESOURCE_EXHAUSTED,
      details: 'Received message larger than max (101 vs 100)',
    })
    expect((await connected.client.unary(Buffer.alloc(100))).length).toBe(100)
  })

  it('without an option, the receive limit is 4 MiB', async () => {
    using connected = connectTo(kind, echo)
    const failure = await failedWith(connected.client.unary(Buffer.alloc(4 * 1024 * 1024 + 1)))
    expect(failure.code).toBe(Status.RESOURCE_EXHAUSTED)
    expect((await connected.client.unary(Buffer.alloc(4 * 1024 * 1024))).length).toBe(4 * 1024 * 1024)
  })

  it('a message longer than the send limit is not sent', async () => {
    let received = 0
    await using server = await startBytesServer({
      unary: async (request) => {
        received += 1
        return request
      },
    })
    using connected = connectTo(kind, server, { 'grpc.max_send_message_length': 100 })
    const failure = await failedWith(connected.client.unary(Buffer.alloc(101)))
    expect(failure.code).toBe(Status.RESOURCE_EXHAUSTED)
    await connected.client.unary(Buffer.alloc(100))
    expect(received).toBe(1)
  })

  it('an error of the server arrives with code, text and trailers', async () => {
    await using server = await startBytesServer({
      unary: async (_request, { trailer }) => {
        trailer.set('reason', 'because')
        throw new ServerError(Status.FAILED_PRECONDITION, 'not now: 50% of “naïve” 日本\n done')
      },
    })
    using connected = connectTo(kind, server)
    let trailers: Metadata | undefined
    const call = connected.client.unary(bytes(''), { onTrailer: (trailer) => (trailers = trailer) })
    expect(await failedWith(call)).toEqual({
      code: Status.FAILED_PRECONDITION,
      details: 'not now: 50% of “naïve” 日本\n done',
    })
    expect(trailers?.get('reason')).toBe('because')
  })

  it('an error after some answers comes after them', async () => {
    await using server = await startBytesServer({
      async *download() {
        yield bytes('one')
        yield bytes('two')
        throw new ServerError(Status.DATA_LOSS, 'no more')
      },
    })
    using connected = connectTo(kind, server)
    const answers = connected.client.download(bytes(''))[Symbol.asyncIterator]()
    expect(text((await answers.next()).value as Uint8Array)).toBe('one')
    expect(text((await answers.next()).value as Uint8Array)).toBe('two')
    expect(await failedWith(answers.next())).toEqual({ code: Status.DATA_LOSS, details: 'no more' })
  })

  it('an unknown method is UNIMPLEMENTED', async () => {
    await using server = await startBytesServer()
    using connected = connectTo(kind, server)
    const unknown = createClient(
      { none: { ...BytesDefinition.unary, path: '/test.Bytes/none' } },
      connected.channel,
    )
    expect((await failedWith(unknown.none(bytes('')))).code).toBe(Status.UNIMPLEMENTED)
  })

  it('metadata passes both ways, text and binary, several values of one name', async () => {
    const seen: Record<string, unknown> = {}
    await using server = await startBytesServer({
      unary: async (request, { metadata, header, trailer }) => {
        seen['text'] = metadata.getAll('x-text')
        seen['bin'] = metadata.getAll('x-bytes-bin').map((value) => Buffer.from(value).toString('hex'))
        header.set('h-text', 'header').set('h-bin', new Uint8Array([1, 2, 3]))
        trailer.set('t-text', 'trailer').set('t-bin', new Uint8Array([0, 255]))
        return request
      },
    })
    using connected = connectTo(kind, server)
    const received: Record<string, unknown> = {}
    const metadata = Metadata()
      .append('x-text', 'one')
      .append('x-text', 'two')
      .append('x-bytes-bin', new Uint8Array([0, 1, 254]))
    await connected.client.unary(bytes(''), {
      metadata,
      onHeader: (header) => {
        received['h-text'] = header.get('h-text')
        received['h-bin'] = Buffer.from(header.get('h-bin') ?? []).toString('hex')
      },
      onTrailer: (trailer) => {
        received['t-text'] = trailer.get('t-text')
        received['t-bin'] = Buffer.from(trailer.get('t-bin') ?? []).toString('hex')
      },
    })
    expect(seen).toEqual({ text: ['one, two'], bin: ['0001fe'] })
    expect(received).toEqual({ 'h-text': 'header', 'h-bin': '010203', 't-text': 'trailer', 't-bin': '00ff' })
  })

  it('an aborted call ends, and the server learns of it', async () => {
    const cancelled = occurrence()
    const started = occurrence()
    await using server = await startBytesServer({
      unary: async (request, { signal }) => {
        signal.addEventListener('abort', () => cancelled.occur())
        started.occur()
        await cancelled.happened
        return request
      },
    })
    using connected = connectTo(kind, server)
    const abort = new AbortController()
    const call = connected.client.unary(bytes(''), { signal: abort.signal })
    await started.happened
    abort.abort()
    await expect(call).rejects.toMatchObject({ name: 'AbortError' })
    await cancelled.happened
  })

  it('leaving a stream early ends it on the server', async () => {
    const cancelled = occurrence()
    await using server = await startBytesServer({
      async *download(_request, { signal }) {
        signal.addEventListener('abort', () => cancelled.occur())
        for (;;) {
          yield bytes('more')
          await new Promise(setImmediate)
        }
      },
    })
    using connected = connectTo(kind, server)
    for await (const answer of connected.client.download(bytes(''))) {
      expect(text(answer)).toBe('more')
      break
    }
    await cancelled.happened
  })

  it('a server that ends a bidirectional call early ends it for the client', async () => {
    await using server = await startBytesServer({
      async *exchange(requests) {
        for await (const request of requests) {
          yield request
          return
        }
      },
    })
    using connected = connectTo(kind, server)
    const requests = new Requests()
    requests.send('one', 'two', 'three')
    expect(await texts(connected.client.exchange(requests))).toEqual(['one'])
    expect(text(await connected.client.unary(bytes('still there')))).toBe('still there')
  })

  it('an error that requests throw ends the call', async () => {
    using connected = connectTo(kind, echo)
    // eslint-disable-next-line require-yield
    async function* requests(): AsyncGenerator<Uint8Array> {
      throw new Error('nothing to send')
    }
    await expect(connected.client.upload(requests())).rejects.toThrow('nothing to send')
    await expect(texts(connected.client.exchange(requests()))).rejects.toThrow('nothing to send')
  })

  it('a closed channel takes no calls', async () => {
    const connected = connectTo(kind, echo)
    await connected.client.unary(bytes(''))
    connected.channel.close()
    await expect(connected.client.unary(bytes(''))).rejects.toThrow('Channel has been shut down')
  })

  it('a failure names the method', async () => {
    await using server = await startBytesServer({
      unary: async () => {
        throw new ServerError(Status.ABORTED, 'aborted')
      },
    })
    using connected = connectTo(kind, server)
    const error = await connected.client.unary(bytes('')).catch((reason: unknown) => reason as ClientError)
    expect(error).toMatchObject({ path: '/test.Bytes/unary', code: Status.ABORTED })
  })
})
