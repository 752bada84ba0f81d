// TLS with a real server: on its side only, or on both, with certificates from files, from text, or known to Node.js.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConnectionError, Session, type SessionOptions } from 'coherence-ts'
import { type Certificates, makeCertificates } from '../../support/certificates'
import { runProgram } from '../../support/child-program'
import { type CoherenceServer, startCoherence } from '../../support/coherence-server'
import { describeWithJava, uniqueName } from '../../support/conformance'
import { serverRelease } from '../../support/maps'

/** 24.09 asks every client for a certificate, whatever its properties say. */
const WITHOUT_CLIENT_CERTIFICATE =
  serverRelease() === '24.09'
    ? { run: it.skip, why: ' (24.09 asks every client for a certificate)' }
    : { run: it, why: '' }

const TRANSPORTS = ['http2', 'grpc-js'] as const

async function roundTrip(options: SessionOptions): Promise<unknown> {
  await using session = await Session.create(options)
  const map = await session.getMap<string, string>(uniqueName('tls'))
  await map.set('k', 'v')
  return await map.get('k')
}

function failure(options: SessionOptions): Promise<unknown> {
  return roundTrip({ requestTimeoutSeconds: 20, ...options }).catch((error: unknown) => error)
}

describeWithJava('TLS', () => {
  let certificates: Certificates
  let serverOnly: CoherenceServer
  let mutual: CoherenceServer

  beforeAll(async () => {
    certificates = await makeCertificates()
    const { ca, server } = certificates
    const tls = { keyPath: server.keyPath, certPath: server.certPath, caPath: ca.certPath }
    const start = (clientAuthentication: boolean): Promise<CoherenceServer> =>
      startCoherence({ tls: { ...tls, clientAuthentication } })
    ;[serverOnly, mutual] = await Promise.all([start(false), start(true)])
  }, 120_000)

  afterAll(async () => {
    await Promise.all([serverOnly.stop(), mutual.stop()])
    await certificates.remove()
  })

  describe.each(TRANSPORTS)('over %s', (transport) => {
    const { run: itOneSided, why } = WITHOUT_CLIENT_CERTIFICATE

    itOneSided(`of the server alone needs nothing of the client but the authority${why}`, async () => {
      const tlsOptions = { enabled: true, caCertPath: certificates.ca.certPath }

      expect(await roundTrip({ address: serverOnly.address, tlsOptions, transport })).toBe('v')
    })

    itOneSided(`takes certificates as text${why}`, async () => {
      const tlsOptions = { enabled: true, caCert: await readFile(certificates.ca.certPath, 'utf8') }

      expect(await roundTrip({ address: serverOnly.address, tlsOptions, transport })).toBe('v')
    })

    itOneSided(`takes a certificate whose line breaks are written as \\n${why}`, async () => {
      const text = await readFile(certificates.ca.certPath, 'utf8')
      const tlsOptions = { caCert: text.replaceAll('\n', '\\n') }

      expect(await roundTrip({ address: serverOnly.address, tlsOptions, transport })).toBe('v')
    })

    itOneSided(`is meant where a variable names the authority${why}`, async () => {
      const options = { address: serverOnly.address, transport }
      const env = { COHERENCE_TLS_CERTS_PATH: certificates.ca.certPath }

      expect(await runProgram('create-sessions', [{ name: 'tls', options }], { env })).toMatchObject({
        printed: [{ name: 'tls', ping: expect.any(Number) as number }],
        status: 0,
      })
    })

    it('of both sides takes the certificate and the key of the client from one file', async () => {
      const { ca, client, dir } = certificates
      const path = join(dir, 'client-and-key.pem')
      const parts = [client.keyPath, client.certPath].map((part) => readFile(part, 'utf8'))
      await writeFile(path, ['subject=CN = client', ...(await Promise.all(parts))].join('\r\n'))
      const tlsOptions = { caCertPath: ca.certPath, clientCertPath: path, clientKeyPath: path }

      expect(await roundTrip({ address: mutual.address, tlsOptions, transport })).toBe('v')
    })

    it('of both sides takes the certificate of the client from files', async () => {
      const { ca, client } = certificates
      const tlsOptions = {
        enabled: true,
        caCertPath: ca.certPath,
        clientCertPath: client.certPath,
        clientKeyPath: client.keyPath,
      }

      expect(await roundTrip({ address: mutual.address, tlsOptions, transport })).toBe('v')
    })

    it('of both sides takes the certificate of the client as bytes', async () => {
      const { ca, client } = certificates
      const tlsOptions = {
        enabled: true,
        caCert: await readFile(ca.certPath),
        clientCert: await readFile(client.certPath),
        clientKey: await readFile(client.keyPath),
      }

      expect(await roundTrip({ address: mutual.address, tlsOptions, transport })).toBe('v')
    })

    it.each<[what: string, options: (of: Certificates) => SessionOptions['tlsOptions'], told: RegExp]>([
      [
        'without the certificate that the server wants',
        ({ ca }) => ({ enabled: true, caCertPath: ca.certPath }),
        /certificate/,
      ],
      [
        'with the certificate of a client that the server does not trust',
        ({ ca, otherClient }) => ({
          enabled: true,
          caCertPath: ca.certPath,
          clientCertPath: otherClient.certPath,
          clientKeyPath: otherClient.keyPath,
        }),
        /certificate|unknown ca|ECONNRESET|closed/i,
      ],
      [
        'with another authority than that of the server',
        ({ otherCa }) => ({ enabled: true, caCertPath: otherCa.certPath }),
        /certificate.*check tlsOptions/,
      ],
    ])('%s there is no session', async (_what, options, told) => {
      const error = await failure({ address: mutual.address, tlsOptions: options(certificates), transport })

      expect(error).toBeInstanceOf(ConnectionError)
      expect((error as Error).message).toContain(`No connection to ${mutual.address}: `)
      expect((error as Error).message).toMatch(told)
    })

    it('is not spoken by a client without tlsOptions', async () => {
      const error = await failure({ address: serverOnly.address, transport })

      expect(error).toBeInstanceOf(ConnectionError)
      expect((error as Error).message).toMatch(/do both sides agree on TLS/)
    })

    itOneSided(`trusts whom Node.js trusts where no authority is given${why}`, async () => {
      const options = { address: serverOnly.address, tlsOptions: { enabled: true }, transport }
      const trusting = { NODE_EXTRA_CA_CERTS: certificates.ca.certPath }
      const [trusts, doubts] = await Promise.all([
        runProgram('create-sessions', [{ name: 'trusts', options }], { env: trusting }),
        runProgram('create-sessions', [{ name: 'doubts', options }]),
      ])

      expect(trusts).toMatchObject({
        printed: [{ name: 'trusts', ping: expect.any(Number) as number }],
        status: 0,
      })
      expect(doubts).toMatchObject({
        printed: [{ name: 'doubts', code: 'ERR_COHERENCE_CONNECTION' }],
        status: 0,
      })
    })
  })
})
