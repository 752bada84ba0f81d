// Rests: for a moment nothing is read, nothing is lost, and whoever is in a hurry ends them.
import { type Channel, ServerCredentials } from '@grpc/grpc-js'
import { readFile } from 'node:fs/promises'
import { exchangeFrames, type FrameExchange } from '../../../src/transport/http2/open-channel'
import { type Certificates, makeCertificates } from '../../support/certificates'
import { socketTurns } from '../../support/turns'
import {
  bytes,
  type BytesClient,
  connectTo,
  failedWith,
  Requests,
  type RunningServer,
  startBytesServer,
  text,
} from './bytes-service'

jest.mock('../../../src/async/real-time', () => jest.requireActual<object>('../../support/fakeable-time'))

const NOT_FAKED = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
] as const

/** A server and a connection to it, closed together. */
interface Connection extends AsyncDisposable {
  readonly server: RunningServer
  /** What is put into it is what `download` gives. */
  readonly news: Requests
  readonly channel: Channel
  readonly client: BytesClient
  readonly frames: FrameExchange
}

let certificates: Certificates

beforeAll(async () => {
  certificates = await makeCertificates()
})

afterAll(async () => {
  await certificates.remove()
})

async function connect(secured: boolean): Promise<Connection> {
  const news = new Requests()
  const methods = {
    async *download() {
      yield* news
    },
  }
  const server = await startBytesServer(methods, secured ? await serverSecurity() : undefined)
  const tls = secured ? { caCert: await readFile(certificates.ca.certPath) } : undefined
  const { channel, client } = connectTo('http2', server, {}, tls)
  await client.unary(bytes('first'))
  const close = async (): Promise<void> => {
    jest.useRealTimers()
    channel.close()
    await server[Symbol.asyncDispose]()
  }
  return { server, news, channel, client, frames: framesOf(channel), [Symbol.asyncDispose]: close }
}

async function serverSecurity(): Promise<ServerCredentials> {
  const cert_chain = await readFile(certificates.server.certPath)
  const private_key = await readFile(certificates.server.keyPath)
  return ServerCredentials.createSsl(null, [{ cert_chain, private_key }])
}

function framesOf(channel: Parameters<typeof exchangeFrames>[0]): FrameExchange {
  const frames = exchangeFrames(channel, '/test.Bytes/none')
  if (frames === undefined) throw new Error('The channel exchanges no frames')
  return frames
}

describe.each([
  ['plain text', false],
  ['TLS', true],
])('a rest of a connection with %s', (_, secured) => {
  it('lasts until its time is over, and what came meanwhile is there then', async () => {
    await using connected = await connect(secured)
    const { news, frames } = connected
    const answers = connected.client.download(bytes(''))[Symbol.asyncIterator]()
    news.send('one')
    await answers.next()
    await socketTurns()

    jest.useFakeTimers({ doNotFake: [...NOT_FAKED] })
    const received: string[] = []
    const next = answers.next().then(({ value }) => received.push(text(value as Uint8Array)))
    frames.rest(3)
    frames.rest(1)
    news.send('two')
    await socketTurns()
    expect(received).toEqual([])
    jest.advanceTimersByTime(2)
    await socketTurns()
    expect(received).toEqual([])
    jest.advanceTimersByTime(1)
    await next
    expect(received).toEqual(['two'])
  })

  it('ends early on demand', async () => {
    await using connected = await connect(secured)
    const { frames } = connected
    jest.useFakeTimers({ doNotFake: [...NOT_FAKED] })
    frames.rest(1)
    const answer = connected.client.unary(bytes('second'))
    frames.wake()
    frames.wake()
    expect(text(await answer)).toBe('second')
    expect(jest.getTimerCount()).toBe(0)
  })

  it('ends with the channel, or the connection', async () => {
    await using connected = await connect(secured)
    const { frames } = connected
    jest.useFakeTimers({ doNotFake: [...NOT_FAKED] })
    frames.rest(1)
    connected.channel.close()
    expect(jest.getTimerCount()).toBe(0)
    frames.rest(1)
    expect(jest.getTimerCount()).toBe(0)
  })

  it('does not hide that the server ends the connection', async () => {
    await using connected = await connect(secured)
    const { frames } = connected
    const requests = new Requests()
    const answers = connected.client.exchange(requests)[Symbol.asyncIterator]()
    requests.send('one')
    await answers.next()
    frames.rest(1)
    await connected.server[Symbol.asyncDispose]()
    expect(await failedWith(answers.next())).toMatchObject({ code: expect.any(Number) as number })
  })

  it('after each answer loses none, and leaves them in order', async () => {
    await using connected = await connect(secured)
    const { frames } = connected
    const requests = new Requests()
    const sent = Array.from({ length: 300 }, (_, index) => `${index} ${'x'.repeat(index * 20)}`)
    const received: string[] = []
    requests.send(...sent.slice(0, 100))
    for await (const answer of connected.client.exchange(requests)) {
      received.push(text(answer))
      frames.rest(1)
      const next = sent[received.length + 99]
      if (next !== undefined) requests.send(next)
      if (received.length === sent.length) requests.end()
    }
    expect(received).toEqual(sent)
  })
})

it('a channel without a connection has nothing to rest', async () => {
  using connected = connectTo('http2', { address: '127.0.0.1:1' })
  const frames = framesOf(connected.channel)
  frames.rest(1)
  frames.wake()
  expect(await failedWith(connected.client.unary(bytes('')))).toMatchObject({ code: 14 })
})
