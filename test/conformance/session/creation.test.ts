// Sessions that cannot be created: each attempt ends in time, tells what is wrong and where, and leaves nothing that
// keeps the process alive.
import { makeCertificates, type Certificates } from '../../support/certificates'
import { type ProgramEnd, runProgram } from '../../support/child-program'
import {
  closedPort,
  muteHttp2Server,
  type OddServer,
  plainHttp1Server,
  silentTcpServer,
  tlsHttp2Server,
} from '../../support/odd-servers'

const TIMEOUT_SECONDS = 3
/** For a machine that is busy. */
const MARGIN_SECONDS = 4

const CASES = [
  ['nobody listens', /ECONNREFUSED.*is the server up/],
  ['the server speaks HTTP/1 only', /gRPC port|HTTP/],
  ['the server speaks TLS and the client does not', /agree on TLS|gRPC port/],
  ['the client speaks TLS and the server does not', /agree on TLS/],
  ['the server speaks HTTP/2 and never answers', /no answer to the handshake within 3 s/],
  ['the server accepts connections and says nothing', /no answer to the handshake within 3 s/],
  ['there is no such host', /ENOTFOUND|EAI_AGAIN|[Nn]ame resolution failed/],
  ['the certificate is of another authority', /certificate.*check tlsOptions/],
  ['the certificate is for another host', /altnames.*check tlsOptions/],
  ['the server wants a certificate of the client', /certificate|alert|ECONNRESET|closed/],
] as const

interface Attempt {
  readonly name: string
  readonly seconds: number
  readonly code: string
  readonly message: string
  readonly address: string
}

describe.each(['http2', 'grpc-js'] as const)('a session over %s is not created where', (transport) => {
  const servers: OddServer[] = []
  const addresses = new Map<string, string>()
  let certificates: Certificates
  let end: ProgramEnd

  beforeAll(async () => {
    certificates = await makeCertificates()
    const { ca, server, wrongHost, otherCa } = certificates
    const opened = {
      closed: await closedPort(),
      http1: await plainHttp1Server(),
      tls: await tlsHttp2Server(server),
      mute: await muteHttp2Server(),
      silent: await silentTcpServer(),
      wrongHost: await tlsHttp2Server(wrongHost),
      mutual: await tlsHttp2Server(server, { clientCaPath: ca.certPath }),
    }
    servers.push(...Object.values(opened))
    const trusting = { tlsOptions: { enabled: true, caCertPath: ca.certPath } }
    const attempts: readonly (readonly [address: string, options: object])[] = [
      [opened.closed.address, {}],
      [opened.http1.address, {}],
      [opened.tls.address, {}],
      [opened.http1.address, trusting],
      [opened.mute.address, {}],
      [opened.silent.address, {}],
      ['no-such-host.invalid:1408', {}],
      [opened.tls.address, { tlsOptions: { enabled: true, caCertPath: otherCa.certPath } }],
      [opened.wrongHost.address, trusting],
      [opened.mutual.address, trusting],
    ]
    const program = attempts.map(([address, options], index) => {
      const name = CASES[index]?.[0] ?? ''
      addresses.set(name, address)
      return { name, options: { address, requestTimeoutSeconds: TIMEOUT_SECONDS, transport, ...options } }
    })
    end = await runProgram('create-sessions', program)
  })

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.close()))
    await certificates.remove()
  })

  it.each(CASES)('%s', (name, cause) => {
    const attempt = (end.printed as Attempt[]).find((printed) => printed.name === name)

    expect(attempt).toMatchObject({ code: 'ERR_COHERENCE_CONNECTION', address: addresses.get(name) })
    expect(attempt?.message).toContain(`No connection to ${addresses.get(name) ?? ''}: `)
    expect(attempt?.message).toMatch(cause)
    expect(attempt?.seconds).toBeLessThan(TIMEOUT_SECONDS + MARGIN_SECONDS)
  })

  it('and the process ends by itself, without a warning', () => {
    // grpc-js itself gives Node.js the IP address as the name of a TLS server.
    const warnings = end.errors.split('\n').filter((line) => !/DEP0123|--trace-deprecation|^$/.test(line))

    expect({ status: end.status, warnings }).toEqual({ status: 0, warnings: [] })
  })
})
