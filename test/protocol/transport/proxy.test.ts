// HTTP proxies: connections go through the one that the environment names.
import { logVerbosity, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Status } from 'nice-grpc'
import { makeCertificates } from '../../support/certificates'
import {
  type Answer,
  answerWith,
  makeHastyTunnel,
  makeTunnel,
  startConnectProxy,
} from '../../support/connect-proxy'
import { closedPort, silentTcpServer } from '../../support/odd-servers'
import { setProxyVariables } from '../../support/proxy-variables'
import { bytes, CHANNEL_KINDS, connectTo, failedWith, startBytesServer, text } from './bytes-service'

const NO_PROXY = { 'grpc.enable_http_proxy': 0 }

beforeAll(() => {
  // grpc-js reports proxies that do not connect, also after the test.
  setLogVerbosity(logVerbosity.NONE)
})

afterEach(() => {
  setProxyVariables()
})

describe.each(CHANNEL_KINDS)('the %s channel', (kind) => {
  it.each(['grpc_proxy', 'https_proxy', 'http_proxy'])('goes through the proxy in %s', async (variable) => {
    await using server = await startBytesServer()
    await using proxy = await startConnectProxy()
    setProxyVariables({ [variable]: `http://${proxy.address}` })
    using connected = connectTo(kind, server)

    expect(text(await connected.client.unary(bytes('hello')))).toBe('hello')
    expect(proxy.requests.map(({ url }) => url)).toEqual([server.address])
  })

  it('shows the proxy the user and the password in its URL', async () => {
    await using server = await startBytesServer()
    await using proxy = await startConnectProxy()
    setProxyVariables({ http_proxy: `http://ada:se%40cret@${proxy.address}` })
    using connected = connectTo(kind, server)
    await connected.client.unary(bytes('hello'))

    const basic = `Basic ${Buffer.from('ada:se@cret').toString('base64')}`
    expect(proxy.requests.map(({ headers }) => headers['proxy-authorization'])).toEqual([basic])
  })

  it('leaves the look-up of the server to the proxy', async () => {
    await using server = await startBytesServer()
    await using proxy = await startConnectProxy()
    setProxyVariables({ http_proxy: `http://${proxy.address}` })
    using connected = connectTo(kind, { address: `dns:///server.invalid:${server.port}` })

    expect(text(await connected.client.unary(bytes('hello')))).toBe('hello')
    expect(proxy.requests.map(({ url }) => url)).toEqual([`server.invalid:${server.port}`])
  })

  it('goes by TLS inside of the tunnel', async () => {
    await using certificates = await makeCertificates()
    const [caCert, cert_chain, private_key] = await Promise.all(
      [certificates.ca.certPath, certificates.server.certPath, certificates.server.keyPath].map((path) =>
        readFile(path),
      ),
    )
    if (cert_chain === undefined || private_key === undefined) throw new Error('there is no certificate')
    const security = ServerCredentials.createSsl(null, [{ cert_chain, private_key }])
    await using server = await startBytesServer({}, security)
    await using proxy = await startConnectProxy()
    setProxyVariables({ https_proxy: `http://${proxy.address}` })
    using connected = connectTo(kind, { address: `localhost:${server.port}` }, {}, { caCert })

    expect(text(await connected.client.unary(bytes('secret')))).toBe('secret')
    expect(proxy.requests.map(({ url }) => url)).toEqual([`localhost:${server.port}`])
  })

  it.each([
    ['no_proxy exempts the server', { no_proxy: '127.0.0.1' }, {}],
    ['no_grpc_proxy exempts the server', { no_grpc_proxy: '127.0.0.0/8' }, {}],
    ["the channel option 'grpc.enable_http_proxy' is 0", {}, NO_PROXY],
  ])('goes past the proxy where %s', async (_, variables, options) => {
    await using server = await startBytesServer()
    await using proxy = await startConnectProxy()
    setProxyVariables({ http_proxy: `http://${proxy.address}`, ...variables })
    using connected = connectTo(kind, server, options)

    expect(text(await connected.client.unary(bytes('hello')))).toBe('hello')
    expect(proxy.requests).toEqual([])
  })

  it('fails calls where the proxy does not connect', async () => {
    await using server = await startBytesServer()
    await using proxy = await startConnectProxy(answerWith('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
    setProxyVariables({ http_proxy: `http://${proxy.address}` })
    using connected = connectTo(kind, server)

    expect(await failedWith(connected.client.unary(bytes('hello')))).toMatchObject({
      code: Status.UNAVAILABLE,
    })
  })
})

describe('the channel', () => {
  it.each<[string, Answer]>([
    ['sends the first bytes of the server with its answer', makeHastyTunnel],
    ['answers piece by piece', inPieces],
  ])('takes a proxy that %s', async (_, answer) => {
    await using server = await startBytesServer()
    await using proxy = await startConnectProxy(answer)
    setProxyVariables({ http_proxy: `http://${proxy.address}` })
    using connected = connectTo('http2', server)

    expect(text(await connected.client.unary(bytes('hello')))).toBe('hello')
    expect(connected.channel.getTarget()).toBe(`dns:${server.address}`)
  })

  it('never goes to a socket file through a proxy', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'socket-'))
    const path = join(folder, 'server')
    const server = createServer((socket) => socket.destroy()).listen(path)
    await once(server, 'listening')
    await using proxy = await startConnectProxy()
    setProxyVariables({ http_proxy: `http://${proxy.address}` })
    using connected = connectTo('http2', { address: `unix:${path}` })
    await failedWith(connected.client.unary(bytes('hello')))
    server.close()
    await rm(folder, { recursive: true })

    expect(proxy.requests).toEqual([])
  })

  it.each<[what: string, answer: Answer, says: string]>([
    [
      'wants credentials',
      answerWith('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n'),
      'did not connect to SERVER: 407 Proxy Authentication Required (are user and password in the URL of http_proxy?)',
    ],
    [
      'cannot reach the server',
      answerWith('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
      'did not connect to SERVER: 502 Bad Gateway',
    ],
    ['gives no reason', answerWith('HTTP/1.1 503\r\n\r\n'), 'did not connect to SERVER: 503'],
    [
      'speaks another protocol',
      answerWith('SSH-2.0-OpenSSH'),
      "answered 'SSH-2.0-OpenSSH', which is not HTTP",
    ],
    ['speaks HTTP/2', answerWith('PRI * HTTP/2.0\r\n\r\n'), "answered 'PRI * HTTP/2.0', which is not HTTP"],
    [
      'has no end',
      answerWith(`HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(20_000)}`),
      'answered with a head of more than 65536 bytes',
    ],
    ['closes the connection', (client) => client.destroy(), 'closed the connection without an answer'],
    [
      'ends the connection',
      (client) => client.end('HTTP/1.1 200'),
      'closed the connection without an answer',
    ],
  ])('reports a proxy that %s', async (_, answer, says) => {
    await using server = await startBytesServer()
    await using proxy = await startConnectProxy(answer)
    setProxyVariables({ http_proxy: `http://ada:secret@${proxy.address}` })
    using connected = connectTo('http2', server)

    expect(await failedWith(connected.client.unary(bytes('hello')))).toEqual({
      code: Status.UNAVAILABLE,
      details: `No connection established. Last error: The proxy at ${proxy.address} ${says.replace('SERVER', server.address)}`,
    })
  })

  it('reports a proxy that is not there', async () => {
    await using port = await closedPort()
    setProxyVariables({ http_proxy: `http://ada:secret@${port.address}` })
    using connected = connectTo('http2', { address: 'server.invalid:1408' })

    expect(await failedWith(connected.client.unary(bytes('hello')))).toEqual({
      code: Status.UNAVAILABLE,
      details: `No connection established. Last error: The proxy at ${port.address} cannot be reached: connect ECONNREFUSED ${port.address}`,
    })
  })

  it('reports a proxy whose name cannot be resolved', async () => {
    setProxyVariables({ http_proxy: 'http://ada:secret@proxy.invalid:3128' })
    using connected = connectTo('http2', { address: '127.0.0.1:1408' })

    const { details } = await failedWith(connected.client.unary(bytes('hello')))
    expect(details).toMatch(/Last error: The proxy at proxy\.invalid:3128 cannot be found: getaddrinfo E/)
  })

  it('reports a proxy that is silent', async () => {
    await using proxy = await silentTcpServer()
    setProxyVariables({ http_proxy: `http://ada:secret@${proxy.address}` })
    using connected = connectTo(
      'http2',
      { address: 'server.invalid:1408' },
      { 'grpc.min_reconnect_backoff_ms': 50 },
    )

    expect(await failedWith(connected.client.unary(bytes('hello')))).toEqual({
      code: Status.UNAVAILABLE,
      details: `No connection established. Last error: No connection to dns:server.invalid:1408 through the proxy at ${proxy.address} within 50 ms`,
    })
  })

  it('cancels the request for a tunnel when it is closed', async () => {
    let arrived: (client: Socket) => void
    const client = new Promise<Socket>((resolve) => (arrived = resolve))
    await using proxy = await startConnectProxy((socket) => arrived(socket))
    setProxyVariables({ http_proxy: `http://${proxy.address}` })
    const connected = connectTo('http2', { address: 'server.invalid:1408' })
    const call = failedWith(connected.client.unary(bytes('hello')))
    const ended = once((await client).resume(), 'end')
    connected.channel.close()

    expect(await call).toMatchObject({ code: Status.UNAVAILABLE })
    await ended
  })
})

/** Makes a tunnel, and sends its answer byte by byte. */
function inPieces(client: Parameters<Answer>[0], request: Parameters<Answer>[1]): void {
  const write = client.write.bind(client)
  client.write = (chunk: string | Uint8Array): boolean => {
    client.write = write
    for (const byte of Buffer.from(chunk)) write(Buffer.of(byte))
    return true
  }
  makeTunnel(client, request)
}
