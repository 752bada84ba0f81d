// How a session begins, and what it says where the server will not have it.
import {
  AuthenticationError,
  ConnectionError,
  ServerError,
  Session,
  type SessionOptions,
  UnsupportedError,
} from 'coherence-ts'
import { Status } from 'nice-grpc'
import { FAKE_SERVER } from '../../support/fake-stream'
import { acceptInit, FakeProxy, noAnswer } from '../../support/fake-proxy'
import { closedPort } from '../../support/odd-servers'

const TRANSPORTS = ['http2', 'grpc-js'] as const

function failure(options: SessionOptions): Promise<unknown> {
  return Session.create(options).then(
    async (session) => {
      await session.close()
      throw new Error('the session was made')
    },
    (error: unknown) => error,
  )
}

describe.each(TRANSPORTS)('a session over %s', (transport) => {
  it('knows its server', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address, transport })

    expect(session.serverInfo).toEqual(FAKE_SERVER)
    expect(proxy.inits[0]?.clientUuid?.toString('hex')).toBe(session.id.replaceAll('-', ''))
  })

  it.each<[what: string, code: Status, details: string, error: object]>([
    [
      'without v1',
      Status.UNIMPLEMENTED,
      'Method not found: coherence.proxy.v1.ProxyService/subChannel',
      {
        constructor: UnsupportedError,
        code: 'ERR_COHERENCE_UNSUPPORTED',
        required: 'gRPC protocol v1',
        offered: 'Method not found: coherence.proxy.v1.ProxyService/subChannel',
      },
    ],
    [
      'that does not know the scope or the format',
      Status.INTERNAL,
      '',
      { constructor: ServerError, code: 'ERR_COHERENCE_SERVER', operation: 'create', mapName: undefined },
    ],
    [
      'that wants other credentials',
      Status.UNAUTHENTICATED,
      'invalid authentication credentials',
      { constructor: AuthenticationError, code: 'ERR_COHERENCE_AUTHENTICATION' },
    ],
    [
      'that gives no permission',
      Status.PERMISSION_DENIED,
      'not for you',
      { constructor: AuthenticationError, code: 'ERR_COHERENCE_AUTHENTICATION' },
    ],
    [
      'that is not ready',
      Status.UNAVAILABLE,
      'try later',
      { constructor: ConnectionError, code: 'ERR_COHERENCE_CONNECTION', outcome: 'not-sent' },
    ],
    [
      'with a trouble of its own',
      Status.INTERNAL,
      'a bug',
      { constructor: ConnectionError, code: 'ERR_COHERENCE_CONNECTION', outcome: 'not-sent' },
    ],
  ])('is refused by a server %s', async (_what, code, details, expected) => {
    await using proxy = await FakeProxy.start()
    proxy.onInit((stream) => stream.fail(code, details))

    const error = await failure({ address: proxy.address, transport })

    expect(error).toMatchObject(expected)
    expect((error as Error).message).toContain(proxy.address)
    expect((error as Error).message).toContain(details)
  })

  it('is not made where the server ends the stream at once', async () => {
    await using proxy = await FakeProxy.start()
    proxy.onInit((stream) => stream.end())

    expect(await failure({ address: proxy.address, transport })).toBeInstanceOf(ConnectionError)
  })

  it('waits for the answer to its handshake no longer than a call', async () => {
    await using proxy = await FakeProxy.start()
    proxy.onInit(noAnswer)

    const error = await failure({ address: proxy.address, requestTimeoutSeconds: 0.2, transport })

    expect(error).toMatchObject({
      code: 'ERR_COHERENCE_CONNECTION',
      message: `No connection to ${proxy.address}: no answer to the handshake within 0.2 s`,
      address: proxy.address,
      outcome: 'not-sent',
    })
    await proxy.until(() => proxy.open.length === 0)
  })

  it('is refused at the first attempt where there is no server', async () => {
    const { address } = await closedPort()

    const error = await failure({ address, transport })

    expect(error).toBeInstanceOf(ConnectionError)
    expect((error as Error).message).toMatch(
      new RegExp(`^No connection to ${address}: .*ECONNREFUSED.*is the server up`),
    )
  })

  it('with readyTimeoutSeconds tries for that long', async () => {
    const { address } = await closedPort()
    const start = performance.now()

    const error = await failure({ address, readyTimeoutSeconds: 0.5, transport })

    expect(error).toBeInstanceOf(ConnectionError)
    expect(performance.now() - start).toBeGreaterThan(200)
    expect(performance.now() - start).toBeLessThan(3_000)
  })

  it('with readyTimeoutSeconds tries for that long, though a call has less time', async () => {
    await using proxy = await FakeProxy.start()
    let refusals = 0
    proxy.onInit((stream, init, id) => {
      refusals += 1
      if (refusals < 5) stream.fail(Status.UNAVAILABLE, 'still starting')
      else acceptInit(stream, init, id)
    })
    const options = { readyTimeoutSeconds: 20, requestTimeoutSeconds: 0.25, transport }

    await using session = await Session.create({ address: proxy.address, ...options })

    expect(session.serverInfo).toEqual(FAKE_SERVER)
  })

  it('with readyTimeoutSeconds gives each attempt the time of a call', async () => {
    await using proxy = await FakeProxy.start()
    let attempts = 0
    proxy.onInit((stream, init, id) => {
      attempts += 1
      if (attempts === 2) acceptInit(stream, init, id)
    })
    const options = { readyTimeoutSeconds: Infinity, requestTimeoutSeconds: 0.2, transport }

    await using session = await Session.create({ address: proxy.address, ...options })

    expect(session.serverInfo).toEqual(FAKE_SERVER)
  })

  it('with readyTimeoutSeconds is made as soon as the server is there', async () => {
    await using proxy = await FakeProxy.start()
    let refusals = 0
    proxy.onInit((stream, init, id) => {
      refusals += 1
      if (refusals < 3) stream.fail(Status.UNAVAILABLE, 'still starting')
      else acceptInit(stream, init, id)
    })

    await using session = await Session.create({ address: proxy.address, readyTimeoutSeconds: 20, transport })

    expect(session.serverInfo).toEqual(FAKE_SERVER)
  })

  it('with readyTimeoutSeconds does not wait for longer on a server that is silent', async () => {
    await using proxy = await FakeProxy.start()
    proxy.onInit(noAnswer)
    const start = performance.now()

    const error = await failure({ address: proxy.address, readyTimeoutSeconds: 0.3, transport })

    expect(error).toBeInstanceOf(ConnectionError)
    expect((error as Error).message).toContain('no answer to the handshake within 0.3 s')
    expect(performance.now() - start).toBeLessThan(3_000)
  })
})

describe('a session', () => {
  it('reports its connection once it can have listeners', async () => {
    await using proxy = await FakeProxy.start()
    await using session = await Session.create({ address: proxy.address })

    expect(await new Promise((resolve) => session.on('connected', resolve))).toEqual({ type: 'connected' })
  })
})
