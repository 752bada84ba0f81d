// The channel of grpc-js, for sessions that ask for it or for options that only it has. Loaded by `import()` when a session
// needs it: nothing else may import it.
import { Channel } from '@grpc/grpc-js/build/src/index'
import { channelCredentials } from './credentials'
import type { TlsMaterial } from './tls-material'

const DEFAULTS = {
  // Another session's failed connections are not ours to wait for.
  'grpc.use_local_subchannel_pool': 1,
  // The reconnecting is done by the session, which knows what may be sent again.
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
