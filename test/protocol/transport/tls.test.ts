// TLS: who is trusted, who has to show a certificate, and whom the server's certificate has to be for.
import { ServerCredentials } from '@grpc/grpc-js'
import { readFile } from 'node:fs/promises'
import { createSecureServer } from 'node:http2'
import { Status } from 'nice-grpc'
import type { TlsMaterial } from '../../../src/transport/tls-material'
import { makeCertificates, type CertificateFiles, type Certificates } from '../../support/certificates'
import {
  bytes,
  CHANNEL_KINDS,
  connectTo,
  failedWith,
  startBytesServer,
  text,
  type RunningServer,
} from './bytes-service'
import { answerWith, framed, startTcpServer } from './raw-servers'

let certificates: Certificates
let caCert: Buffer

beforeAll(async () => {
  certificates = await makeCertificates()
  caCert = await readFile(certificates.ca.certPath)
})

afterAll(async () => {
  await certificates.remove()
})

async function startTlsServer(files: CertificateFiles, clientsHaveToBeKnown = false): Promise<RunningServer> {
  const cert_chain = await readFile(files.certPath)
  const private_key = await readFile(files.keyPath)
  const security = ServerCredentials.createSsl(caCert, [{ cert_chain, private_key }], clientsHaveToBeKnown)
  return startBytesServer({}, security)
}

async function clientMaterial({ certPath, keyPath }: CertificateFiles): Promise<TlsMaterial> {
  return { caCert, clientCert: await readFile(certPath), clientKey: await readFile(keyPath) }
}

describe.each(CHANNEL_KINDS)('TLS on the %s channel', (kind) => {
  it('a client accepts a server of a trusted CA, by its address and by its name', async () => {
    await using server = await startTlsServer(certificates.server)
    for (const address of [server.address, `localhost:${server.port}`, `dns:///localhost:${server.port}`]) {
      using connected = connectTo(kind, { address }, {}, { caCert })
      expect(text(await connected.client.unary(bytes('secret')))).toBe('secret')
    }
  })

  it('a client refuses a server of a CA that is not trusted', async () => {
    await using server = await startTlsServer(certificates.server)
    const otherCa = await readFile(certificates.otherCa.certPath)
    using connected = connectTo(kind, server, {}, { caCert: otherCa })
    const failure = await failedWith(connected.client.unary(bytes('')))
    expect(failure.code).toBe(Status.UNAVAILABLE)
    expect(failure.details).toContain('self-signed certificate in certificate chain')
  })

  it('a client refuses a server whose certificate is for another host', async () => {
    await using server = await startTlsServer(certificates.wrongHost)
    using connected = connectTo(kind, { address: `localhost:${server.port}` }, {}, { caCert })
    const failure = await failedWith(connected.client.unary(bytes('')))
    expect(failure.code).toBe(Status.UNAVAILABLE)
    expect(failure.details).toContain("Host: localhost. is not in the cert's altnames: DNS:example.org")
  })

  it('the option names the host that the certificate has to be for', async () => {
    await using server = await startTlsServer(certificates.wrongHost)
    const options = { 'grpc.ssl_target_name_override': 'example.org' }
    using connected = connectTo(kind, server, options, { caCert })
    expect(text(await connected.client.unary(bytes('secret')))).toBe('secret')
  })

  it('a client shows its certificate', async () => {
    await using server = await startTlsServer(certificates.server, true)
    using connected = connectTo(kind, server, {}, await clientMaterial(certificates.client))
    expect(text(await connected.client.unary(bytes('secret')))).toBe('secret')
  })

  it('a client without the certificate that the server wants fails', async () => {
    await using server = await startTlsServer(certificates.server, true)
    using connected = connectTo(kind, server, {}, { caCert })
    expect((await failedWith(connected.client.unary(bytes('')))).code).toBe(Status.UNAVAILABLE)
  })

  it('a client of another CA fails', async () => {
    await using server = await startTlsServer(certificates.server, true)
    using connected = connectTo(kind, server, {}, await clientMaterial(certificates.otherClient))
    expect((await failedWith(connected.client.unary(bytes('')))).code).toBe(Status.UNAVAILABLE)
  })

  it('a server without TLS fails', async () => {
    await using server = await startBytesServer()
    using connected = connectTo(kind, server, {}, { caCert })
    expect((await failedWith(connected.client.unary(bytes('')))).code).toBe(Status.UNAVAILABLE)
  })

  it('a server with TLS fails a client without', async () => {
    await using server = await startTlsServer(certificates.server)
    using connected = connectTo(kind, server)
    expect((await failedWith(connected.client.unary(bytes('')))).code).toBe(Status.UNAVAILABLE)
  })

  it('the server gets the name and the scheme', async () => {
    const seen: unknown[] = []
    const server = createSecureServer({
      cert: await readFile(certificates.server.certPath),
      key: await readFile(certificates.server.keyPath),
    })
    server.on('secureConnection', (socket: { servername?: string }) => seen.push(socket.servername))
    server.on('stream', (stream, headers) => {
      seen.push(headers[':authority'], headers[':scheme'])
      answerWith(stream, [framed('answer')])
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const connected = connectTo(kind, { address: `localhost:${port}` }, {}, { caCert })
    await connected.client.unary(bytes(''))
    connected.channel.close()
    await new Promise((resolve) => server.close(resolve))
    expect(seen).toEqual(['localhost', `localhost:${port}`, 'https'])
  })

  it('large messages pass in both directions', async () => {
    await using server = await startTlsServer(certificates.server)
    using connected = connectTo(kind, server, { 'grpc.max_receive_message_length': -1 }, { caCert })
    const message = Buffer.alloc(6 * 1024 * 1024, 'abcdefg')
    expect(Buffer.compare(Buffer.from(await connected.client.unary(message)), message)).toBe(0)
  })
})

describe('TLS on the http2 channel only', () => {
  it('a connection to a server that never ends the handshake is abandoned', async () => {
    await using server = await startTcpServer((socket) => socket.resume())
    using connected = connectTo('http2', server, { 'grpc.min_reconnect_backoff_ms': 50 }, {})
    expect(await failedWith(connected.client.unary(bytes('')))).toEqual({
      code: Status.UNAVAILABLE,
      details: `No connection established. Last error: No connection to dns:${server.address} within 50 ms`,
    })
  })

  it('a server whose certificate has expired is told by name and date', async () => {
    await using server = await startTlsServer(certificates.expiredServer)
    using connected = connectTo('http2', server, {}, { caCert })
    expect((await failedWith(connected.client.unary(bytes('')))).details).toContain(
      `certificate has expired: that of CN=localhost expired on ${certificates.expiredAt.toISOString()}`,
    )
  })

  it('certificates may be text', async () => {
    await using server = await startTlsServer(certificates.server)
    using connected = connectTo('http2', server, {}, { caCert: caCert.toString() })
    expect(text(await connected.client.unary(bytes('secret')))).toBe('secret')
  })

  it('a key without its certificate, and what is no certificate, are refused', async () => {
    const { clientKey } = await clientMaterial(certificates.client)
    const failureOf = async (material: TlsMaterial): Promise<string> => {
      using connected = connectTo('http2', { address: '127.0.0.1:1' }, {}, material)
      return String((await failedWith(connected.client.unary(bytes('')))).details)
    }
    expect(await failureOf({ clientKey })).toContain(
      'A client certificate and its private key have to be given together',
    )
    expect(await failureOf({ clientKey, clientCert: 'no PEM' })).toContain('PEM')
  })

  it('a call knows the certificate of its server', async () => {
    await using server = await startTlsServer(certificates.server)
    using connected = connectTo('http2', server, {}, { caCert })
    await connected.client.unary(bytes(''))
    const call = connected.channel.createCall('/test.Bytes/unary', Infinity, null, null, null)
    expect(call.getAuthContext()).toBeNull()
  })
})
