// Files of certificates that change while a session is open: they are read again for each connection.
import { InvalidOptionsError, Session, type SessionTlsOptions } from 'coherence-ts'
import { EmbeddedCoherence } from 'coherence-ts/testing'
import { copyFile, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type CertificateFiles, type Certificates, makeCertificates } from '../../support/certificates'
import { failureOf } from '../../support/failures'
import { SessionDiary } from '../../support/session-events'

let certificates: Certificates
let used: CertificateFiles
let server: EmbeddedCoherence

beforeAll(async () => {
  certificates = await makeCertificates()
  used = { certPath: join(certificates.dir, 'used.crt'), keyPath: join(certificates.dir, 'used.key') }
})

beforeEach(async () => {
  await use(certificates.client)
  server = await EmbeddedCoherence.start({
    tls: {
      key: await readFile(certificates.server.keyPath),
      cert: await readFile(certificates.server.certPath),
      ca: await readFile(certificates.ca.certPath),
    },
  })
})

afterEach(async () => {
  await server.stop()
})

afterAll(async () => {
  await certificates.remove()
})

/** Puts a certificate and its key in the place that the options name. */
async function use({ certPath, keyPath }: CertificateFiles): Promise<void> {
  await copyFile(certPath, used.certPath)
  await copyFile(keyPath, used.keyPath)
}

function tlsOptions(files: CertificateFiles = used): SessionTlsOptions {
  return {
    caCertPath: certificates.ca.certPath,
    clientCertPath: files.certPath,
    clientKeyPath: files.keyPath,
  }
}

it('a certificate of the client that is replaced is used for the next connection', async () => {
  await using session = await Session.create({ address: server.address, tlsOptions: tlsOptions() })
  const diary = new SessionDiary(session)
  const map = await session.getMap<string, number>('m')
  // The server does not accept this one.
  await use(certificates.otherClient)
  server.dropConnections()
  await diary.first('disconnected')
  await expect(map.get('a', { timeoutSeconds: 0.5 })).rejects.toMatchObject({
    code: 'ERR_COHERENCE_CONNECTION',
  })

  await use(certificates.client)
  expect(await map.get('a')).toBeUndefined()
})

it('a file that is missing for a while is named, and read when it is there again', async () => {
  await using session = await Session.create({ address: server.address, tlsOptions: tlsOptions() })
  const diary = new SessionDiary(session)
  const map = await session.getMap<string, number>('m')
  await rm(used.certPath)
  server.dropConnections()
  await diary.first('disconnected')
  await expect(map.get('a', { timeoutSeconds: 0.5 })).rejects.toMatchObject({
    code: 'ERR_COHERENCE_CONNECTION',
    message: expect.stringContaining(
      `tlsOptions.clientCertPath names the file '${used.certPath}', which cannot be read`,
    ) as string,
  })

  await use(certificates.client)
  expect(await map.get('a')).toBeUndefined()
})

it('a certificate of the client that has expired is refused before anything is sent, by name and date', async () => {
  const tls = tlsOptions(certificates.expiredClient)
  const failure = await failureOf(() => Session.create({ address: server.address, tlsOptions: tls }))
  expect(failure).toBeInstanceOf(InvalidOptionsError)
  expect(failure).toMatchObject({
    message:
      `Invalid options: tlsOptions.clientCertPath names the file '${certificates.expiredClient.certPath}', which holds the ` +
      `certificate of CN=expired-client, which expired on ${certificates.expiredAt.toISOString()}`,
  })
})
