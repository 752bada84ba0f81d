// Opens the HTTP/2 channel, and is the only file that casts it to the `Channel` of grpc-js. That type is a class with a
// private member, so no other class can implement it, but clients use only its interface.
import type { Channel, ChannelInterface } from '@grpc/grpc-js'
import { secureOptions, type TlsLoader } from '../tls-material'
import { Http2Channel } from './channel'
import { readChannelOptions } from './channel-options'
import { parseTarget } from './dial/target'

export { HTTP2_CHANNEL_OPTIONS } from './channel-options'

/**
 * Opens a channel for nice-grpc's clients. It connects when the first call is made, or when its state is requested.
 *
 * A call sends all its messages of one turn of the event loop as one write.
 *
 * @param targets Each is `host:port`, or has one of the schemes `dns:`, `ipv4:`, `ipv6:` and `unix:`. The channel
 *   connects to the first that can be reached.
 * @param tls Called for each connection; `undefined` for plain text. An empty object is TLS with the authorities that
 *   Node.js trusts.
 * @param options gRPC channel options with their names in grpc-js; only those in `HTTP2_CHANNEL_OPTIONS` have an
 *   effect.
 * @param startAt Which of several addresses of one target to begin with, for the first connection. Each one after that
 *   begins with the next target or address.
 * @throws {TypeError} a target or an option is wrong.
 */
export function openHttp2Channel(
  targets: readonly string[],
  tls: TlsLoader | undefined,
  options: Readonly<Record<string, unknown>> = {},
  startAt = 0,
): Channel {
  const secure = tls === undefined ? undefined : async () => secureOptions(await tls())
  const channel: ChannelInterface = new Http2Channel(
    targets.map(parseTarget),
    secure,
    readChannelOptions(options),
    startAt,
  )
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- see above
  return channel as Channel
}

/** Controls reading on a channel that exchanges frames. */
export interface FrameExchange {
  /** Stops reading for some milliseconds, so that the data of that time is read together. */
  rest(millis: number): void
  /** Reads again at once. */
  wake(): void
}

/**
 * Makes new calls of a method exchange gRPC frames instead of messages. Each element that is written or read is one or
 * more frames with headers, so that several messages cost as much as one.
 *
 * @param path `/package.Service/method`
 * @returns `undefined` if the channel cannot do this and exchanges messages.
 */
export function exchangeFrames(channel: Channel, path: string): FrameExchange | undefined {
  const candidate: unknown = channel
  if (!(candidate instanceof Http2Channel)) return undefined
  candidate.exchangeFrames(path)
  return candidate
}
