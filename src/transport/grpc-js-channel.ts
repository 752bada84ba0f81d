// The channel of grpc-js, for sessions that ask for it or for options that only it has. Loaded by `import()` when a
// session needs it: nothing else may import it.
import { Channel } from '@grpc/grpc-js/build/src/index'
import { ChannelCredentials } from '@grpc/grpc-js/build/src/channel-credentials'
import { secureContext, type TlsMaterial } from './tls-material'

const DEFAULTS = {
  // A session must not wait because the connections of another session failed.
  'grpc.use_local_subchannel_pool': 1,
  // The session reconnects, because it knows which requests may be sent again.
  'grpc.enable_retries': 0,
} as const

/** @param tls `undefined` for plain text. */
export function openGrpcJsChannel(
  target: string,
  tls: TlsMaterial | undefined,
  options: Readonly<Record<string, string | number | boolean>>,
): Channel {
  return new Channel(target, channelCredentials(tls), { ...DEFAULTS, ...options })
}

/** Returns the credentials of a channel: TLS with `material`, plain text without it. */
export function channelCredentials(material: TlsMaterial | undefined): ChannelCredentials {
  if (material === undefined) return ChannelCredentials.createInsecure()
  // Not createSsl, which reads authorities and ciphers from its own variables and throws if they are wrong.
  return ChannelCredentials.createFromSecureContext(secureContext(material))
}
