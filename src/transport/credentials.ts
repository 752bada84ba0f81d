// The certificates of a connection as grpc-js takes them.
import { ChannelCredentials } from '@grpc/grpc-js/build/src/channel-credentials'
import { secureContext, type TlsMaterial } from './tls-material'

/** The credentials of a channel: TLS with `material`, plain text without it. */
export function channelCredentials(material: TlsMaterial | undefined): ChannelCredentials {
  if (material === undefined) return ChannelCredentials.createInsecure()
  // Not createSsl, which takes authorities and ciphers from variables of its own and throws where they are wrong.
  return ChannelCredentials.createFromSecureContext(secureContext(material))
}
