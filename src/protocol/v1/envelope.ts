// Messages of v1 in the two wrappings they travel in: the request of the cache service in an `Any`, and its payload
// in another. The one place that builds them.
import { ProtocolError } from '../../errors'
import {
  type MessageFns,
  NamedCacheRequest,
  NamedCacheResponse,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { ProxyRequest } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import type { Any } from '../../../gen/google/protobuf/any'
import type { Bytes } from '../port'
import type { PayloadType, RequestFacts } from './cache-requests'
import { asBuffer } from './wire'

const REQUEST_TYPE_URL = 'type.googleapis.com/coherence.cache.v1.NamedCacheRequest'
const RESPONSE_TYPE_URL = 'type.googleapis.com/coherence.cache.v1.NamedCacheResponse'

/** More than the envelope of any request takes beside the keys, values and queries in it. */
const ENVELOPE_BYTES = 256

/** What a request takes at the most when keys, values and queries in it take `payloadBytes`. */
export function requestBytes(payloadBytes: number): number {
  return payloadBytes + ENVELOPE_BYTES
}

/** The payload of a request, encoded once however often the request is written. */
export function encodePayload<P>(type: PayloadType<P>, value: P): Any {
  return { typeUrl: type.typeUrl, value: asBuffer(type.message.encode(value).finish()) }
}

/** The request as it is written: ids belong to one stream, so it is built anew for each. */
export function cacheRequest(
  id: number,
  request: RequestFacts,
  cacheId: number | undefined,
  payload: Any | undefined,
): ProxyRequest {
  const message = NamedCacheRequest.encode({ type: request.type, cacheId, message: payload }).finish()
  return {
    id: BigInt(id),
    request: { $case: 'message', value: { typeUrl: REQUEST_TYPE_URL, value: asBuffer(message) } },
    context: {},
  }
}

/** A sign of life that the server answers. */
export function heartbeat(id: number): ProxyRequest {
  const value = { uuid: undefined, ack: true }
  return { id: BigInt(id), request: { $case: 'heartbeat', value }, context: {} }
}

/** The response of the cache service in an answer or event. */
export function readCacheResponse(message: Any): NamedCacheResponse {
  if (message.typeUrl !== RESPONSE_TYPE_URL) {
    throw new ProtocolError(`The server sent '${message.typeUrl}' where '${RESPONSE_TYPE_URL}' is due`)
  }
  return decoded(NamedCacheResponse, message)
}

/** The payload of a response. */
export function readPayload<A>(type: PayloadType<A>, response: NamedCacheResponse): A {
  const { message } = response
  if (message?.typeUrl !== type.typeUrl) {
    throw new ProtocolError(
      `The server sent '${message?.typeUrl ?? 'nothing'}' where '${type.typeUrl}' is due`,
    )
  }
  return decoded(type.message, message)
}

function decoded<T>(type: Pick<MessageFns<T>, 'decode'>, message: Any): T {
  try {
    return type.decode(message.value)
  } catch (error) {
    throw new ProtocolError(`The server sent a '${message.typeUrl}' that cannot be read`, { cause: error })
  }
}

/** Whether a text in it has, or may have, a character as an escape of JSON. */
export function hasUnicodeEscape(bytes: Bytes): boolean {
  return asBuffer(bytes).includes('\\u')
}
