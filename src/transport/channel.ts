// How a channel to the server is opened. A channel is made for one connection and closed with it: what a lost
// connection leaves behind (backoff, half-open sockets) is never carried over.
import type { Channel } from '@grpc/grpc-js'
import { channelTarget } from './address'
import { HTTP2_CHANNEL_OPTIONS, openHttp2Channel } from './http2/open-channel'
import { proxyOf } from './http2/route'
import type { TlsMaterial } from './tls-material'

export type { Channel } from '@grpc/grpc-js'
export { exchangeFrames, type FrameExchange } from './http2/open-channel'

/** Where the server is and how it is reached. */
export interface Endpoint {
  /** The address as the options have it. */
  readonly address: string
  /** `undefined` for plain text. */
  readonly tls: TlsMaterial | undefined
  readonly channelOptions: Readonly<Record<string, string | number | boolean>>
  /** `'http2'` gives way to `'grpc-js'` where there are channel options that it does not have. */
  readonly transport: 'http2' | 'grpc-js'
}

const DEFAULTS = {
  // Answers are as large as what was stored; requests are bounded before they get here.
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
} as const

/** Loads the channel of grpc-js, which is a third of the code, only where a session needs it. */
export async function openChannel({ address, tls, channelOptions, transport }: Endpoint): Promise<Channel> {
  const target = channelTarget(address)
  const known = Object.keys(channelOptions).every((name) => HTTP2_CHANNEL_OPTIONS.has(name))
  if (transport === 'http2' && known) return openHttp2Channel(target, tls, { ...DEFAULTS, ...channelOptions })
  const { openGrpcJsChannel } = await import('./grpc-js-channel')
  return openGrpcJsChannel(target, tls, { ...DEFAULTS, ...channelOptions })
}

/** The HTTP proxy that connections to the endpoint go by, as `host:port`; `undefined` where they go by none. */
export function proxyTo({ address, channelOptions }: Endpoint): Promise<string | undefined> {
  return proxyOf(channelTarget(address), channelOptions['grpc.enable_http_proxy'] !== 0)
}
