// The stub of v1's one call, at the level of bytes: requests are written and responses read by this folder's own code,
// so that no second encoding happens. Path and kind of the call are the generated definition's.
// Not from the front of the package, which loads its servers as well.
import { createClient } from 'nice-grpc/lib/client/ClientFactory'
import { ProxyServiceDefinition } from '../../../gen/coherence/proxy/v1/proxy_service_v1'
import { type Channel, exchangeFrames, type FrameExchange } from '../../transport/channel'
import type { Bytes } from '../port'

const BYTES = {
  encode: (bytes: Bytes) => ({ finish: () => bytes }),
  decode: (bytes: Bytes) => bytes,
}

const BYTE_SERVICE = {
  ...ProxyServiceDefinition,
  methods: {
    subChannel: { ...ProxyServiceDefinition.methods.subChannel, requestType: BYTES, responseType: BYTES },
  },
} as const

const PATH = `/${ProxyServiceDefinition.fullName}/${ProxyServiceDefinition.methods.subChannel.name}`

/** A stream of requests to its stream of responses. */
export interface ByteStub {
  /** There where the elements of both streams are gRPC frames, some at once, rather than single messages. */
  readonly frames: FrameExchange | undefined
  open(requests: AsyncIterable<Bytes>, signal: AbortSignal): AsyncIterable<Bytes>
}

export function byteStub(channel: Channel): ByteStub {
  const frames = exchangeFrames(channel, PATH)
  const client = createClient(BYTE_SERVICE, channel)
  return { frames, open: (requests, signal) => client.subChannel(requests, { signal }) }
}
