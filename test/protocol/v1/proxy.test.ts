// Sessions and HTTP proxies: they connect through the one that the environment names, and say so where they cannot.
import { ConnectionError, Session } from 'coherence-ts'
import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js'
import { type Answer, answerWith, startConnectProxy } from '../../support/connect-proxy'
import { FakeProxy, noAnswer } from '../../support/fake-proxy'
import { setProxyVariables } from '../../support/proxy-variables'

const TRANSPORTS = ['http2', 'grpc-js'] as const

beforeAll(() => {
  // grpc-js reports proxies that do not connect.
  setLogVerbosity(logVerbosity.NONE)
})

afterEach(() => {
  setProxyVariables()
})

describe.each(TRANSPORTS)('a session over %s', (transport) => {
  it('connects through the proxy, and does so again', async () => {
    await using server = await FakeProxy.start()
    await using proxy = await startConnectProxy()
    setProxyVariables({ http_proxy: `http://${proxy.address}` })
    await using session = await Session.create({ address: server.address, transport })
    const again = new Promise((resolve) => session.on('reconnected', resolve))
    await server.cut()
    await again

    expect(await session.ping()).toBeGreaterThan(0)
    expect(proxy.requests.map(({ url }) => url).slice(0, 2)).toEqual([server.address, server.address])
  })

  it.each<[string, Answer]>([
    ['refuses', answerWith('HTTP/1.1 502 Bad Gateway\r\n\r\n')],
    ['is silent', noAnswer],
  ])('names a proxy that %s, without its password', async (_, answer) => {
    await using proxy = await startConnectProxy(answer)
    setProxyVariables({ http_proxy: `http://ada:secret@${proxy.address}` })
    const options = { address: 'db.invalid:1408', transport, requestTimeoutSeconds: 0.5 }
    const error = await Session.create(options).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(ConnectionError)
    const { message, address } = error as ConnectionError
    expect(address).toBe('db.invalid:1408')
    expect(message).toMatch(/^No connection to db\.invalid:1408/)
    expect(message.toLowerCase()).toContain(`the proxy at ${proxy.address}`)
    expect(message).not.toContain('secret')
  })
})

it('refuses a variable that names no HTTP proxy', async () => {
  setProxyVariables({ https_proxy: 'socks5://ada:secret@proxy:1080' })

  const error = await Session.create({ address: '127.0.0.1:1408' }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ConnectionError)
  expect((error as Error).message).toBe(
    "No connection to 127.0.0.1:1408: The environment variable https_proxy names a proxy for 'socks5:', which is not " +
      "supported: it has to be 'http://host:port', or the channel option 'grpc.enable_http_proxy' 0",
  )
})
