// Servers that are there and will not have the session: an unknown scope or format, a release without protocol v1.
import { ServerError, Session, UnsupportedError } from 'coherence-ts'
import { type CoherenceServer, startCoherence } from '../../support/coherence-server'
import { describeConformance, describeWithJava, serverAddress } from '../../support/conformance'

const CODEC = { encode: () => Buffer.from([0]), decode: () => undefined }

describeConformance('a server', () => {
  it.each([
    ['scope', { scope: 'no-such-scope' }],
    ['format', { format: 'no-such-format', codec: CODEC }],
    ['format in capital letters', { format: 'JSON', codec: CODEC }],
  ])('refuses a session with an unknown %s, and the error says so', async (_what, options) => {
    const address = serverAddress()

    const error: unknown = await Session.create({ address, ...options }).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(ServerError)
    expect(error).toMatchObject({
      message:
        `The server at ${address} refused the session: it does not know the scope or the format of the options ` +
        '(it does not tell which)',
      operation: 'create',
    })
  })
})

describeWithJava('a release of the server without protocol v1', () => {
  let server: CoherenceServer

  beforeAll(async () => {
    server = await startCoherence({ version: '22.06.8' })
  }, 180_000)

  afterAll(() => server.stop())

  it('is not supported, and the error names what it lacks', async () => {
    const { address } = server

    const error: unknown = await Session.create({ address }).catch((reason: unknown) => reason)

    expect(error).toBeInstanceOf(UnsupportedError)
    expect(error).toMatchObject({
      required: 'gRPC protocol v1',
      offered: 'Method not found: coherence.proxy.v1.ProxyService/subChannel',
    })
    expect((error as Error).message).toContain(address)
    expect((error as Error).message).toContain('Coherence 24.09 or later is needed')
  })
})
