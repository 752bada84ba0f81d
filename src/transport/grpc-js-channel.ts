// The channel of grpc-js, for sessions that ask for it or for options that only it has. Loaded by `import()` when a
// session needs it: nothing else may import it.
import { Channel } from '@grpc/grpc-js/build/src/index'
import { ConnectivityState as connectivityState } from '@grpc/grpc-js/build/src/connectivity-state'
import { ChannelCredentials } from '@grpc/grpc-js/build/src/channel-credentials'
import { pause } from '../async/abort'
import { waitFor } from '../async/wait'
import { secureContext, type TlsMaterial } from './tls-material'

const DEFAULTS = {
  // A session must not wait because the connections of another session failed.
  'grpc.use_local_subchannel_pool': 1,
  // The session reconnects, because it knows which requests may be sent again.
  'grpc.enable_retries': 0,
} as const

/** As in RFC 8305, section 8. */
const NEXT_TARGET_AFTER_MS = 250

/**
 * Opens a channel to the first of the targets that can be reached. grpc-js knows no list of host names, so there is a
 * channel to each until one is ready.
 *
 * @param targets There is at least one.
 * @param tls `undefined` for plain text.
 * @param signal Ends the wait for a channel that is ready; the last one is returned then.
 */
export async function openGrpcJsChannel(
  targets: readonly string[],
  tls: TlsMaterial | undefined,
  options: Readonly<Record<string, string | number | boolean>>,
  signal: AbortSignal,
): Promise<Channel> {
  const credentials = channelCredentials(tls)
  const open = (target: string): Channel => new Channel(target, credentials, { ...DEFAULTS, ...options })
  const [only = '', ...others] = targets
  if (others.length === 0) return open(only)
  const channels: Channel[] = []
  const found = new AbortController()
  const stop = AbortSignal.any([signal, found.signal])
  let before: Promise<unknown> | undefined
  const attempts = targets.map((target, index) => {
    const failed = before?.catch(() => undefined)
    const attempt = (async () => {
      if (failed !== undefined) await Promise.race([failed, pause(index * NEXT_TARGET_AFTER_MS, stop)])
      stop.throwIfAborted()
      const channel = open(target)
      channels.push(channel)
      await ready(channel, stop)
      found.abort(new Error('another one is ready'))
      return channel
    })()
    before = attempt
    return attempt
  })
  const chosen = await Promise.any(attempts).catch(() => channels.at(-1) ?? open(only))
  for (const channel of channels) if (channel !== chosen) channel.close()
  return chosen
}

/** Resolves when the channel is ready; rejects when it cannot connect, or with the reason of the signal. */
async function ready(channel: Channel, signal: AbortSignal): Promise<void> {
  for (;;) {
    const state = channel.getConnectivityState(true)
    if (state === connectivityState.READY) return
    if (state === connectivityState.TRANSIENT_FAILURE || state === connectivityState.SHUTDOWN)
      throw new Error('the channel cannot connect')
    await waitFor<undefined>(
      { deadline: Infinity, signal },
      () => undefined,
      ({ resolve }) => {
        channel.watchConnectivityState(state, Infinity, () => resolve(undefined))
        return undefined
      },
    )
  }
}

/** Returns the credentials of a channel: TLS with `material`, plain text without it. */
export function channelCredentials(material: TlsMaterial | undefined): ChannelCredentials {
  if (material === undefined) return ChannelCredentials.createInsecure()
  // Not createSsl, which reads authorities and ciphers from its own variables and throws if they are wrong.
  return ChannelCredentials.createFromSecureContext(secureContext(material))
}
