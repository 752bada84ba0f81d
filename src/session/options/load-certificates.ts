// Reads the certificates that the options name. It is separate because this is the only part of the options with I/O.
import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isNativeError, isUint8Array } from 'node:util/types'
import { wallClock } from '../../async/real-time'
import type { OptionIssue } from '../../errors'
import { secureContext, type TlsLoader, type TlsMaterial } from '../../transport/tls-material'
import { invalidOptions } from './option-texts'
import { certificatesIn, hasPassphrase, holdsPem, lineBreakHint, pemText, type TlsItem } from './pem'
import type { TlsOptions } from './tls-options'
import type { TlsSource } from './tls-sources'

/** A certificate or key that was read, and its source. */
interface Loaded {
  readonly pem: string
  readonly source: TlsSource
}

/**
 * Reads the certificates and keys for the first time. Resolves to a function that returns them, and reads them again for
 * each call after its first; to `undefined` if TLS is off.
 *
 * @throws {InvalidOptionsError} as `loadCertificates`; the function rejects with the same.
 */
export async function certificateLoader(tls: TlsOptions): Promise<TlsLoader | undefined> {
  let first = await loadCertificates(tls)
  if (first === undefined) return undefined
  return async () => {
    const material = first ?? (await loadCertificates(tls))
    first = undefined
    return material ?? {}
  }
}

/**
 * Reads the certificates and keys that `tls` names. Resolves to `undefined` if TLS is off.
 *
 * @throws {InvalidOptionsError} a file cannot be read or has the wrong content, or the client's certificate and key do
 *   not match, or the client's certificate is not valid at this time. The error names the option or the variable, the
 *   path and the cause.
 */
export async function loadCertificates(tls: TlsOptions): Promise<TlsMaterial | undefined> {
  if (!tls.enabled) return undefined
  const problems = new Problems()
  // One after the other, because the problems are reported in this order.
  const caCert = await load('caCert', tls, problems)
  const clientCert = await load('clientCert', tls, problems)
  const clientKey = await load('clientKey', tls, problems)
  checkCertificates(caCert, problems)
  checkCertificates(clientCert, problems)
  const key = readKey(clientKey, tls.clientKeyPassphrase, problems)
  problems.throwIfAny()
  checkPair(clientCert, clientKey, key, problems)
  checkValidity(clientCert, problems)
  problems.throwIfAny()
  const material = {
    caCert: caCert?.pem,
    clientCert: clientCert?.pem,
    clientKey: clientKey?.pem,
    clientKeyPassphrase: tls.clientKeyPassphrase,
  }
  checkAcceptance(material, problems)
  problems.throwIfAny()
  return material
}

/** Collects all problems with the certificates, and the first error that caused one. */
class Problems {
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

async function load(item: TlsItem, tls: TlsOptions, problems: Problems): Promise<Loaded | undefined> {
  const source = tls.source(item)
  if (source === undefined) return undefined
  if (source.kind === 'pem') return { pem: source.pem, source }
  const paths = item === 'caCert' ? source.path.split(',').map((path) => path.trim()) : [source.path]
  const read = await Promise.all(
    paths.map((path) => readFile(path).catch((error: unknown) => ({ unreadable: error }))),
  )
  const files: string[] = []
  for (const [index, file] of read.entries()) {
    const subject = `names the file '${paths[index] ?? ''}', which`
    if (!isUint8Array(file)) {
      problems.add(source.givenBy, `${subject} cannot be read: ${textOf(file.unreadable)}`, file.unreadable)
      continue
    }
    const pem = pemText(file)
    const hint = lineBreakHint(pem)
    if (holdsPem(pem, item)) files.push(pem)
    else {
      const what = `holds no ${item === 'clientKey' ? 'private key' : 'certificate'} in PEM`
      problems.add(source.givenBy, `${subject} ${what}${hint === undefined ? '' : `; ${hint}`}`)
    }
  }
  // The last line of a file may have no line break.
  return files.length < read.length ? undefined : { pem: files.join('\n'), source }
}

function checkCertificates(loaded: Loaded | undefined, problems: Problems): void {
  if (loaded === undefined) return
  for (const certificate of certificatesIn(loaded.pem)) {
    try {
      new X509Certificate(certificate)
    } catch (error) {
      const what = `${containerText(loaded.source)} a certificate that cannot be read: ${textOf(error)}`
      problems.add(loaded.source.givenBy, what, error)
    }
  }
}

function readKey(
  clientKey: Loaded | undefined,
  passphrase: string | undefined,
  problems: Problems,
): KeyObject | undefined {
  if (clientKey === undefined) return undefined
  const { pem, source } = clientKey
  try {
    return createPrivateKey({ key: pem, passphrase })
  } catch (error) {
    const what = !hasPassphrase(pem)
      ? `a private key that cannot be read: ${textOf(error)}`
      : passphrase === undefined
        ? 'a private key with a passphrase; set tlsOptions.clientKeyPassphrase'
        : 'a private key that tlsOptions.clientKeyPassphrase does not open'
    problems.add(source.givenBy, `${containerText(source)} ${what}`, error)
    return undefined
  }
}

function checkPair(
  clientCert: Loaded | undefined,
  clientKey: Loaded | undefined,
  key: KeyObject | undefined,
  problems: Problems,
): void {
  if (clientCert === undefined || clientKey === undefined || key === undefined) return
  if (new X509Certificate(clientCert.pem).checkPrivateKey(key)) return
  const what = `a private key that is not the one of the first certificate of ${clientCert.source.givenBy}`
  problems.add(clientKey.source.givenBy, `${containerText(clientKey.source)} ${what}`)
}

/** No server accepts a certificate before its time or after. */
function checkValidity(clientCert: Loaded | undefined, problems: Problems): void {
  if (clientCert === undefined) return
  const { subject, validFrom, validTo } = new X509Certificate(clientCert.pem)
  const isOver = Date.parse(validTo) < wallClock()
  if (!isOver && Date.parse(validFrom) <= wallClock()) return
  const when = isOver ? `expired on ${dateText(validTo)}` : `is valid only from ${dateText(validFrom)} on`
  const what = `the certificate of ${subject.replaceAll('\n', ', ')}, which ${when}`
  problems.add(clientCert.source.givenBy, `${containerText(clientCert.source)} ${what}`)
}

function dateText(date: string): string {
  return new Date(date).toISOString()
}

/** Finds problems that only TLS itself detects, such as a key that is too short. */
function checkAcceptance(material: TlsMaterial, problems: Problems): void {
  try {
    secureContext(material)
  } catch (error) {
    problems.add('tlsOptions', `cannot be used: ${textOf(error)}`, error)
  }
}

function containerText(source: TlsSource): string {
  return source.kind === 'file' ? `names the file '${source.path}', which holds` : 'holds'
}

function textOf(error: unknown): string {
  return isNativeError(error) ? error.message : String(error)
}
