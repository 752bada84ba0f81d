// Reads the certificates that the options name: the one thing of the options that takes I/O.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { InvalidOptionsError } from '../errors'
import type { TlsMaterial } from '../transport/credentials'
import type { TlsItem, TlsOptions, TlsSource } from './tls-options'
import { isPem } from './tls-options'

/**
 * The certificates and keys that `tls` names, or `undefined` where TLS is off.
 *
 * @throws {InvalidOptionsError} a file cannot be read or does not hold what it should, or the client's certificate
 *   and key do not belong together; names the option or the variable, the path and the cause.
 */
export async function loadTlsMaterial(tls: TlsOptions): Promise<TlsMaterial | undefined> {
  if (!tls.enabled) return undefined
  const [caCert, clientCert, clientKey] = await Promise.all([
    load('caCert', tls.source('caCert')),
    load('clientCert', tls.source('clientCert')),
    load('clientKey', tls.source('clientKey')),
  ])
  checkCertificates(caCert, tls.source('caCert'))
  checkCertificates(clientCert, tls.source('clientCert'))
  checkPair(clientCert, clientKey, tls)
  const material = { caCert, clientCert, clientKey }
  checkAcceptance(material)
  return material
}

async function load(item: TlsItem, source: TlsSource | undefined): Promise<Buffer | undefined> {
  if (source === undefined) return undefined
  if (source.kind === 'pem') return Buffer.from(source.pem)
  const paths = item === 'caCert' ? source.path.split(',').map((path) => path.trim()) : [source.path]
  const files = await Promise.all(paths.map((path) => readPem(item, path, source.givenBy)))
  return Buffer.concat(files.flatMap((file) => [file, Buffer.from('\n')]))
}

async function readPem(item: TlsItem, path: string, givenBy: string): Promise<Buffer> {
  const file = await readFile(path).catch((error: unknown) => {
    throw wrong(givenBy, `names the file '${path}', which cannot be read: ${textOf(error)}`, error)
  })
  if (isPem(file, item)) return file
  throw wrong(
    givenBy,
    `names the file '${path}', which holds no ${item === 'clientKey' ? 'private key' : 'certificate'} in PEM`,
  )
}

function checkCertificates(pem: Buffer | undefined, source: TlsSource | undefined): void {
  if (pem === undefined || source === undefined) return
  for (const [certificate] of pem.toString().matchAll(/-----BEGIN [^]+?-----END [^-]+-----/g)) {
    try {
      new X509Certificate(certificate)
    } catch (error) {
      throw wrong(
        source.givenBy,
        `${placeOf(source)} a certificate that cannot be read: ${textOf(error)}`,
        error,
      )
    }
  }
}

function checkPair(clientCert: Buffer | undefined, clientKey: Buffer | undefined, tls: TlsOptions): void {
  const certSource = tls.source('clientCert')
  const keySource = tls.source('clientKey')
  if (
    clientCert === undefined ||
    clientKey === undefined ||
    certSource === undefined ||
    keySource === undefined
  )
    return
  let key: KeyObject
  try {
    key = createPrivateKey(clientKey)
  } catch (error) {
    throw wrong(
      keySource.givenBy,
      `${placeOf(keySource)} a private key that cannot be read: ${keyTrouble(error)}`,
      error,
    )
  }
  if (!new X509Certificate(clientCert).checkPrivateKey(key)) {
    throw wrong(
      keySource.givenBy,
      `${placeOf(keySource)} a key that is not the one of the certificate of ${certSource.givenBy}`,
    )
  }
}

/** What the checks above let through and TLS itself does not take, such as a key that is too short. */
function checkAcceptance({ caCert, clientCert, clientKey }: TlsMaterial): void {
  try {
    createSecureContext({ ca: caCert, cert: clientCert, key: clientKey })
  } catch (error) {
    throw wrong('tlsOptions', `cannot be used: ${textOf(error)}`, error)
  }
}

function placeOf(source: TlsSource): string {
  return source.kind === 'file' ? `names the file '${source.path}', which holds` : 'holds'
}

function keyTrouble(error: unknown): string {
  return error instanceof Error && 'code' in error && error.code === 'ERR_MISSING_PASSPHRASE'
    ? 'it is protected by a passphrase, which is not supported'
    : textOf(error)
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function wrong(option: string, what: string, cause?: unknown): InvalidOptionsError {
  return new InvalidOptionsError([{ option, message: `${option} ${what}` }], cause)
}
