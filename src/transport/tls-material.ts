// The certificates of a TLS connection, in the form that both channels use.
import {
  checkServerIdentity,
  createSecureContext,
  type ConnectionOptions,
  type SecureContext,
} from 'node:tls'
import { isAddress } from './http2/dial/target'

/** The certificates of a TLS connection, in PEM. All of them are optional. */
export interface TlsMaterial {
  /** The authorities for the server's certificate. If they are left out, those that Node.js trusts. */
  readonly caCert?: string | Buffer | undefined
  /** The client's certificate and the intermediate ones. It needs the private key. */
  readonly clientCert?: string | Buffer | undefined
  readonly clientKey?: string | Buffer | undefined
  /** The passphrase of the private key, if it has one. */
  readonly clientKeyPassphrase?: string | undefined
}

/** Returns the certificates as they are now. */
export type TlsLoader = () => Promise<TlsMaterial>

/** @throws the error of OpenSSL, if a certificate is wrong. */
export function secureContext({
  caCert,
  clientCert,
  clientKey,
  clientKeyPassphrase,
}: TlsMaterial): SecureContext {
  return createSecureContext({
    ca: caCert,
    cert: clientCert,
    key: clientKey,
    passphrase: clientKeyPassphrase,
  })
}

/** Returns the options for `tls.connect`. The server's certificate must name `host`, a host name or an IP address. */
export type SecureOptions = (host: string) => ConnectionOptions

/**
 * Returns what all connections of an HTTP/2 channel share.
 *
 * @throws the material is incomplete or is not valid PEM.
 */
export function secureOptions(material: TlsMaterial): SecureOptions {
  if ((material.clientCert === undefined) !== (material.clientKey === undefined)) {
    throw new TypeError('A client certificate and its private key have to be given together')
  }
  const context = secureContext(material)
  return (host) => ({
    secureContext: context,
    ALPNProtocols: ['h2'],
    // RFC 6066, section 3: a server name is not an IP address.
    ...(isAddress(host) ? {} : { servername: host }),
    checkServerIdentity: (_connectedTo, certificate) => checkServerIdentity(host, certificate),
  })
}
