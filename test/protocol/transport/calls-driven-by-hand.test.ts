// Calls as interceptors and grpc-js's own clients drive them: deadlines, listeners, credentials, wait for ready.
import {
  CallCredentials,
  Client,
  Metadata,
  status as Status,
  type Channel,
  type InterceptingListener,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js'
import { EventEmitter } from 'node:events'
import type { IncomingHttpHeaders } from 'node:http2'
import { closedPort } from '../../support/odd-servers'
import { CHANNEL_KINDS, connectTo, startBytesServer, until } from './bytes-service'
import { answerWith, framed, GRPC_HEADERS, startHttp2Server } from './raw-servers'

type ParentCall = Parameters<Channel['createCall']>[3]

interface Outcome {
  readonly code: Status
  readonly details: string
  readonly answer: string | undefined
}

interface Unary {
  readonly deadline?: Date | number
  readonly host?: string
  readonly credentials?: CallCredentials
  readonly waitForReady?: boolean
}

/** One unary call by grpc-js's own client. */
function call(channel: Channel, { waitForReady = false, ...options }: Unary = {}): Promise<Outcome> {
  const client = new Client('', null as never, { channelOverride: channel })
  const asIs = (bytes: Buffer): Buffer => bytes
  const metadata = new Metadata({ waitForReady })
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      '/test.Bytes/unary',
      asIs,
      asIs,
      Buffer.from('request'),
      metadata,
      options,
      (error: ServiceError | null, answer?: Buffer) => {
        const { code, details } = error ?? { code: Status.OK, details: '' }
        resolve({ code, details, answer: answer?.toString() })
      },
    )
  })
}

const OK = { code: Status.OK, details: '', answer: 'answer' }

describe.each(CHANNEL_KINDS)('on the %s channel', (kind) => {
  it('a deadline passes, and the server knows it', async () => {
    const seen: IncomingHttpHeaders[] = []
    await using server = await startHttp2Server((_stream, headers) => seen.push(headers))
    using connected = connectTo(kind, server)
    const outcome = await call(connected.channel, { deadline: Date.now() + 100 })
    expect(outcome.code).toBe(Status.DEADLINE_EXCEEDED)
    expect(Number(/^(\d+)m$/.exec(String(seen[0]?.['grpc-timeout']))?.[1])).toBeLessThanOrEqual(100)
  })

  it('a deadline in the past passes at once', async () => {
    await using server = await startHttp2Server(() => undefined)
    using connected = connectTo(kind, server)
    const outcome = await call(connected.channel, { deadline: new Date(0) })
    expect(outcome.code).toBe(Status.DEADLINE_EXCEEDED)
  })

  it('a deadline far away does not pass', async () => {
    await using server = await startHttp2Server((stream) => answerWith(stream, [framed('answer')]))
    using connected = connectTo(kind, server)
    const deadline = Date.now() + 90 * 24 * 60 * 60 * 1_000
    expect(await call(connected.channel, { deadline })).toEqual(OK)
  })

  it('without a deadline the server gets none', async () => {
    const seen: IncomingHttpHeaders[] = []
    await using server = await startHttp2Server((stream, headers) => {
      seen.push(headers)
      answerWith(stream, [framed('answer')])
    })
    using connected = connectTo(kind, server)
    await call(connected.channel)
    expect(seen.map((headers) => headers['grpc-timeout'])).toEqual([undefined])
  })

  it('a call carries its host and its user agent', async () => {
    const seen: IncomingHttpHeaders[] = []
    await using server = await startHttp2Server((stream, headers) => {
      seen.push(headers)
      answerWith(stream, [framed('answer')])
    })
    {
      using connected = connectTo(kind, server)
      await call(connected.channel)
      await call(connected.channel, { host: 'call.example.org' })
    }
    const options = {
      'grpc.default_authority': 'option.example.org:99',
      'grpc.primary_user_agent': 'first',
      'grpc.secondary_user_agent': 'last',
    }
    using named = connectTo(kind, server, options)
    await call(named.channel)
    expect(seen.map((headers) => headers[':authority'])).toEqual([
      server.address,
      'call.example.org',
      'option.example.org:99',
    ])
    expect(seen[2]?.['user-agent']).toMatch(/^first grpc-node-\S+ last$/)
    expect(seen[0]).toMatchObject({
      ':method': 'POST',
      ':scheme': 'http',
      ':path': '/test.Bytes/unary',
      'content-type': 'application/grpc',
      te: 'trailers',
    })
  })

  it('call credentials add their metadata', async () => {
    const seen: IncomingHttpHeaders[] = []
    await using server = await startHttp2Server((stream, headers) => {
      seen.push(headers)
      answerWith(stream, [framed('answer')])
    })
    using connected = connectTo(kind, server)
    const asked: string[] = []
    const credentials = CallCredentials.createFromMetadataGenerator(({ service_url }, done) => {
      asked.push(service_url)
      const metadata = new Metadata()
      metadata.set('authorization', 'Bearer token')
      done(null, metadata)
    })
    expect(await call(connected.channel, { credentials })).toEqual(OK)
    expect(seen[0]?.authorization).toBe('Bearer token')
    expect(asked).toEqual(['https://127.0.0.1/test.Bytes'])
  })

  it('without a server a call fails at once with the reason, and the next with the same', async () => {
    await using nobody = await closedPort()
    using connected = connectTo(kind, nobody)
    for (const outcome of [await call(connected.channel), await call(connected.channel)]) {
      expect(outcome.code).toBe(Status.UNAVAILABLE)
      expect(outcome.details).toContain(`connect ECONNREFUSED ${nobody.address}`)
    }
  })

  it('a call that waits for ready is answered when the server comes', async () => {
    const nobody = await closedPort()
    using connected = connectTo(kind, nobody, { 'grpc.initial_reconnect_backoff_ms': 100 })
    const waiting = call(connected.channel, { waitForReady: true })
    expect((await call(connected.channel)).code).toBe(Status.UNAVAILABLE)
    await using server = await startBytesServer({}, undefined, Number(nobody.address.split(':')[1]))
    expect(server.address).toBe(nobody.address)
    expect((await waiting).code).toBe(Status.OK)
  })

  it('a call that waits for ready still has its deadline', async () => {
    await using nobody = await closedPort()
    using connected = connectTo(kind, nobody)
    const outcome = await call(connected.channel, { waitForReady: true, deadline: Date.now() + 100 })
    expect(outcome.code).toBe(Status.DEADLINE_EXCEEDED)
  })
})

/** A listener that remembers. */
class Heard implements InterceptingListener {
  readonly messages: string[] = []
  readonly statuses: StatusObject[] = []
  metadata = 0
  onReceiveMetadata(): void {
    this.metadata += 1
  }
  onReceiveMessage(message: Buffer): void {
    this.messages.push(message.toString())
  }
  onReceiveStatus(status: StatusObject): void {
    this.statuses.push(status)
  }
}

function start(channel: Channel, listener: InterceptingListener): ReturnType<Channel['createCall']> {
  const started = channel.createCall('/test.Bytes/exchange', Infinity, null, null, null)
  started.start(new Metadata(), listener)
  return started
}

describe('on the http2 channel only', () => {
  it('each startRead gives one message, and the status follows the last', async () => {
    await using server = await startHttp2Server((stream, { ':path': path }) => {
      const answers = path === '/test.Bytes/unary' ? ['answer'] : ['one', 'two']
      answerWith(
        stream,
        answers.map((answer) => framed(answer)),
      )
    })
    using connected = connectTo('http2', server)
    const heard = new Heard()
    const started = start(connected.channel, heard)
    started.startRead()
    await until(() => heard.messages.length === 1)
    await call(connected.channel)
    expect([heard.messages, heard.statuses]).toEqual([['one'], []])
    started.startRead()
    await until(() => heard.statuses.length === 1)
    expect([heard.metadata, heard.messages]).toEqual([1, ['one', 'two']])
  })

  it('a call has one status, whatever ends it again', async () => {
    await using server = await startHttp2Server((stream) => answerWith(stream, []))
    using connected = connectTo('http2', server)
    const heard = new Heard()
    const started = start(connected.channel, heard)
    started.startRead()
    await until(() => heard.statuses.length > 0)
    started.cancelWithStatus(Status.CANCELLED, 'too late')
    started.sendMessageWithContext({}, Buffer.from('too late'))
    started.halfClose()
    connected.channel.close()
    await call(connectTo('http2', server).channel)
    expect(heard.statuses.map(({ code }) => code)).toEqual([Status.OK])
  })

  it('a call that is cancelled before it starts gives its status when it starts', async () => {
    await using server = await startHttp2Server(() => undefined)
    using connected = connectTo('http2', server)
    const started = connected.channel.createCall('/test.Bytes/exchange', Infinity, null, null, null)
    started.cancelWithStatus(Status.ABORTED, 'before')
    const heard = new Heard()
    started.start(new Metadata(), heard)
    await until(() => heard.statuses.length > 0)
    expect(heard.statuses).toMatchObject([{ code: Status.ABORTED, details: 'before' }])
  })

  it.each(['onReceiveMetadata', 'onReceiveMessage'] as const)(
    'what %s throws ends its call, and no other call of the connection',
    async (event) => {
      await using server = await startHttp2Server((stream) => {
        stream.respond(GRPC_HEADERS, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
        stream.write(framed('answer'))
        stream.resume().on('end', () => stream.end())
      })
      using connected = connectTo('http2', server)
      const other = new Heard()
      const unharmed = start(connected.channel, other)
      unharmed.startRead()
      const failing = new Heard()
      failing[event] = () => {
        throw new Error('thrown by the listener')
      }
      start(connected.channel, failing).startRead()
      await until(() => failing.statuses.length > 0)
      expect(failing.statuses).toMatchObject([
        { code: Status.INTERNAL, details: 'The listener of the call failed: thrown by the listener' },
      ])
      unharmed.halfClose()
      await until(() => other.statuses.length > 0)
      expect([other.messages, other.statuses.map(({ code }) => code)]).toEqual([['answer'], [Status.OK]])
      expect(server.accepted).toBe(1)
    },
  )

  it('call credentials that fail end the call as UNAUTHENTICATED', async () => {
    await using server = await startHttp2Server(() => undefined)
    using connected = connectTo('http2', server)
    const credentials = CallCredentials.createFromMetadataGenerator((_options, done) =>
      done(new Error('no token')),
    )
    expect(await call(connected.channel, { credentials })).toMatchObject({
      code: Status.UNAUTHENTICATED,
      details: 'The call credentials failed: no token',
    })
  })

  it('metadata that HTTP/2 forbids fails its call alone', async () => {
    await using server = await startHttp2Server((stream) => answerWith(stream, [framed('answer')]))
    using connected = connectTo('http2', server)
    const started = connected.channel.createCall('/test.Bytes/unary', Infinity, null, null, null)
    const metadata = new Metadata()
    metadata.set('connection', 'close')
    const heard = new Heard()
    started.start(metadata, heard)
    await until(() => heard.statuses.length > 0)
    expect(heard.statuses).toMatchObject([{ code: Status.INTERNAL }])
    expect(await call(connected.channel)).toEqual(OK)
  })

  it('metadata changed after the start is not sent', async () => {
    const seen: IncomingHttpHeaders[] = []
    await using server = await startHttp2Server((stream, headers) => {
      seen.push(headers)
      answerWith(stream, [])
    })
    using connected = connectTo('http2', server)
    const metadata = new Metadata()
    metadata.set('x-when', 'at the start')
    const started = connected.channel.createCall('/test.Bytes/unary', Infinity, null, null, null)
    started.start(metadata, new Heard())
    metadata.set('x-when', 'later')
    await until(() => seen.length > 0)
    expect(seen[0]?.['x-when']).toBe('at the start')
  })

  it('a call ends with the call it was made in', async () => {
    await using server = await startHttp2Server(() => undefined)
    using connected = connectTo('http2', server)
    const parent = Object.assign(new EventEmitter(), { getDeadline: () => Infinity })
    const started = connected.channel.createCall(
      '/test.Bytes/unary',
      Infinity,
      null,
      parent as ParentCall,
      null,
    )
    const heard = new Heard()
    started.start(new Metadata(), heard)
    parent.emit('cancelled')
    await until(() => heard.statuses.length > 0)
    expect(heard.statuses).toMatchObject([{ code: Status.CANCELLED, details: 'Cancelled by parent call' }])
  })

  it('a deadline that passes while there is no connection says why there is none', async () => {
    await using nobody = await closedPort()
    using connected = connectTo('http2', nobody)
    const outcome = await call(connected.channel, { waitForReady: true, deadline: Date.now() + 50 })
    expect(outcome.details).toMatch(
      /^Deadline exceeded after 0\.\d{3} s while waiting for a connection: No connection established\. Last error: connect ECONNREFUSED 127\.0\.0\.1:\d+$/,
    )
  })
})
