// The worst day of a program: what it passes is wrong from the first call on, or where it connects to is no Coherence. Each
// mistake has an error that names it, and does no harm to the process nor to what comes after it.
import {
  Aggregators,
  ConnectionError,
  Filters,
  type NamedCache,
  Processors,
  Session,
  type SessionOptions,
} from 'coherence-ts'
import { NamedCacheRequestType as Type } from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { BAD_FIRST_CALLS, cycle, deep } from '../../support/bad-first-calls'
import { type Certificates, makeCertificates } from '../../support/certificates'
import { type ProgramEnd, runProgram } from '../../support/child-program'
import { failureOf } from '../../support/failures'
import { FakeProxy } from '../../support/fake-proxy'
import { fakeWorld } from '../../support/fake-world'
import {
  closedPort,
  muteHttp2Server,
  type OddServer,
  plainHttp1Server,
  silentTcpServer,
  tlsHttp2Server,
} from '../../support/odd-servers'

describe('the first call of a session, in a process of its own', () => {
  let end: ProgramEnd
  let requests: Type[]

  beforeAll(async () => {
    await using proxy = await FakeProxy.start()
    end = await runProgram('bad-first-calls', proxy.address)
    requests = proxy.requests.map(({ type }) => type)
  })

  it.each(BAD_FIRST_CALLS)('is refused, and the next one answered: $what', ({ what, error, message }) => {
    const printed = end.printed.find((line) => (line as { what?: string }).what === what)
    expect(printed).toEqual({
      what,
      error,
      message: expect.stringMatching(message) as string,
      next: 'absent',
    })
  })

  it('is never sent, and the process ends by itself, without a warning', () => {
    expect({ status: end.status, errors: end.errors }).toEqual({ status: 0, errors: '' })
    expect(new Set(requests)).toEqual(new Set([Type.EnsureCache, Type.Get]))
  })
})

describe('a key that cannot be written', () => {
  const processor = Processors.conditionalPut(Filters.never(), 1)
  const CALLS: readonly (readonly [string, (map: NamedCache<unknown, unknown>, key: unknown) => unknown])[] =
    [
      ['get', (map, key) => map.get(key)],
      ['getOrDefault', (map, key) => map.getOrDefault(key, 1)],
      ['getAll', (map, key) => map.getAll(['k', key])],
      ['set', (map, key) => map.set(key, 1)],
      ['setAll', (map, key) => map.setAll([[key, 1]])],
      ['setIfAbsent', (map, key) => map.setIfAbsent(key, 1)],
      ['replace', (map, key) => map.replace(key, 1)],
      ['replaceMapping', (map, key) => map.replaceMapping(key, 1, 2)],
      ['delete', (map, key) => map.delete(key)],
      ['removeMapping', (map, key) => map.removeMapping(key, 1)],
      ['has', (map, key) => map.has(key)],
      ['hasEntry', (map, key) => map.hasEntry(key, 1)],
      ['invoke', (map, key) => map.invoke(key, processor)],
      ['invokeAll', (map, key) => map.invokeAll(processor, { keys: ['k', key] })],
      ['invokeAll with stream', (map, key) => map.invokeAll(processor, { keys: [key], stream: true })],
      ['aggregate', (map, key) => map.aggregate(Aggregators.count(), { keys: [key] })],
      ['listen', (map, key) => map.listen(() => undefined, { key })],
      ['events', (map, key) => map.events({ key })],
    ]

  it.each(CALLS)('is refused by %s, and nothing is sent', async (_operation, call) => {
    await using world = await fakeWorld('m')
    const sent = world.proxy.requests.length
    for (const key of [cycle(), deep(2_000)]) {
      expect(await failureOf(() => call(world.map, key))).toMatchObject({
        code: 'ERR_COHERENCE_CODEC',
        outcome: 'not-sent',
        path: expect.stringMatching(/^key/) as string,
      })
    }
    expect(world.proxy.requests.slice(sent)).toEqual([])
    expect(await world.map.get('k')).toBeUndefined()
  })
})

/** Where a session connects to, and what it says of that. */
const NO_COHERENCE = [
  ['nobody listens', /ECONNREFUSED.*is the server up/],
  ['there is no such host', /ENOTFOUND|EAI_AGAIN|[Nn]ame resolution failed/],
  ['the server speaks HTTP/1 only', /gRPC port/],
  ['the server accepts and says nothing', /no answer to the handshake within 1 s/],
  ['the server speaks HTTP/2 and is mute', /no answer to the handshake within 1 s/],
  ['only the server speaks TLS', /agree on TLS/],
  ['only the client speaks TLS', /agree on TLS/],
] as const

describe.each(['http2', 'grpc-js'] as const)('a session over %s that waits for its server', (transport) => {
  const outcomes = new Map<string, Promise<unknown>>()
  const addresses = new Map<string, string>()
  let servers: readonly OddServer[] = []
  let certificates: Certificates

  beforeAll(async () => {
    certificates = await makeCertificates()
    const [closed, http1, silent, mute, tls] = await Promise.all([
      closedPort(),
      plainHttp1Server(),
      silentTcpServer(),
      muteHttp2Server(),
      tlsHttp2Server(certificates.server),
    ])
    servers = [closed, http1, silent, mute, tls]
    const trusting = { tlsOptions: { enabled: true, caCertPath: certificates.ca.certPath } }
    const attempts: Readonly<Record<(typeof NO_COHERENCE)[number][0], SessionOptions & { address: string }>> =
      {
        'nobody listens': { address: closed.address },
        'there is no such host': { address: 'no-such-host.invalid:1408' },
        'the server speaks HTTP/1 only': { address: http1.address },
        'the server accepts and says nothing': { address: silent.address },
        'the server speaks HTTP/2 and is mute': { address: mute.address },
        'only the server speaks TLS': { address: tls.address },
        'only the client speaks TLS': { address: http1.address, ...trusting },
      }
    for (const [what, options] of Object.entries(attempts)) {
      // One that took the time of a call for its own would not end within the time of the test.
      const timeouts = { readyTimeoutSeconds: 1, requestTimeoutSeconds: 600 }
      addresses.set(what, options.address)
      outcomes.set(
        what,
        failureOf(() => Session.create({ transport, ...timeouts, ...options })),
      )
    }
  })

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()))
    await certificates.remove()
  })

  it.each(NO_COHERENCE)('gives up in time and names the cause where %s', async (what, cause) => {
    const error = await outcomes.get(what)
    expect(error).toBeInstanceOf(ConnectionError)
    expect(error).toMatchObject({
      code: 'ERR_COHERENCE_CONNECTION',
      address: addresses.get(what),
      outcome: 'not-sent',
      message: expect.stringMatching(cause) as string,
    })
  })
})
