// How this channel connects by TLS.
import { checkServerIdentity, type ConnectionOptions } from 'node:tls'
import { secureContext, type TlsMaterial } from '../tls-material'
import { isAddress, type Target } from './target'

/**
 * Options for `tls.connect`, the same for every connection to `target`.
 *
 * @param tlsName Whom the certificate has to be for, where that is not the target's host.
 * @throws The material is incomplete or no valid PEM.
 */
export function tlsConnectOptions(
  material: TlsMaterial,
  target: Target,
  tlsName: string | undefined,
): ConnectionOptions {
  if ((material.clientCert === undefined) !== (material.clientKey === undefined)) {
    throw new TypeError('A client certificate and its private key have to be given together')
  }
  const host = tlsName ?? target.host
  return {
    secureContext: secureContext(material),
    ALPNProtocols: ['h2'],
    // RFC 6066, section 3: a server name is no IP address.
    ...(isAddress(host) ? {} : { servername: host }),
    checkServerIdentity: (_connectedTo, certificate) => checkServerIdentity(host, certificate),
  }
}
