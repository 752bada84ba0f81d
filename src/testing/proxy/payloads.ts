// The messages inside of answers and events, each in an `Any` with the name of its type.
import {
  MapEventMessage,
  NamedCacheResponse,
  type ResponseType,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { BinaryKeyAndValue, OptionalValue } from '../../../gen/coherence/common/v1/common_messages_v1'
import type { Any } from '../../../gen/google/protobuf/any'
import { BoolValue, BytesValue, Int32Value } from '../../../gen/google/protobuf/wrappers'

const PREFIX = 'type.googleapis.com/'

/** What `message` of a request of the cache service is. */
export const CACHE_REQUEST_URL = `${PREFIX}coherence.cache.v1.NamedCacheRequest`
const CACHE_RESPONSE_URL = `${PREFIX}coherence.cache.v1.NamedCacheResponse`

export const NO_BYTES = Buffer.alloc(0)

export function bytesPayload(value: Buffer): Any {
  return payload('google.protobuf.BytesValue', BytesValue.encode({ value }).finish())
}

export function boolPayload(value: boolean): Any {
  return payload('google.protobuf.BoolValue', BoolValue.encode({ value }).finish())
}

export function int32Payload(value: number): Any {
  return payload('google.protobuf.Int32Value', Int32Value.encode({ value }).finish())
}

export function optionalPayload(value: Buffer | undefined): Any {
  const message = { present: value !== undefined, value: value ?? NO_BYTES }
  return payload('coherence.common.v1.OptionalValue', OptionalValue.encode(message).finish())
}

export function entryPayload(key: Buffer, value: Buffer): Any {
  return payload('coherence.common.v1.BinaryKeyAndValue', BinaryKeyAndValue.encode({ key, value }).finish())
}

export function mapEventPayload(event: MapEventMessage): Any {
  return payload('coherence.cache.v1.MapEventMessage', MapEventMessage.encode(event).finish())
}

export function cacheResponse(cacheId: number, type: ResponseType, message: Any | undefined): Any {
  const bytes = NamedCacheResponse.encode({ cacheId, type, message }).finish()
  return { typeUrl: CACHE_RESPONSE_URL, value: asBuffer(bytes) }
}

/** A message of a type by its full name. */
export function payload(type: string, bytes: Uint8Array): Any {
  return { typeUrl: PREFIX + type, value: asBuffer(bytes) }
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
