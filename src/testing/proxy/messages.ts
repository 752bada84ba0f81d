// The messages that requests of the cache service carry, with the names that the server has for them.
import * as Cache from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import * as Common from '../../../gen/coherence/common/v1/common_messages_v1'
import * as Wrappers from '../../../gen/google/protobuf/wrappers'

/** A message that travels in an `Any`. */
export interface MessageType<T> {
  /** The name of the protocol, such as `google.protobuf.BytesValue`. */
  readonly name: string
  /** The name that is in the server's error where another message came. */
  readonly javaClass: string
  decode(bytes: Uint8Array): T
}

interface Decoder<T> {
  decode(bytes: Uint8Array): T
}

const JAVA_PACKAGE = 'com.oracle.coherence.grpc.messages'

export const BinaryKeyAndValue = common('BinaryKeyAndValue', Common.BinaryKeyAndValue)
export const BytesValue = message(
  'google.protobuf.BytesValue',
  'com.google.protobuf.BytesValue',
  Wrappers.BytesValue,
)
export const CollectionOfBytesValues = common('CollectionOfBytesValues', Common.CollectionOfBytesValues)
export const EnsureCacheRequest = cache('EnsureCacheRequest', Cache.EnsureCacheRequest)
export const ExecuteRequest = cache('ExecuteRequest', Cache.ExecuteRequest)
export const IndexRequest = cache('IndexRequest', Cache.IndexRequest)
export const MapListenerRequest = cache('MapListenerRequest', Cache.MapListenerRequest)
export const PutAllRequest = cache('PutAllRequest', Cache.PutAllRequest)
export const PutRequest = cache('PutRequest', Cache.PutRequest)
export const QueryRequest = cache('QueryRequest', Cache.QueryRequest)
export const ReplaceMappingRequest = cache('ReplaceMappingRequest', Cache.ReplaceMappingRequest)

function cache<T>(name: string, decoder: Decoder<T>): MessageType<T> {
  return message(`coherence.cache.v1.${name}`, `${JAVA_PACKAGE}.cache.v1.${name}`, decoder)
}

function common<T>(name: string, decoder: Decoder<T>): MessageType<T> {
  return message(`coherence.common.v1.${name}`, `${JAVA_PACKAGE}.common.v1.${name}`, decoder)
}

function message<T>(name: string, javaClass: string, decoder: Decoder<T>): MessageType<T> {
  return { name, javaClass, decode: (bytes) => decoder.decode(bytes) }
}
