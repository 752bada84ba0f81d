// What a channel proves, and what it believes: the certificates of a connection.
import { createSecureContext } from 'node:tls'
import { ChannelCredentials } from '@grpc/grpc-js/build/src/channel-credentials'

/** The certificates of a connection by TLS, in PEM; what is left out is not used. */
export interface TlsMaterial {
  /** Authorities the server's certificate is checked against; without any, those that Node.js trusts. */
  readonly caCert?: Buffer | undefined
  /** The client's own certificate; never without its key. */
  readonly clientCert?: Buffer | undefined
  readonly clientKey?: Buffer | undefined
}

/** The credentials of a channel: TLS with `material`, plain text without it. */
export function channelCredentials(material: TlsMaterial | undefined): ChannelCredentials {
  if (material === undefined) return ChannelCredentials.createInsecure()
  const { caCert, clientCert, clientKey } = material
  // Not createSsl, which takes authorities and ciphers from variables of its own and throws where they are wrong.
  return ChannelCredentials.createFromSecureContext(
    createSecureContext({ ca: caCert, cert: clientCert, key: clientKey }),
  )
}
