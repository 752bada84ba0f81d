// The stub of v1's one call, at the level of bytes: requests are written and responses read by this folder's own code,
// so that nothing is encoded twice. Path and kind of the call are the generated definition's.
// nice-grpc is imported by its inner path, because its front loads its servers as well.
import type { Metadata } from 'nice-grpc-common'
import type { Bytes } from '../../../bytes'
import { createClient } from 'nice-grpc/lib/client/ClientFactory'
import { ProxyServiceDefinition } from '../../../../gen/coherence/proxy/v1/proxy_service_v1'
import { type Channel, exchangeFrames, type FrameExchange } from '../../../transport/channel'

const BYTES = {
  encode: (bytes: Bytes) => ({ finish: () => bytes }),
  decode: (bytes: Bytes) => bytes,
}

const { subChannel } = ProxyServiceDefinition.methods

// Member by member: the bundle leaves out what nothing names, here the generated types of requests and responses.
const BYTE_SERVICE = {
  name: ProxyServiceDefinition.name,
  fullName: ProxyServiceDefinition.fullName,
  methods: {
    subChannel: {
      name: subChannel.name,
      requestType: BYTES,
      requestStream: subChannel.requestStream,
      responseType: BYTES,
      responseStream: subChannel.responseStream,
      options: subChannel.options,
    },
  },
} as const

const PATH = `/${BYTE_SERVICE.fullName}/${BYTE_SERVICE.methods.subChannel.name}`

/** A stream of requests to its stream of responses. */
export interface ByteStub {
  /** There where the elements of both streams are gRPC frames, some at once, rather than single messages. */
  readonly frames: FrameExchange | undefined
  open(
    requests: AsyncIterable<Bytes>,
    metadata: Metadata | undefined,
    signal: AbortSignal,
  ): AsyncIterable<Bytes>
}

export function byteStub(channel: Channel): ByteStub {
  const frames = exchangeFrames(channel, PATH)
  const client = createClient(BYTE_SERVICE, channel)
  return {
    frames,
    open: (requests, metadata, signal) =>
      client.subChannel(requests, { signal, ...(metadata && { metadata }) }),
  }
}
