// What a connection by TLS proves, and what it believes, whichever channel makes it.
import { createSecureContext, type SecureContext } from 'node:tls'

/** The certificates of a connection by TLS, in PEM; what is left out is not used. */
export interface TlsMaterial {
  /** Authorities the server's certificate is checked against; without any, those that Node.js trusts. */
  readonly caCert?: string | Buffer | undefined
  /** The client's own certificate and those between it and its authority; never without its key. */
  readonly clientCert?: string | Buffer | undefined
  readonly clientKey?: string | Buffer | undefined
}

/** @throws What OpenSSL says is wrong with the certificates. */
export function secureContext({ caCert, clientCert, clientKey }: TlsMaterial): SecureContext {
  return createSecureContext({ ca: caCert, cert: clientCert, key: clientKey })
}
