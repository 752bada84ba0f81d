// Opens a channel to a server. A channel on which connecting failed is closed and never used again, so that no state of a
// lost connection (backoff, half-open sockets) affects the next one.
import { type Channel, connectivityState } from '@grpc/grpc-js'
import { channelTarget, hostTarget, namesDnsServer, type NameService } from './address'
import { pause } from '../async/abort'
import { errorText } from './http2/error-text'
import { HTTP2_CHANNEL_OPTIONS, openHttp2Channel } from './http2/open-channel'
import { proxyOf, rotated } from './http2/dial/route'
import type { TlsLoader } from './tls-material'

export type { Channel } from '@grpc/grpc-js'
export { exchangeFrames, type FrameExchange } from './http2/open-channel'

/** The addresses of the servers, one of which is connected to, and how. */
export interface Endpoint {
  /** The addresses, as in the options. There is at least one. */
  readonly addresses: readonly string[]
  /** Called for each connection; `undefined` for plain text. */
  readonly tls: TlsLoader | undefined
  readonly channelOptions: Readonly<Record<string, string | number | boolean>>
  /** `'grpc-js'` is used instead of `'http2'` for channel options and targets that only grpc-js has. */
  readonly transport: 'http2' | 'grpc-js'
}

const DEFAULTS = {
  // Answers may be as large as the stored values; the size of requests is limited before.
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
} as const

/** A number to start at, so that the clients of a cluster do not all connect to its first server. */
const MOST_STARTS = 1_000_000
/** How long servers that are known wait for name services that have not answered. */
const OTHERS_WITHIN_MS = 250

export function anyStart(): number {
  return Math.floor(Math.random() * MOST_STARTS)
}

/**
 * Opens a channel, and asks the name services among the addresses for the servers. Loads the channel of grpc-js only if a
 * session needs it, because it is a third of the code.
 *
 * @param startAt The number of the server to begin with, counted beyond the last one from the first again.
 * @param signal Ends the look-up at name services.
 * @throws {Error} no name service knows a server, and there are no other addresses.
 */
export async function openChannel(
  endpoint: Endpoint,
  startAt: number,
  signal: AbortSignal,
): Promise<Channel> {
  const { addresses, tls, channelOptions, transport } = endpoint
  const targets = rotated(await targetsOf(addresses.map(channelTarget), signal), startAt)
  const options = { ...DEFAULTS, ...channelOptions }
  const known = Object.keys(channelOptions).every((name) => HTTP2_CHANNEL_OPTIONS.has(name))
  if (transport === 'http2' && known && !targets.some(namesDnsServer))
    return openHttp2Channel(targets, tls, options, Math.floor(startAt / targets.length))
  const { openGrpcJsChannel } = await import('./grpc-js-channel')
  return openGrpcJsChannel(targets, await tls?.(), options, signal)
}

/** Calls `retired` when the connection of a channel that is ready takes no new calls, for whatever reason. */
export function onRetired(channel: Channel, retired: () => void): void {
  channel.watchConnectivityState(connectivityState.READY, Infinity, (error) => {
    if (error === undefined) retired()
  })
}

/** Returns the HTTP proxy for connections to the endpoint, as `host:port`; `undefined` if there is none. */
export async function proxyTo({ addresses, channelOptions }: Endpoint): Promise<string | undefined> {
  const target = addresses.map(channelTarget).find((found) => typeof found === 'string')
  return target === undefined ? undefined : proxyOf(target, channelOptions['grpc.enable_http_proxy'] !== 0)
}

/**
 * Asks all name services. When the first servers are known, the name services that have not answered get a moment more.
 * One that fails counts only if there is no other server.
 */
async function targetsOf(
  found: readonly (string | NameService)[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (found.every((target) => typeof target === 'string')) return found
  const { lookUpServers } = await import('./name-service')
  const enough = new AbortController()
  const limit = AbortSignal.any([signal, enough.signal])
  const results: string[][] = found.map(() => [])
  const lookUps = found.map(async (target, index) => {
    const targets =
      typeof target === 'string' ? [target] : (await lookUpServers(target, limit)).map(hostTarget)
    results[index] = targets
  })
  const all = Promise.allSettled(lookUps)
  const grace = Promise.any(lookUps).then(() => pause(OTHERS_WITHIN_MS, limit))
  await Promise.race([all, grace]).catch(() => undefined)
  enough.abort(new Error('there are other servers'))
  signal.throwIfAborted()
  const targets = [...new Set(results.flat())]
  if (targets.length > 0) return targets
  const failures = (await all).flatMap((result): unknown[] =>
    result.status === 'rejected' ? [result.reason] : [],
  )
  throw new Error([...new Set(failures.map(errorText))].join('; '), { cause: failures[0] })
}
