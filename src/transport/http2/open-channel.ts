// The door to the HTTP/2 channel, and the one place that calls it a `Channel` of grpc-js: that type is a class with a
// private member, so no other class can be one, while clients use nothing but the interface.
import type { Channel, ChannelInterface } from '@grpc/grpc-js'
import type { TlsMaterial } from '../tls-material'
import { Http2Channel } from './channel'
import { readChannelOptions } from './channel-options'
import { parseTarget } from './target'
import { tlsConnectOptions } from './tls-connect'

export { HTTP2_CHANNEL_OPTIONS } from './channel-options'

/**
 * A channel for nice-grpc's clients that connects when the first call is made, or its state is asked for.
 *
 * Its calls send all their messages of one turn of the event loop as one write.
 *
 * @param target `host:port`, or with one of the schemes `dns:`, `ipv4:`, `ipv6:` and `unix:`.
 * @param tls `undefined` for plain text; an empty object for TLS with the CAs that Node trusts.
 * @param options gRPC channel options under grpc-js's names; those in `HTTP2_CHANNEL_OPTIONS` have an effect.
 * @throws {TypeError} the target, an option or the TLS material is wrong.
 */
export function openHttp2Channel(
  target: string,
  tls: TlsMaterial | undefined,
  options: Readonly<Record<string, unknown>> = {},
): Channel {
  const parsed = parseTarget(target)
  const settings = readChannelOptions(options)
  const secure = tls === undefined ? undefined : tlsConnectOptions(tls, parsed, settings.tlsName)
  const channel: ChannelInterface = new Http2Channel(parsed, secure, settings)
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- see above
  return channel as Channel
}

/** What can be told to a channel that exchanges frames. */
export interface FrameExchange {
  /** Nothing is read for some milliseconds, for what comes meanwhile to be read together. */
  rest(millis: number): void
  /** Ends a rest. */
  wake(): void
}

/**
 * Makes calls of a method that are made from now on exchange gRPC frames in place of messages: each element that is
 * written or read is one frame or several, headers included, so that what is passed on together costs as one.
 *
 * @param path `/package.Service/method`
 * @returns `undefined` where the channel cannot, and exchanges messages.
 */
export function exchangeFrames(channel: Channel, path: string): FrameExchange | undefined {
  const candidate: unknown = channel
  if (!(candidate instanceof Http2Channel)) return undefined
  candidate.exchangeFrames(path)
  return candidate
}
