// TLS as gRPC does it with our credentials: who is let in, and who is believed.
import { readFile } from 'node:fs/promises'
import {
  Metadata,
  Server,
  ServerCredentials,
  credentials,
  makeClientConstructor,
  status,
} from '@grpc/grpc-js'
import type { ChannelOptions, ServiceDefinition, ServiceError } from '@grpc/grpc-js'
import { hostTarget } from '../../../src/transport/address'
import { channelCredentials } from '../../../src/transport/grpc-js-channel'
import type { TlsMaterial } from '../../../src/transport/tls-material'
import { makeCertificates } from '../../support/certificates'
import type { Certificates, CertificateFiles } from '../../support/certificates'

const bytes = (value: Buffer): Buffer => value
const ECHO: ServiceDefinition = {
  echo: {
    path: '/test.Echo/echo',
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  },
}
const EchoClient = makeClientConstructor(ECHO, 'test.Echo')

let certificates: Certificates
beforeAll(async () => {
  certificates = await makeCertificates()
})
afterAll(() => certificates.remove())

describe('channelCredentials', () => {
  it('speaks plain text without material', async () => {
    await using server = await echoServer(ServerCredentials.createInsecure())
    expect(await call(server.port, undefined)).toBe('echo')
  })

  it('needs no certificate of its own for a server that asks for none', async () => {
    await using server = await tlsServer(certificates.server, false)
    expect(await call(server.port, { caCert: await readFile(certificates.ca.certPath) })).toBe('echo')
  })

  it('proves itself to a server that asks for a certificate', async () => {
    await using server = await tlsServer(certificates.server, true)
    expect(await call(server.port, await mutual(certificates.client))).toBe('echo')
  })

  it('is turned away without a certificate where one is asked for', async () => {
    await using server = await tlsServer(certificates.server, true)
    const refused = await call(server.port, { caCert: await readFile(certificates.ca.certPath) })
    expect(refused).toBe(status.UNAVAILABLE)
  })

  it('is turned away with a certificate of an authority the server does not trust', async () => {
    await using server = await tlsServer(certificates.server, true)
    expect(await call(server.port, await mutual(certificates.otherClient))).toBe(status.UNAVAILABLE)
  })

  it('does not trust a server whose authority is not in the options', async () => {
    await using server = await tlsServer(certificates.server, false)
    const refused = await call(server.port, { caCert: await readFile(certificates.otherCa.certPath) })
    expect(refused).toBe(status.UNAVAILABLE)
  })

  it('does not believe a server of another name', async () => {
    await using server = await tlsServer(certificates.wrongHost, false)
    const refused = await call(server.port, { caCert: await readFile(certificates.ca.certPath) })
    expect(refused).toBe(status.UNAVAILABLE)
  })

  it('trusts a server of another name where the channel has that name as an option', async () => {
    await using server = await tlsServer(certificates.wrongHost, false)
    const material = { caCert: await readFile(certificates.ca.certPath) }
    const options = {
      'grpc.ssl_target_name_override': 'example.org',
      'grpc.default_authority': 'example.org',
    }
    expect(await call(server.port, material, options)).toBe('echo')
  })

  it('uses the authorities of Node.js where there are none in the options', async () => {
    await using server = await tlsServer(certificates.server, false)
    expect(await call(server.port, {})).toBe(status.UNAVAILABLE)
  })

  it('is secure with material and insecure without', () => {
    expect([channelCredentials({}), channelCredentials(undefined)].map((each) => each._isSecure())).toEqual([
      true,
      false,
    ])
    expect(channelCredentials(undefined)._equals(credentials.createInsecure())).toBe(true)
  })
})

async function mutual({ certPath, keyPath }: CertificateFiles): Promise<TlsMaterial> {
  const [caCert, clientCert, clientKey] = await Promise.all(
    [certificates.ca.certPath, certPath, keyPath].map((path) => readFile(path)),
  )
  return { caCert, clientCert, clientKey }
}

async function tlsServer({ certPath, keyPath }: CertificateFiles, mutualTls: boolean): Promise<EchoServer> {
  const [ca, certificate, key] = await Promise.all(
    [certificates.ca.certPath, certPath, keyPath].map((path) => readFile(path)),
  )
  const pair = { cert_chain: certificate ?? Buffer.alloc(0), private_key: key ?? Buffer.alloc(0) }
  return echoServer(ServerCredentials.createSsl(ca ?? null, [pair], mutualTls))
}

interface EchoServer extends AsyncDisposable {
  readonly port: number
}

async function echoServer(serverCredentials: ServerCredentials): Promise<EchoServer> {
  const server = new Server()
  server.addService(ECHO, {
    echo: ({ request }: { request: Buffer }, answer: (error: null, value: Buffer) => void) =>
      answer(null, request),
  })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', serverCredentials, (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  return {
    port,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  }
}

/** What came back: the text of the answer, or the status of the failure. */
async function call(
  port: number,
  material: TlsMaterial | undefined,
  options: ChannelOptions = {},
): Promise<string | status> {
  const client = new EchoClient(
    hostTarget({ host: 'localhost', port }),
    channelCredentials(material),
    options,
  )
  try {
    return await new Promise((resolve) => {
      client.makeUnaryRequest(
        '/test.Echo/echo',
        bytes,
        bytes,
        Buffer.from('echo'),
        new Metadata(),
        (error: ServiceError | null, value?: Buffer) => resolve(error?.code ?? String(value)),
      )
    })
  } finally {
    client.close()
  }
}
