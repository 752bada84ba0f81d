// TLS as this channel takes it: certificates in PEM, no files and no types of a gRPC library.
import { checkServerIdentity, createSecureContext, type ConnectionOptions } from 'node:tls'
import { isAddress, type Target } from './target'

export interface TlsMaterial {
  /** CAs that servers are trusted by, in PEM; left out, those of Node. */
  readonly caCert?: string | Buffer | undefined
  /** The client's certificate and those between it and its CA, in PEM; only with `clientKey`. */
  readonly clientCert?: string | Buffer | undefined
  /** The client's private key, in PEM; only with `clientCert`. */
  readonly clientKey?: string | Buffer | undefined
}

/**
 * Options for `tls.connect`, the same for every connection to `target`.
 *
 * @param tlsName Whom the certificate has to be for, where that is not the target's host.
 * @throws The material is incomplete or no valid PEM.
 */
export function tlsOptions(
  material: TlsMaterial,
  target: Target,
  tlsName: string | undefined,
): ConnectionOptions {
  const { caCert: ca, clientCert: cert, clientKey: key } = material
  if ((cert === undefined) !== (key === undefined)) {
    throw new TypeError('A client certificate and its private key have to be given together')
  }
  const host = tlsName ?? target.host
  return {
    secureContext: createSecureContext({ ca, cert, key }),
    ALPNProtocols: ['h2'],
    // RFC 6066, section 3: a server name is no IP address.
    ...(isAddress(host) ? {} : { servername: host }),
    checkServerIdentity: (_connectedTo, certificate) => checkServerIdentity(host, certificate),
  }
}
