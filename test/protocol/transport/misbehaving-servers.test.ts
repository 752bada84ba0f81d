// What calls make of servers that answer oddly, wrongly or not at all.
import { constants } from 'node:http2'
import { Status } from 'nice-grpc'
import { bytes, CHANNEL_KINDS, connectTo, failedWith, Requests, text, texts } from './bytes-service'
import {
  answerWith,
  framed,
  GRPC_HEADERS,
  startHttp2Server,
  startTcpServer,
  type RawStream,
} from './raw-servers'

const EMPTY_SETTINGS = Buffer.from('000000040000000000', 'hex')

describe.each(CHANNEL_KINDS)('on the %s channel', (kind) => {
  it('messages may be cut anywhere', async () => {
    const wire = Buffer.concat(['first', '', 'the third'].map((message) => framed(message)))
    await using server = await startHttp2Server((stream) =>
      answerWith(
        stream,
        Array.from(wire, (byte) => Buffer.of(byte)),
      ),
    )
    using connected = connectTo(kind, server)
    expect(await texts(connected.client.download(bytes('')))).toEqual(['first', '', 'the third'])
  })

  it('one frame may hold many messages and a part of another', async () => {
    const sent = Array.from({ length: 100 }, (_, index) => `message ${index}`)
    const wire = Buffer.concat(sent.map((message) => framed(message)))
    await using server = await startHttp2Server((stream) =>
      answerWith(stream, [wire.subarray(0, 1_003), wire.subarray(1_003)]),
    )
    using connected = connectTo(kind, server)
    expect(await texts(connected.client.download(bytes('')))).toEqual(sent)
  })

  it('a status may come alone', async () => {
    await using server = await startHttp2Server((stream) =>
      stream.respond(
        { ...GRPC_HEADERS, 'grpc-status': '7', 'grpc-message': 'no%20entry%21', why: 'closed' },
        { endStream: true },
      ),
    )
    using connected = connectTo(kind, server)
    let why: string | undefined
    const call = connected.client.unary(bytes(''), { onTrailer: (trailer) => (why = trailer.get('why')) })
    expect(await failedWith(call)).toEqual({ code: Status.PERMISSION_DENIED, details: 'no entry!' })
    expect(why).toBe('closed')
  })

  it.each([
    [302, Status.UNKNOWN],
    [400, Status.INTERNAL],
    [401, Status.UNAUTHENTICATED],
    [403, Status.PERMISSION_DENIED],
    [404, Status.UNIMPLEMENTED],
    [418, Status.UNKNOWN],
    [429, Status.UNAVAILABLE],
    [500, Status.UNKNOWN],
    [502, Status.UNAVAILABLE],
    [503, Status.UNAVAILABLE],
    [504, Status.UNAVAILABLE],
  ])('HTTP status %d is gRPC status %d', async (http, code) => {
    await using server = await startHttp2Server((stream) => {
      stream.respond({ ':status': http, 'content-type': 'text/html' })
      stream.end('<html>')
    })
    using connected = connectTo(kind, server)
    expect(await failedWith(connected.client.unary(bytes('')))).toEqual({
      code,
      details: `Received HTTP status code ${http}`,
    })
  })

  it('a gRPC status counts more than an HTTP status', async () => {
    await using server = await startHttp2Server((stream) =>
      stream.respond({ ...GRPC_HEADERS, ':status': 503, 'grpc-status': '9' }, { endStream: true }),
    )
    using connected = connectTo(kind, server)
    expect((await failedWith(connected.client.unary(bytes('')))).code).toBe(Status.FAILED_PRECONDITION)
  })

  it.each([
    ['NO_ERROR', constants.NGHTTP2_NO_ERROR, Status.INTERNAL],
    ['PROTOCOL_ERROR', constants.NGHTTP2_PROTOCOL_ERROR, Status.INTERNAL],
    ['INTERNAL_ERROR', constants.NGHTTP2_INTERNAL_ERROR, Status.INTERNAL],
    ['FLOW_CONTROL_ERROR', constants.NGHTTP2_FLOW_CONTROL_ERROR, Status.INTERNAL],
    ['SETTINGS_TIMEOUT', constants.NGHTTP2_SETTINGS_TIMEOUT, Status.INTERNAL],
    ['STREAM_CLOSED', constants.NGHTTP2_STREAM_CLOSED, Status.INTERNAL],
    ['FRAME_SIZE_ERROR', constants.NGHTTP2_FRAME_SIZE_ERROR, Status.INTERNAL],
    ['REFUSED_STREAM', constants.NGHTTP2_REFUSED_STREAM, Status.UNAVAILABLE],
    ['CANCEL', constants.NGHTTP2_CANCEL, Status.CANCELLED],
    ['COMPRESSION_ERROR', constants.NGHTTP2_COMPRESSION_ERROR, Status.INTERNAL],
    ['CONNECT_ERROR', constants.NGHTTP2_CONNECT_ERROR, Status.INTERNAL],
    ['ENHANCE_YOUR_CALM', constants.NGHTTP2_ENHANCE_YOUR_CALM, Status.RESOURCE_EXHAUSTED],
    ['INADEQUATE_SECURITY', constants.NGHTTP2_INADEQUATE_SECURITY, Status.PERMISSION_DENIED],
    ['HTTP_1_1_REQUIRED', constants.NGHTTP2_HTTP_1_1_REQUIRED, Status.INTERNAL],
  ])('a stream reset with %s (%d) is gRPC status %d', async (_name, reset, code) => {
    await using server = await startHttp2Server((stream) => {
      stream.respond(GRPC_HEADERS)
      stream.close(reset)
    })
    using connected = connectTo(kind, server)
    expect((await failedWith(texts(connected.client.exchange(new Requests())))).code).toBe(code)
  })

  it('an answer that ends without a status is INTERNAL', async () => {
    await using server = await startHttp2Server((stream) => {
      stream.respond(GRPC_HEADERS)
      stream.end(framed('answer'))
    })
    using connected = connectTo(kind, server)
    expect((await failedWith(connected.client.unary(bytes('')))).code).toBe(Status.INTERNAL)
  })

  it('trailers without a status are UNKNOWN', async () => {
    await using server = await startHttp2Server((stream) => {
      stream.respond(GRPC_HEADERS, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ other: 'value' }))
      stream.end(framed('answer'))
    })
    using connected = connectTo(kind, server)
    expect((await failedWith(connected.client.unary(bytes('')))).code).toBe(Status.UNKNOWN)
  })

  it('a lost connection ends its calls as UNAVAILABLE, and the next call has a new one', async () => {
    let calls = 0
    await using server = await startHttp2Server((stream) => {
      calls += 1
      if (calls === 1) stream.session.destroy()
      else answerWith(stream, [framed('answer')])
    })
    using connected = connectTo(kind, server)
    expect((await failedWith(connected.client.unary(bytes('')))).code).toBe(Status.UNAVAILABLE)
    expect(text(await connected.client.unary(bytes('')))).toBe('answer')
    expect(server.accepted).toBe(2)
  })

  it('after a GOAWAY open calls complete, and new ones have a new connection', async () => {
    const requests = new Requests()
    let draining: RawStream | undefined
    await using server = await startHttp2Server((stream) => {
      if (draining === undefined) {
        draining = stream
        stream.respond(GRPC_HEADERS, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
        stream.write(framed('before'))
        stream.session.goaway(0, stream.id ?? 0)
      } else {
        answerWith(stream, [framed('elsewhere')])
      }
    })
    using connected = connectTo(kind, server)
    const answers = connected.client.exchange(requests)[Symbol.asyncIterator]()
    requests.send('request')
    expect(text((await answers.next()).value as Uint8Array)).toBe('before')
    expect(text(await connected.client.unary(bytes('')))).toBe('elsewhere')
    draining?.end(framed('after'))
    expect(text((await answers.next()).value as Uint8Array)).toBe('after')
    expect((await answers.next()).done).toBe(true)
    expect(server.accepted).toBe(2)
  })

  it('more calls than the server takes at once wait for their turn', async () => {
    let open = 0
    let most = 0
    await using server = await startHttp2Server(
      (stream) => {
        open += 1
        most = Math.max(most, open)
        stream.once('close', () => (open -= 1))
        stream.resume().once('end', () => answerWith(stream, [framed('answer')]))
      },
      { maxConcurrentStreams: 2 },
    )
    using connected = connectTo(kind, server)
    const answers = await Promise.all(Array.from({ length: 20 }, () => connected.client.unary(bytes(''))))
    expect(new Set(answers.map(text))).toEqual(new Set(['answer']))
    expect(most).toBeLessThanOrEqual(2)
  })

  it('a server that closes connections before its settings makes calls fail as UNAVAILABLE', async () => {
    await using server = await startTcpServer((socket) => socket.destroy())
    using connected = connectTo(kind, server)
    expect((await failedWith(connected.client.unary(bytes('')))).code).toBe(Status.UNAVAILABLE)
  })

  it('a connection to a server that never sends its settings is abandoned', async () => {
    await using server = await startTcpServer((socket) => socket.resume())
    using connected = connectTo(kind, server, { 'grpc.min_reconnect_backoff_ms': 50 })
    expect((await failedWith(connected.client.unary(bytes('')))).code).toBe(Status.UNAVAILABLE)
  })

  it('a server that is no HTTP/2 server makes calls fail as UNAVAILABLE', async () => {
    await using server = await startTcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    using connected = connectTo(kind, server)
    expect((await failedWith(connected.client.unary(bytes('')))).code).toBe(Status.UNAVAILABLE)
  })
})

describe('on the http2 channel only', () => {
  it.each([
    ['text/html', "its content-type is 'text/html'"],
    ['application/grpcish', "its content-type is 'application/grpcish'"],
    [undefined, 'its content-type is none'],
  ])('an answer of content-type %s ends the call at once', async (contentType, details) => {
    await using server = await startHttp2Server((stream) => {
      stream.respond(contentType === undefined ? {} : { 'content-type': contentType })
      stream.write('it goes on and on')
    })
    using connected = connectTo('http2', server)
    expect(await failedWith(connected.client.unary(bytes('')))).toEqual({
      code: Status.UNKNOWN,
      details: `Received a response that is not gRPC's: ${details}`,
    })
  })

  it.each(['application/grpc', 'application/grpc+proto', 'application/grpc;charset=utf-8'])(
    'content-type %s is fine',
    async (contentType) => {
      await using server = await startHttp2Server((stream) => {
        stream.respond({ 'content-type': contentType }, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
        stream.end(framed('answer'))
      })
      using connected = connectTo('http2', server)
      expect(text(await connected.client.unary(bytes('')))).toBe('answer')
    },
  )

  it('an answer that ends without a status ends the call though the request goes on', async () => {
    await using server = await startHttp2Server((stream) => {
      stream.respond(GRPC_HEADERS)
      stream.end(framed('answer'))
    })
    using connected = connectTo('http2', server)
    const answers = connected.client.exchange(new Requests())[Symbol.asyncIterator]()
    expect(text((await answers.next()).value as Uint8Array)).toBe('answer')
    expect(await failedWith(answers.next())).toEqual({
      code: Status.INTERNAL,
      details: 'The call ended without a gRPC status',
    })
  })

  it('messages that came before a reset are delivered before it', async () => {
    await using server = await startHttp2Server((stream) => {
      stream.respond(GRPC_HEADERS)
      stream.write(Buffer.concat([framed('one'), framed('two'), framed('three')]), () => {
        stream.close(constants.NGHTTP2_INTERNAL_ERROR)
      })
    })
    using connected = connectTo('http2', server)
    const received: string[] = []
    const failure = await failedWith(
      (async () => {
        for await (const answer of connected.client.download(bytes(''))) received.push(text(answer))
      })(),
    )
    expect(received).toEqual(['one', 'two', 'three'])
    expect(failure.code).toBe(Status.INTERNAL)
  })

  it('a GOAWAY with an error ends its calls with the reason', async () => {
    await using server = await startHttp2Server((stream) => {
      stream.session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, 0, Buffer.from('too_many_pings'))
    })
    using connected = connectTo('http2', server)
    expect(await failedWith(connected.client.unary(bytes('')))).toEqual({
      code: Status.UNAVAILABLE,
      details: 'The server ended the connection with GOAWAY code 11 (ENHANCE_YOUR_CALM): too_many_pings',
    })
  })

  it('a connection closed by the server says so', async () => {
    await using server = await startHttp2Server(() => {
      for (const socket of server.sockets) socket.destroy()
    })
    using connected = connectTo('http2', server)
    expect(await failedWith(connected.client.unary(bytes('')))).toEqual({
      code: Status.UNAVAILABLE,
      details: 'The connection was closed by the server',
    })
  })

  it.each([
    ['a frame that HTTP/2 forbids', '000000000000000000'],
    ['bytes that are not HTTP/2', Buffer.from('HTTP/1.1 408 Request Timeout').toString('hex')],
  ])('%s end the connection, with pings at the latest', async (_name, wrong) => {
    await using server = await startTcpServer((socket) => {
      socket.write(EMPTY_SETTINGS)
      socket.once('data', () => socket.write(wrong, 'hex'))
    })
    const keepalive = { 'grpc.keepalive_time_ms': 20, 'grpc.keepalive_timeout_ms': 20 }
    using connected = connectTo('http2', server, keepalive)
    expect((await failedWith(connected.client.unary(bytes('')))).code).toBe(Status.UNAVAILABLE)
  })

  it('calls that a GOAWAY says were not taken are UNAVAILABLE', async () => {
    const streams: RawStream[] = []
    await using server = await startHttp2Server((stream) => {
      streams.push(stream)
      if (streams.length < 2) return
      stream.session.goaway(0, streams[0]?.id ?? 0)
      if (streams[0] !== undefined) answerWith(streams[0], [framed('taken')])
    })
    using connected = connectTo('http2', server)
    const taken = connected.client.unary(bytes('one'))
    const refused = connected.client.unary(bytes('two'))
    expect((await failedWith(refused)).code).toBe(Status.UNAVAILABLE)
    expect(text(await taken)).toBe('taken')
  })

  it('a message cut by the end of an answer is INTERNAL', async () => {
    await using server = await startHttp2Server((stream) =>
      answerWith(stream, [framed('answer').subarray(0, 9)]),
    )
    using connected = connectTo('http2', server)
    expect(await failedWith(texts(connected.client.download(bytes(''))))).toEqual({
      code: Status.INTERNAL,
      details: 'The server ended the call within a message',
    })
  })

  it('a compressed message is INTERNAL', async () => {
    await using server = await startHttp2Server((stream) => answerWith(stream, [framed('answer', 1)]))
    using connected = connectTo('http2', server)
    expect(await failedWith(connected.client.unary(bytes('')))).toEqual({
      code: Status.INTERNAL,
      details: 'Received a compressed message, but no compression was offered',
    })
  })

  it('an answer may name an encoding and not use it', async () => {
    await using server = await startHttp2Server((stream) => {
      stream.respond({ ...GRPC_HEADERS, 'grpc-encoding': 'gzip' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      stream.end(framed('answer'))
    })
    using connected = connectTo('http2', server)
    expect(text(await connected.client.unary(bytes('')))).toBe('answer')
  })

  it('bytes that are no messages are INTERNAL, after the messages before them', async () => {
    await using server = await startHttp2Server((stream) =>
      answerWith(stream, [framed('answer'), Buffer.from('garbage')]),
    )
    using connected = connectTo('http2', server)
    const answers = connected.client.download(bytes(''))[Symbol.asyncIterator]()
    expect(text((await answers.next()).value as Uint8Array)).toBe('answer')
    expect(await failedWith(answers.next())).toEqual({
      code: Status.INTERNAL,
      details: 'Received bytes that are no gRPC message: its flags are 0x67',
    })
  })

  it.each(['99', '-1', 'abc', ''])("the status '%s' is UNKNOWN", async (status) => {
    await using server = await startHttp2Server((stream) =>
      stream.respond({ ...GRPC_HEADERS, 'grpc-status': status, 'grpc-message': 'odd' }, { endStream: true }),
    )
    using connected = connectTo('http2', server)
    expect(await failedWith(connected.client.unary(bytes('')))).toEqual({
      code: Status.UNKNOWN,
      details: `The server answered with the unknown status '${status}': odd`,
    })
  })

  it.each([
    ['a%2Fb%3A%23%20c', 'a/b:# c'],
    ['100%', '100%'],
    ['%zz%41', '%zzA'],
    ['%E2%82%AC', '\u20ac'],
    ['%E2%82', '\ufffd'],
    [Buffer.from('caf\u00e9').toString('latin1'), 'caf\u00e9'],
  ])("the text '%s' of a status is read as '%s'", async (sent, details) => {
    await using server = await startHttp2Server((stream) =>
      stream.respond({ ...GRPC_HEADERS, 'grpc-status': '2', 'grpc-message': sent }, { endStream: true }),
    )
    using connected = connectTo('http2', server)
    expect(await failedWith(connected.client.unary(bytes('')))).toEqual({ code: Status.UNKNOWN, details })
  })

  it('a server that never answers is waited for until the call is aborted', async () => {
    await using server = await startHttp2Server(() => abort.abort())
    const abort = new AbortController()
    using connected = connectTo('http2', server)
    await expect(connected.client.unary(bytes(''), { signal: abort.signal })).rejects.toMatchObject({
      name: 'AbortError',
    })
  })
})
