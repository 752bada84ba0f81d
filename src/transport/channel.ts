// Opens a channel to the server. A channel on which connecting failed is closed and never used again, so that no state of a
// lost connection (backoff, half-open sockets) affects the next one.
import type { Channel } from '@grpc/grpc-js'
import { channelTarget } from './address'
import { HTTP2_CHANNEL_OPTIONS, openHttp2Channel } from './http2/open-channel'
import { proxyOf } from './http2/route'
import type { TlsMaterial } from './tls-material'

export type { Channel } from '@grpc/grpc-js'
export { exchangeFrames, type FrameExchange } from './http2/open-channel'

/** The address of the server, and how to connect to it. */
export interface Endpoint {
  /** The address, as in the options. */
  readonly address: string
  /** `undefined` for plain text. */
  readonly tls: TlsMaterial | undefined
  readonly channelOptions: Readonly<Record<string, string | number | boolean>>
  /** `'grpc-js'` is used instead of `'http2'` if there are channel options that only grpc-js has. */
  readonly transport: 'http2' | 'grpc-js'
}

const DEFAULTS = {
  // Answers may be as large as the stored values; the size of requests is limited before.
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
} as const

/** Loads the channel of grpc-js only if a session needs it, because it is a third of the code. */
export async function openChannel({ address, tls, channelOptions, transport }: Endpoint): Promise<Channel> {
  const target = channelTarget(address)
  const known = Object.keys(channelOptions).every((name) => HTTP2_CHANNEL_OPTIONS.has(name))
  if (transport === 'http2' && known) return openHttp2Channel(target, tls, { ...DEFAULTS, ...channelOptions })
  const { openGrpcJsChannel } = await import('./grpc-js-channel')
  return openGrpcJsChannel(target, tls, { ...DEFAULTS, ...channelOptions })
}

/** Returns the HTTP proxy for connections to the endpoint, as `host:port`; `undefined` if there is none. */
export function proxyTo({ address, channelOptions }: Endpoint): Promise<string | undefined> {
  return proxyOf(channelTarget(address), channelOptions['grpc.enable_http_proxy'] !== 0)
}
