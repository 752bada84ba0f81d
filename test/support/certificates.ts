// Certificates for tests of TLS, made afresh in a temporary folder: nothing expires in the repository, and no tool
// but Node is needed.
import { webcrypto } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { x509, type Extension, type GeneralName } from './x509'

const ALGORITHM = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
}
const AN_HOUR_MS = 60 * 60 * 1_000
const A_YEAR_MS = 365 * 24 * AN_HOUR_MS

export interface CertificateFiles {
  readonly certPath: string
  /** The private key, PKCS#8 in PEM. */
  readonly keyPath: string
}

export interface Certificates extends AsyncDisposable {
  readonly dir: string
  readonly ca: CertificateFiles
  /** For localhost, 127.0.0.1 and coherence.example.com, signed by `ca`. */
  readonly server: CertificateFiles
  /** For a client, signed by `ca`. */
  readonly client: CertificateFiles
  /** As `server` and `client`, until `expiredAt`. */
  readonly expiredServer: CertificateFiles
  readonly expiredClient: CertificateFiles
  readonly expiredAt: Date
  /** A server's for example.org only, signed by `ca`. */
  readonly wrongHost: CertificateFiles
  /** A CA nobody trusts. */
  readonly otherCa: CertificateFiles
  /** For a client, signed by `otherCa`. */
  readonly otherClient: CertificateFiles
  /** Removes the folder. */
  remove(): Promise<void>
}

interface Party extends CertificateFiles {
  readonly name: string
  readonly keys: webcrypto.CryptoKeyPair
}

/** Makes all of them, in `dir` or else in a new temporary folder. */
export async function makeCertificates(dir?: string): Promise<Certificates> {
  const folder = dir ?? (await mkdtemp(join(tmpdir(), 'coherence-ts-certificates-')))
  await mkdir(folder, { recursive: true })
  const [ca, otherCa] = await Promise.all([authority(folder, 'ca'), authority(folder, 'other-ca')])
  const hosts: GeneralName[] = [
    { type: 'dns', value: 'localhost' },
    { type: 'dns', value: 'coherence.example.com' },
    { type: 'ip', value: '127.0.0.1' },
  ]
  // Certificates know no milliseconds.
  const expiredAt = new Date(Math.floor(Date.now() / 1_000) * 1_000 - AN_HOUR_MS / 2)
  const [server, expiredServer, expiredClient, wrongHost, client, otherClient] = await Promise.all([
    serverCertificate(folder, 'server', ca, 'localhost', hosts),
    serverCertificate(folder, 'expired-server', ca, 'localhost', hosts, expiredAt),
    clientCertificate(folder, 'expired-client', ca, expiredAt),
    serverCertificate(folder, 'wrong-host', ca, 'example.org', [{ type: 'dns', value: 'example.org' }]),
    clientCertificate(folder, 'client', ca),
    clientCertificate(folder, 'other-client', otherCa),
  ])
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true })
  return {
    dir: folder,
    ca: files(ca),
    server: files(server),
    expiredServer: files(expiredServer),
    expiredClient: files(expiredClient),
    expiredAt,
    client: files(client),
    wrongHost: files(wrongHost),
    otherCa: files(otherCa),
    otherClient: files(otherClient),
    remove,
    [Symbol.asyncDispose]: remove,
  }
}

/** A certificate that is signed with its own key, which is PKCS#8; both in PEM. */
export async function selfSigned(
  algorithm: webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams | webcrypto.Algorithm,
): Promise<{ cert: string; key: string }> {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=self',
    issuer: 'CN=self',
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: algorithm,
    notBefore: new Date(Date.now() - AN_HOUR_MS),
    notAfter: new Date(Date.now() + AN_HOUR_MS),
    extensions: [],
  })
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { cert: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') }
}

function authority(folder: string, name: string): Promise<Party> {
  return issue(folder, name, undefined, `CN=${name}`, [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ])
}

function serverCertificate(
  folder: string,
  name: string,
  issuer: Party,
  commonName: string,
  hosts: GeneralName[],
  notAfter?: Date,
): Promise<Party> {
  const extensions = [
    new x509.SubjectAlternativeNameExtension(hosts),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
  ]
  return issue(folder, name, issuer, `CN=${commonName}`, extensions, notAfter)
}

function clientCertificate(folder: string, name: string, issuer: Party, notAfter?: Date): Promise<Party> {
  const extensions = [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])]
  return issue(folder, name, issuer, `CN=${name}`, extensions, notAfter)
}

async function issue(
  folder: string,
  fileName: string,
  issuer: Party | undefined,
  name: string,
  extensions: Extension[],
  notAfter = new Date(Date.now() + A_YEAR_MS),
): Promise<Party> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: issuer?.name ?? name,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - AN_HOUR_MS),
    notAfter,
    extensions,
  })
  const certPath = join(folder, `${fileName}.crt`)
  const keyPath = join(folder, `${fileName}.key`)
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  await writeFile(certPath, `${certificate.toString('pem')}\n`)
  await writeFile(keyPath, `${x509.PemConverter.encode(key, 'PRIVATE KEY')}\n`, { mode: 0o600 })
  return { name, keys, certPath, keyPath }
}

function files({ certPath, keyPath }: Party): CertificateFiles {
  return { certPath, keyPath }
}
