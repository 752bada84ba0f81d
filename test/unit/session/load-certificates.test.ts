import { createPrivateKey } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidOptionsError } from '../../../src/errors'
import { loadCertificates } from '../../../src/session/options/load-certificates'
import { TlsOptions } from '../../../src/session/options/tls-options'
import { makeCertificates, selfSigned } from '../../support/certificates'
import type { Certificates } from '../../support/certificates'

let certificates: Certificates
let ca: string, otherCa: string, clientCert: string, clientKey: string
beforeAll(async () => {
  certificates = await makeCertificates()
  ca = await readFile(certificates.ca.certPath, 'utf8')
  otherCa = await readFile(certificates.otherCa.certPath, 'utf8')
  clientCert = await readFile(certificates.client.certPath, 'utf8')
  clientKey = await readFile(certificates.client.keyPath, 'utf8')
})
afterAll(() => certificates.remove())

describe('loadCertificates', () => {
  it('gives nothing where TLS is off, and reads nothing', async () => {
    expect(await load({ enabled: false, caCertPath: '/absent.pem' })).toBeUndefined()
  })

  it('gives no certificates where there are none in the options', async () => {
    expect(await load({ enabled: true })).toEqual({})
  })

  it('reads files', async () => {
    const options = {
      caCertPath: certificates.ca.certPath,
      clientCertPath: certificates.client.certPath,
      clientKeyPath: certificates.client.keyPath,
    }
    expect(await load(options)).toEqual({ caCert: ca, clientCert, clientKey })
  })

  it('takes PEM', async () => {
    expect(await load({ caCert: ca, clientCert, clientKey: Buffer.from(clientKey) })).toEqual({
      caCert: ca,
      clientCert,
      clientKey,
    })
  })

  it('reads files that variables name', async () => {
    const environment = {
      COHERENCE_TLS_CERTS_PATH: certificates.ca.certPath,
      COHERENCE_TLS_CLIENT_CERT: certificates.client.certPath,
      COHERENCE_TLS_CLIENT_KEY: certificates.client.keyPath,
    }
    expect(await load({}, environment)).toEqual({
      caCert: ca,
      clientCert,
      clientKey,
    })
  })

  it('reads several files of authorities, separated by commas', async () => {
    const caCertPath = `${certificates.ca.certPath}, ${certificates.otherCa.certPath}`
    expect(await load({ caCertPath })).toEqual({ caCert: `${ca}\n${otherCa}` })
  })

  it('takes several authorities from one PEM', async () => {
    expect(await load({ caCert: ca + otherCa })).toEqual({ caCert: ca + otherCa })
  })

  it('names the option, the path and the cause where a file is absent', async () => {
    const error = await failure({ caCertPath: '/absent.pem' })
    expect(error.issues).toEqual([
      {
        option: 'tlsOptions.caCertPath',
        message:
          "tlsOptions.caCertPath names the file '/absent.pem', which cannot be read: ENOENT: no such file or directory, open '/absent.pem'",
      },
    ])
    expect(error.cause).toMatchObject({ code: 'ENOENT' })
  })

  it('names the variable where it names a file that is absent', async () => {
    const error = await failure({ enabled: true }, { COHERENCE_TLS_CERTS_PATH: '/absent.pem' })
    expect(error.issues[0]?.option).toBe('COHERENCE_TLS_CERTS_PATH')
    expect(error.message).toContain(
      "COHERENCE_TLS_CERTS_PATH names the file '/absent.pem', which cannot be read",
    )
  })

  it('reports every file that cannot be read', async () => {
    const error = await failure({
      caCertPath: '/a.pem,/b.pem',
      clientCertPath: '/c.pem',
      clientKeyPath: '/d.pem',
    })
    expect(error.issues.map(({ option }) => option)).toEqual([
      'tlsOptions.caCertPath',
      'tlsOptions.caCertPath',
      'tlsOptions.clientCertPath',
      'tlsOptions.clientKeyPath',
    ])
  })

  it('refuses a folder', async () => {
    expect((await failure({ caCertPath: certificates.dir })).message).toContain('EISDIR')
  })

  it('refuses a path that no file can have', async () => {
    expect((await failure({ caCertPath: 'a\0b' })).issues[0]?.option).toBe('tlsOptions.caCertPath')
  })

  it('refuses a file without a certificate', async () => {
    expect((await failure({ caCertPath: certificates.ca.keyPath })).issues).toEqual([
      {
        option: 'tlsOptions.caCertPath',
        message: `tlsOptions.caCertPath names the file '${certificates.ca.keyPath}', which holds no certificate in PEM`,
      },
    ])
  })

  it('refuses a file without a key', async () => {
    const { certPath } = certificates.client
    expect((await failure({ clientCertPath: certPath, clientKeyPath: certPath })).issues).toEqual([
      {
        option: 'tlsOptions.clientKeyPath',
        message: `tlsOptions.clientKeyPath names the file '${certPath}', which holds no private key in PEM`,
      },
    ])
  })

  it('refuses PEM that frames no certificate', async () => {
    const broken = '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n'
    const error = await failure({ caCert: ca + broken })
    expect(error.message).toContain('tlsOptions.caCert holds a certificate that cannot be read: ')
    expect(error.cause).toMatchObject({ code: expect.stringMatching('ERR_OSSL') as string })
  })

  it('refuses a file that frames no certificate', async () => {
    const path = join(certificates.dir, 'broken.crt')
    await writeFile(path, '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n')
    expect((await failure({ caCertPath: path })).message).toContain(
      `tlsOptions.caCertPath names the file '${path}', which holds a certificate that cannot be read: `,
    )
  })

  it('refuses PEM that frames no key, without showing it', async () => {
    const broken = '-----BEGIN PRIVATE KEY-----\nVE9QIFNFQ1JFVA==\n-----END PRIVATE KEY-----\n'
    const { message } = await failure({ clientCert, clientKey: broken })
    expect(message).toContain('tlsOptions.clientKey holds a private key that cannot be read: ')
    expect(message).not.toContain('VE9Q')
  })

  it.each(['pkcs8', 'pkcs1'] as const)(
    'takes a key with its passphrase, and with no other (%s)',
    async (type) => {
      const key = createPrivateKey(await readFile(certificates.client.keyPath))
      const clientKey = key.export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase: 'sesame' })
      const files = { clientCertPath: certificates.client.certPath, clientKey }
      const loaded = await loadCertificates(new TlsOptions({ ...files, clientKeyPassphrase: 'sesame' }, {}))
      expect(loaded).toMatchObject({ clientKey, clientKeyPassphrase: 'sesame' })
      const problem = async (passphrase: string | undefined): Promise<unknown> =>
        (await failure({ ...files, clientKeyPassphrase: passphrase })).issues
      expect([await problem(undefined), await problem('open')]).toEqual(
        [
          'a private key with a passphrase; set tlsOptions.clientKeyPassphrase',
          'a private key that tlsOptions.clientKeyPassphrase does not open',
        ].map((what) => [{ option: 'tlsOptions.clientKey', message: `tlsOptions.clientKey holds ${what}` }]),
      )
    },
  )

  it('refuses a key that is not the one of the certificate', async () => {
    const { keyPath } = certificates.otherClient
    expect((await failure({ clientCert, clientKeyPath: keyPath })).issues).toEqual([
      {
        option: 'tlsOptions.clientKeyPath',
        message: `tlsOptions.clientKeyPath names the file '${keyPath}', which holds a private key that is not the one of the first certificate of tlsOptions.clientCert`,
      },
    ])
  })

  it('refuses what TLS itself does not take, such as a key that is too short', async () => {
    const name = 'RSASSA-PKCS1-v1_5'
    const publicExponent = new Uint8Array([1, 0, 1])
    const short = await selfSigned({ name, hash: 'SHA-256', modulusLength: 512, publicExponent })
    const error = await failure({ clientCert: short.cert, clientKey: short.key })
    expect(error.message).toMatch(/tlsOptions cannot be used: .*key too small/)
  })
})

async function load(options: unknown, environment = {}): Promise<Record<string, string> | undefined> {
  const material = await loadCertificates(new TlsOptions(options, environment))
  if (material === undefined) return undefined
  const present = (['caCert', 'clientCert', 'clientKey'] as const).flatMap((item) => {
    const pem = material[item]
    return pem === undefined ? [] : [[item, pem.toString()] as const]
  })
  return Object.fromEntries(present)
}

async function failure(options: unknown, environment = {}): Promise<InvalidOptionsError> {
  const error: unknown = await load(options, environment).catch((reason: unknown) => reason)
  if (error instanceof InvalidOptionsError) return error
  throw new Error('the certificates were accepted', { cause: error })
}
