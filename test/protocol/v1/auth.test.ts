// Credentials and metadata on the wire: in the headers of each stream, new ones when the server refuses those before.
import {
  AuthenticationError,
  ConnectionError,
  RequestTimeoutError,
  Session,
  type SessionOptions,
} from 'coherence-ts'
import { Status } from 'nice-grpc'
import { inspect } from 'node:util'
import { FakeProxy } from '../../support/fake-proxy'

let proxy: FakeProxy

beforeEach(async () => {
  proxy = await FakeProxy.start()
})

afterEach(async () => {
  await proxy[Symbol.asyncDispose]()
})

function open(options: SessionOptions): Promise<Session> {
  return Session.create({ address: proxy.address, ...options })
}

function authorizations(): unknown[] {
  return proxy.headers.map(({ authorization }) => authorization)
}

/** Serves only streams with this value. */
function demand(authorization: string): void {
  proxy.refusal = (headers) =>
    headers.authorization === authorization
      ? undefined
      : { status: Status.UNAUTHENTICATED, details: 'invalid authentication credentials' }
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('It did not fail')
    },
    (error: unknown) => error as Error,
  )
}

describe('credentials', () => {
  it('are in the headers of every stream', async () => {
    demand('Basic YW5uOnNlc2FtZQ==')
    await using session = await open({ auth: { username: 'ann', password: 'sesame' } })
    const map = await session.getMap<string, number>('m')
    await map.set('a', 1)
    expect(await map.keys().toArray()).toEqual(['a'])
    await using events = map.events({ overflow: 'error' })
    await events.ready
    expect(authorizations()).toEqual(authorizations().map(() => 'Basic YW5uOnNlc2FtZQ=='))
    expect(proxy.headers.length).toBeGreaterThan(1)
  })

  it('are refused with the address, without showing them', async () => {
    demand('Bearer right')
    const error = await failure(open({ auth: { token: 'sesame' } }))
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error.message).toBe(
      `The server at ${proxy.address} refused the credentials: invalid authentication credentials`,
    )
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('sesame')
    expect(proxy.headers).toHaveLength(1)
  })

  it('are missing where the options have none, which the error says', async () => {
    demand('Bearer right')
    const error = await failure(open({}))
    expect(error.message).toContain('refused a client without credentials (set the option auth): invalid')
  })

  it('of a function are asked for at each connection, and shared by its streams', async () => {
    let asked = 0
    await using session = await open({ auth: () => `Bearer ${++asked}` })
    const map = await session.getMap<string, number>('m')
    await map.set('a', 1)
    await map.keys().toArray()
    expect(asked).toBe(1)
    const reconnected = new Promise((resolve) => session.once('reconnected', resolve))
    await proxy.cut()
    await reconnected
    await map.keys().toArray()
    expect([...new Set(authorizations())]).toEqual(['Bearer 1', 'Bearer 2'])
  })

  it('of a function are asked for again when the server refuses them', async () => {
    const values = ['Bearer old', 'Bearer new']
    demand('Bearer new')
    await using session = await open({ auth: () => Promise.resolve(values.shift() ?? 'none') })
    expect(session.connected).toBe(true)
    expect(authorizations()).toEqual(['Bearer old', 'Bearer new'])
  })

  it('of a function are new on a stream that the server refuses later', async () => {
    let value = 'Bearer 1'
    demand(value)
    await using session = await open({ auth: () => value })
    const map = await session.getMap<string, number>('m')
    await map.set('a', 1)
    value = 'Bearer 2'
    demand(value)
    expect(await map.keys().toArray()).toEqual(['a'])
  })

  it('of a function that are refused twice are an error', async () => {
    demand('Bearer right')
    const error = await failure(open({ auth: () => 'Bearer wrong' }))
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(proxy.headers).toHaveLength(2)
  })

  it('of a function that fails are an error of the connection, before anything is sent', async () => {
    const cause = new Error('no token today')
    const error = await failure(open({ auth: () => Promise.reject(cause) }))
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error.message).toContain('the function of the option auth failed: no token today')
    expect(proxy.headers).toEqual([])
  })

  it('of a function that never settles end with the time of the call', async () => {
    const never = open({ auth: () => new Promise(() => undefined), requestTimeoutSeconds: 0.2 })
    const error = await failure(never)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).not.toBeInstanceOf(RequestTimeoutError)
    expect(error.message).toContain('the function of the option auth gave no value within 0.2 s')
  })
})

describe('metadata', () => {
  it.each(['http2', 'grpc-js'] as const)('are in the headers of every stream: %s', async (transport) => {
    const metadata = { 'x-tenant': 'acme', 'X-Roles': ['a', 'b'], 'x-trace-bin': Buffer.from([0, 255]) }
    await using session = await open({ metadata, transport, auth: { token: 'right' } })
    const map = await session.getMap<string, number>('m')
    await map.keys().toArray()
    const expected = {
      'x-tenant': 'acme',
      'x-roles': 'a, b',
      'x-trace-bin': 'AP8=',
      authorization: 'Bearer right',
    }
    expect(proxy.headers.length).toBeGreaterThan(1)
    for (const headers of proxy.headers) expect(headers).toMatchObject(expected)
  })
})
