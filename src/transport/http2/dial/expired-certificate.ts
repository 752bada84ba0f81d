// Tells which certificate of a server has expired, and when. Node.js reports only that one has. This file is loaded only when
// that happened.
import type { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { wallClock } from '../../../async/real-time'
import { connect, type ConnectionOptions } from 'node:tls'

/**
 * Connects once more, sends nothing, and looks at the certificates.
 *
 * @returns `error` itself if that fails.
 */
export async function expiryOf(
  error: Error,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<Error> {
  const socket = connect({ ...options, rejectUnauthorized: false })
  socket.on('error', () => undefined)
  try {
    await once(socket, 'secureConnect', { signal })
    const expired = chainOf(socket.getPeerX509Certificate()).find(hasExpired)
    if (expired === undefined) return error
    return new Error(`${error.message}: ${textOf(expired)}`, { cause: error })
  } catch {
    return error
  } finally {
    socket.destroy()
  }
}

function chainOf(certificate: X509Certificate | undefined): X509Certificate[] {
  return certificate === undefined ? [] : [certificate, ...chainOf(certificate.issuerCertificate)]
}

function hasExpired({ validTo }: X509Certificate): boolean {
  return Date.parse(validTo) < wallClock()
}

function textOf({ subject, validTo }: X509Certificate): string {
  return `that of ${subject.replaceAll('\n', ', ')} expired on ${new Date(validTo).toISOString()}`
}
