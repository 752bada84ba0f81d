// A channel's connection: made when needed, told of, lost, made again, closed.
import { connectivityState as Connectivity, type Channel } from '@grpc/grpc-js'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttp2Server } from 'node:http2'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Status, waitForChannelReady } from 'nice-grpc'
import { HTTP2_CHANNEL_OPTIONS, openHttp2Channel } from '../../../src/transport/http2/open-channel'
import { closedPort } from '../../support/odd-servers'
import { startTcpProxy } from '../../support/tcp-proxy'
import {
  bytes,
  CHANNEL_KINDS,
  connectTo,
  failedWith,
  occurrence,
  Requests,
  startBytesServer,
  text,
} from './bytes-service'
import { answerWith, framed, startHttp2Server, startTcpServer } from './raw-servers'

/** The next state that is not `from`. */
async function after(channel: Channel, from: Connectivity): Promise<Connectivity> {
  await new Promise<void>((done, failed) => {
    channel.watchConnectivityState(from, Infinity, (error) => (error === undefined ? done() : failed(error)))
  })
  return channel.getConnectivityState(false)
}

describe.each(CHANNEL_KINDS)('the %s channel', (kind) => {
  it('is idle until it is needed', async () => {
    await using server = await startBytesServer()
    await using proxy = await startTcpProxy(server.address)
    using connected = connectTo(kind, proxy)
    expect(connected.channel.getConnectivityState(false)).toBe(Connectivity.IDLE)
    expect(proxy.accepted).toBe(0)
    await connected.client.unary(bytes(''))
    expect(connected.channel.getConnectivityState(false)).toBe(Connectivity.READY)
    await connected.client.unary(bytes(''))
    expect(proxy.accepted).toBe(1)
  })

  it('connects when its state is asked for', async () => {
    await using server = await startBytesServer()
    using connected = connectTo(kind, server)
    await waitForChannelReady(connected.channel, new Date(Date.now() + 10_000))
    expect(connected.channel.getConnectivityState(false)).toBe(Connectivity.READY)
  })

  it('ends a watch when its deadline passes', async () => {
    using connected = connectTo(kind, { address: 'localhost:1' })
    const passed = new Promise((done) => {
      connected.channel.watchConnectivityState(Connectivity.IDLE, Date.now() + 20, done)
    })
    expect(await passed).toMatchObject({ message: 'Deadline passed without connectivity state change' })
  })

  it('is in transient failure while there is no server, and ready again when there is one', async () => {
    const nobody = await closedPort()
    using connected = connectTo(kind, nobody, { 'grpc.initial_reconnect_backoff_ms': 50 })
    const { channel } = connected
    channel.getConnectivityState(true)
    let state: Connectivity = Connectivity.IDLE
    while (state !== Connectivity.TRANSIENT_FAILURE) state = await after(channel, state)
    await using server = await startBytesServer({}, undefined, Number(nobody.address.split(':')[1]))
    while (state !== Connectivity.READY) state = await after(channel, state)
    using client = connectTo(kind, server)
    expect(text(await client.client.unary(bytes('there')))).toBe('there')
  })

  it('is idle after its connection was lost, and connects for the next call', async () => {
    await using server = await startBytesServer()
    await using proxy = await startTcpProxy(server.address)
    using connected = connectTo(kind, proxy)
    await connected.client.unary(bytes(''))
    proxy.cut()
    expect(await after(connected.channel, Connectivity.READY)).toBe(Connectivity.IDLE)
    expect(text(await connected.client.unary(bytes('again')))).toBe('again')
    expect(proxy.accepted).toBe(2)
  })

  it('ends all open calls of a connection that is cut', async () => {
    await using server = await startBytesServer()
    await using proxy = await startTcpProxy(server.address)
    using connected = connectTo(kind, proxy)
    const calls = Array.from({ length: 10 }, () => {
      const requests = new Requests()
      requests.send('request')
      return connected.client.exchange(requests)[Symbol.asyncIterator]()
    })
    await Promise.all(calls.map((call) => call.next()))
    const failures = Promise.all(calls.map((call) => failedWith(call.next())))
    proxy.cut()
    expect((await failures).map(({ code }) => code)).toEqual(calls.map(() => Status.UNAVAILABLE))
  })

  it('says so once it is shut down', () => {
    const { channel } = connectTo(kind, { address: 'localhost:1' })
    channel.close()
    expect(channel.getConnectivityState(false)).toBe(Connectivity.SHUTDOWN)
    expect(() => channel.watchConnectivityState(Connectivity.SHUTDOWN, Infinity, () => undefined)).toThrow(
      'Channel has been shut down',
    )
  })

  it('fails calls that wait for a connection when it is closed', async () => {
    await using silent = await startTcpServer((socket) => socket.resume())
    const connected = connectTo(kind, silent)
    const waiting = failedWith(connected.client.unary(bytes('')))
    connected.channel.close()
    expect(await waiting).toEqual({ code: Status.UNAVAILABLE, details: 'Channel closed before call started' })
  })

  it('reaches a server at a socket file', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'channel-'))
    const path = join(dir, 'socket')
    const server = createHttp2Server()
    server.on('stream', (stream, headers) => answerWith(stream, [framed(String(headers[':authority']))]))
    await new Promise<void>((listening) => server.listen(path, listening))
    for (const address of [`unix:${path}`, `unix://${path}`]) {
      using connected = connectTo(kind, { address })
      expect(text(await connected.client.unary(bytes('')))).toBe('localhost')
    }
    await new Promise((closed) => server.close(closed))
    await rm(dir, { recursive: true })
  })

  it('tries the addresses of a target until one answers', async () => {
    await using server = await startBytesServer()
    await using nobody = await closedPort()
    using connected = connectTo(kind, { address: `ipv4:${nobody.address},${server.address}` })
    expect(text(await connected.client.unary(bytes('found')))).toBe('found')
  })

  it('fails calls for a host that is not known', async () => {
    using connected = connectTo(kind, { address: 'no-such-host.invalid:1408' })
    const failure = await failedWith(connected.client.unary(bytes('')))
    expect(failure.code).toBe(Status.UNAVAILABLE)
    expect(failure.details).toContain('no-such-host.invalid')
  })
})

describe('the http2 channel only', () => {
  it('ends its open calls when it is closed, and its connections', async () => {
    const opened = occurrence()
    const gone = occurrence()
    await using server = await startHttp2Server((stream) => {
      stream.once('close', () => gone.occur())
      opened.occur()
    })
    const connected = connectTo('http2', server)
    const open = failedWith(connected.client.unary(bytes('')))
    await opened.happened
    connected.channel.close()
    expect(await open).toEqual({ code: Status.CANCELLED, details: 'Channel closed' })
    await gone.happened
    connected.channel.close()
  })

  it('goes on to the next address while one does not answer', async () => {
    await using server = await startBytesServer()
    await using silent = await startTcpServer((socket) => socket.resume())
    using connected = connectTo('http2', { address: `ipv4:${silent.address},${server.address}` })
    expect(text(await connected.client.unary(bytes('found')))).toBe('found')
  })

  it('says what is wrong with each address', async () => {
    await using one = await closedPort()
    await using two = await closedPort()
    using connected = connectTo('http2', { address: `ipv4:${one.address},${two.address}` })
    expect(await failedWith(connected.client.unary(bytes('')))).toEqual({
      code: Status.UNAVAILABLE,
      details:
        'No connection established. Last error: ' +
        `connect ECONNREFUSED ${one.address}; connect ECONNREFUSED ${two.address}`,
    })
  })

  it('tries again after each failure', async () => {
    let attempts = 0
    let enough: () => void = () => undefined
    const fourth = new Promise<void>((resolved) => {
      enough = resolved
    })
    await using server = await startTcpServer((socket) => {
      socket.destroy()
      attempts += 1
      if (attempts === 4) enough()
    })
    using connected = connectTo('http2', server, { 'grpc.initial_reconnect_backoff_ms': 5 })
    connected.channel.getConnectivityState(true)
    await fourth
    expect(attempts).toBeGreaterThanOrEqual(4)
  })

  it('notices by a ping that a connection went silent', async () => {
    await using server = await startBytesServer()
    await using proxy = await startTcpProxy(server.address)
    const options = { 'grpc.keepalive_time_ms': 20, 'grpc.keepalive_timeout_ms': 20 }
    using connected = connectTo('http2', proxy, options)
    const requests = new Requests()
    requests.send('request')
    const answers = connected.client.exchange(requests)[Symbol.asyncIterator]()
    await answers.next()
    proxy.pause()
    expect(await failedWith(answers.next())).toEqual({
      code: Status.UNAVAILABLE,
      details: 'No answer to a ping within 20 ms',
    })
  })

  it.each([
    ['closed after a call', 'await client.unary(Buffer.from("x")); channel.close()'],
    ['closed while it connects', 'channel.getConnectivityState(true); channel.close()'],
    ['closed with a call open', 'client.unary(Buffer.from("x")).catch(() => {}); channel.close()'],
    ['never used', ''],
    ['idle after a call', 'await client.unary(Buffer.from("x"))'],
  ])('does not keep a process alive: %s', async (_name, script) => {
    await using server = await startBytesServer()
    const source = `
      const { createClient } = require('nice-grpc')
      const { openHttp2Channel } = require('./src/transport/http2/open-channel.ts')
      const { BytesDefinition } = require('./test/protocol/transport/bytes-service.ts')
      const channel = openHttp2Channel(['${server.address}'])
      const client = createClient(BytesDefinition, channel)
      void (async () => { ${script} })()
    `
    const cwd = resolve(__dirname, '../../..')
    await promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', source], { cwd, timeout: 20_000 })
  })

  it('refuses options of the wrong type', () => {
    expect(() => openHttp2Channel(['localhost:1'], undefined, { 'grpc.keepalive_time_ms': '10' })).toThrow(
      new TypeError("Channel option 'grpc.keepalive_time_ms' is wrong: it must be a number"),
    )
    expect(() => openHttp2Channel(['localhost:1'], undefined, { 'grpc.default_authority': 5 })).toThrow(
      new TypeError("Channel option 'grpc.default_authority' is wrong: it must be a string"),
    )
  })

  it('names the options it honours', () => {
    expect([...HTTP2_CHANNEL_OPTIONS].sort()).toEqual([
      'grpc-node.flow_control_window',
      'grpc-node.max_session_memory',
      'grpc.default_authority',
      'grpc.enable_http_proxy',
      'grpc.initial_reconnect_backoff_ms',
      'grpc.keepalive_time_ms',
      'grpc.keepalive_timeout_ms',
      'grpc.max_receive_message_length',
      'grpc.max_reconnect_backoff_ms',
      'grpc.max_send_message_length',
      'grpc.min_reconnect_backoff_ms',
      'grpc.primary_user_agent',
      'grpc.secondary_user_agent',
      'grpc.ssl_target_name_override',
    ])
  })
})
