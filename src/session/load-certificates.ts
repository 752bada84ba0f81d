// Reads the certificates that the options name: the one thing of the options that takes I/O.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isNativeError, isUint8Array } from 'node:util/types'
import type { OptionIssue } from '../errors'
import { secureContext, type TlsMaterial } from '../transport/tls-material'
import { invalidOptions } from './option-texts'
import { certificatesIn, hasPassphrase, holdsPem, lineBreakHint, pemText, type TlsItem } from './pem'
import type { TlsOptions } from './tls-options'
import type { TlsSource } from './tls-sources'

/** A certificate or key that was read, and where it came from. */
interface Loaded {
  readonly pem: string
  readonly source: TlsSource
}

/**
 * The certificates and keys that `tls` names, or `undefined` where TLS is off.
 *
 * @throws {InvalidOptionsError} a file cannot be read or does not hold what it should, or the client's certificate
 *   and key do not belong together; names the option or the variable, the path and the cause.
 */
export async function loadCertificates(tls: TlsOptions): Promise<TlsMaterial | undefined> {
  if (!tls.enabled) return undefined
  const trouble = new Trouble()
  // One after the other: what is wrong is told in this order.
  const caCert = await load('caCert', tls, trouble)
  const clientCert = await load('clientCert', tls, trouble)
  const clientKey = await load('clientKey', tls, trouble)
  checkCertificates(caCert, trouble)
  checkCertificates(clientCert, trouble)
  const key = readKey(clientKey, trouble)
  trouble.throwIfAny()
  checkPair(clientCert, clientKey, key, trouble)
  trouble.throwIfAny()
  const material = { caCert: caCert?.pem, clientCert: clientCert?.pem, clientKey: clientKey?.pem }
  checkAcceptance(material, trouble)
  trouble.throwIfAny()
  return material
}

/** Everything that is wrong with the certificates, and the first error behind it. */
class Trouble {
  readonly #issues: OptionIssue[] = []
  #cause: unknown

  add(option: string, what: string, cause?: unknown): void {
    this.#issues.push({ option, message: `${option} ${what}` })
    this.#cause ??= cause
  }

  throwIfAny(): void {
    if (this.#issues.length > 0) throw invalidOptions(this.#issues, this.#cause)
  }
}

async function load(item: TlsItem, tls: TlsOptions, trouble: Trouble): Promise<Loaded | undefined> {
  const source = tls.source(item)
  if (source === undefined) return undefined
  if (source.kind === 'pem') return { pem: source.pem, source }
  const paths = item === 'caCert' ? source.path.split(',').map((path) => path.trim()) : [source.path]
  const read = await Promise.all(
    paths.map((path) => readFile(path).catch((error: unknown) => ({ unreadable: error }))),
  )
  const files: string[] = []
  for (const [index, file] of read.entries()) {
    const place = `names the file '${paths[index] ?? ''}', which`
    if (!isUint8Array(file)) {
      trouble.add(source.givenBy, `${place} cannot be read: ${textOf(file.unreadable)}`, file.unreadable)
      continue
    }
    const pem = pemText(file)
    const hint = lineBreakHint(pem)
    if (holdsPem(pem, item)) files.push(pem)
    else {
      const what = `holds no ${item === 'clientKey' ? 'private key' : 'certificate'} in PEM`
      trouble.add(source.givenBy, `${place} ${what}${hint === undefined ? '' : `; ${hint}`}`)
    }
  }
  // A file need not end its last line.
  return files.length < read.length ? undefined : { pem: files.join('\n'), source }
}

function checkCertificates(loaded: Loaded | undefined, trouble: Trouble): void {
  if (loaded === undefined) return
  for (const certificate of certificatesIn(loaded.pem)) {
    try {
      new X509Certificate(certificate)
    } catch (error) {
      const what = `${placeOf(loaded.source)} a certificate that cannot be read: ${textOf(error)}`
      trouble.add(loaded.source.givenBy, what, error)
    }
  }
}

function readKey(clientKey: Loaded | undefined, trouble: Trouble): KeyObject | undefined {
  if (clientKey === undefined) return undefined
  const { pem, source } = clientKey
  try {
    return createPrivateKey(pem)
  } catch (error) {
    const what = hasPassphrase(pem)
      ? 'a private key with a passphrase, which is not supported'
      : `a private key that cannot be read: ${textOf(error)}`
    trouble.add(source.givenBy, `${placeOf(source)} ${what}`, error)
    return undefined
  }
}

function checkPair(
  clientCert: Loaded | undefined,
  clientKey: Loaded | undefined,
  key: KeyObject | undefined,
  trouble: Trouble,
): void {
  if (clientCert === undefined || clientKey === undefined || key === undefined) return
  if (new X509Certificate(clientCert.pem).checkPrivateKey(key)) return
  const what = `a private key that is not the one of the first certificate of ${clientCert.source.givenBy}`
  trouble.add(clientKey.source.givenBy, `${placeOf(clientKey.source)} ${what}`)
}

/** What the checks above let through and TLS itself does not take, such as a key that is too short. */
function checkAcceptance(material: TlsMaterial, trouble: Trouble): void {
  try {
    secureContext(material)
  } catch (error) {
    trouble.add('tlsOptions', `cannot be used: ${textOf(error)}`, error)
  }
}

function placeOf(source: TlsSource): string {
  return source.kind === 'file' ? `names the file '${source.path}', which holds` : 'holds'
}

function textOf(error: unknown): string {
  return isNativeError(error) ? error.message : String(error)
}
