// How the messages of answers and events are read: where they lie, nothing copied; events by the generated code.
import type { Bytes } from '../../../bytes'
import { ProtocolError } from '../../../errors'
import { MapEventMessage, ResponseType } from '../../../../gen/coherence/cache/v1/cache_service_messages_v1'
import type { EntryBytes, EntryVisitor } from '../../port'
import { generatedType } from './payloads'
import { ANY_TYPE_URL, ANY_VALUE, type AnyView, FieldReader, TypeName, unreadable } from './wire'

/** What the cache service answers with. */
export const CACHE_RESPONSE = new TypeName('coherence.cache.v1.NamedCacheResponse')

const NO_BYTES: Bytes = Buffer.alloc(0)
const BYTES_VALUE = new TypeName('google.protobuf.BytesValue')
const BOOL_VALUE = new TypeName('google.protobuf.BoolValue')
const OPTIONAL_VALUE = new TypeName('coherence.common.v1.OptionalValue')
const INT32_VALUE = new TypeName('google.protobuf.Int32Value')
const ENTRY = new TypeName('coherence.common.v1.BinaryKeyAndValue')
const MAP_EVENT = generatedType('coherence.cache.v1.MapEventMessage', MapEventMessage)

// Fields of the payloads.
const WRAPPED_BYTES = 0x0a
const WRAPPED_NUMBER = 0x08
const OPTIONAL_IS_PRESENT = 0x08
const OPTIONAL_BYTES = 0x12
const KEY = 0x0a
const VALUE = 0x12

/** `BytesValue` */
export function readBytes(message: AnyView): Bytes {
  const { bytes } = message
  const fields = payloadFields(message, BYTES_VALUE)
  let value = NO_BYTES
  while (fields.next()) if (fields.tag === WRAPPED_BYTES) value = bytes.subarray(fields.begin, fields.end)
  return value
}

/** `OptionalValue`; `undefined` if it says that there is none. */
export function readOptional(message: AnyView): Bytes | undefined {
  const { bytes } = message
  const fields = payloadFields(message, OPTIONAL_VALUE)
  let isPresent = false
  let value = NO_BYTES
  while (fields.next()) {
    if (fields.tag === OPTIONAL_IS_PRESENT) isPresent = fields.number !== 0
    else if (fields.tag === OPTIONAL_BYTES) value = bytes.subarray(fields.begin, fields.end)
  }
  return isPresent ? value : undefined
}

/** `BoolValue` */
export function readBool(message: AnyView): boolean {
  const fields = payloadFields(message, BOOL_VALUE)
  let value = false
  while (fields.next()) if (fields.tag === WRAPPED_NUMBER) value = fields.number !== 0
  return value
}

/** `Int32Value` */
export function readInt32(message: AnyView): number {
  const fields = payloadFields(message, INT32_VALUE)
  let value = 0
  while (fields.next()) if (fields.tag === WRAPPED_NUMBER) value = fields.int32
  return value
}

/** The value of a `BinaryKeyAndValue` */
export function readEntryValue(message: AnyView): Bytes {
  const at = locateEntry(message)
  return message.bytes.subarray(at.valueBegin, at.valueEnd)
}

/** `BinaryKeyAndValue` */
export function readEntry(message: AnyView): EntryBytes {
  const { bytes } = message
  const at = locateEntry(message)
  return {
    key: bytes.subarray(at.keyBegin, at.keyEnd),
    value: bytes.subarray(at.valueBegin, at.valueEnd),
  }
}

/** Visits a `BinaryKeyAndValue`. */
export function visitEntry(message: AnyView, visit: EntryVisitor): void {
  const at = locateEntry(message)
  visit(message.bytes, at.keyBegin, at.keyEnd, at.valueBegin, at.valueEnd)
}

function locateEntry(message: AnyView): typeof located {
  const fields = payloadFields(message, ENTRY)
  located.keyBegin = located.keyEnd = located.valueBegin = located.valueEnd = 0
  while (fields.next()) {
    if (fields.tag === KEY) {
      located.keyBegin = fields.begin
      located.keyEnd = fields.end
    } else if (fields.tag === VALUE) {
      located.valueBegin = fields.begin
      located.valueEnd = fields.end
    }
  }
  return located
}

/** The id that the server gave a cache. */
export function readCacheId(message: AnyView): number {
  return readResponse(message).cacheId
}

/** What a message of the cache service is about. */
export function readResponse(message: AnyView): { readonly cacheId: number; readonly type: ResponseType } {
  const fields = responseFields(message)
  let cacheId = 0
  let type: ResponseType = ResponseType.Message
  while (fields.next()) {
    if (fields.tag === CACHE_ID) cacheId = fields.int32
    // A newer server may send a type that this contract does not have.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
    else if (fields.tag === RESPONSE_TYPE) type = fields.int32
  }
  return { cacheId, type }
}

/** The event in a message of that type. */
export function readMapEvent(message: AnyView): MapEventMessage {
  const fields = payloadFields(message, MAP_EVENT.name)
  const { begin, end } = fields.rest
  try {
    return MAP_EVENT.message.decode(message.bytes.subarray(begin, end))
  } catch (cause) {
    throw new ProtocolError(`The server sent a '${MAP_EVENT.name.url}' that cannot be read`, { cause })
  }
}

// Fields of NamedCacheResponse.
const CACHE_ID = 0x08
const RESPONSE_TYPE = 0x10
const RESPONSE_MESSAGE = 0x1a
/** What an error text has of a type that is not known. */
const MOST_TYPE_LENGTH = 200

// Shared by all readers: one answer is read at a time, and nothing that is called meanwhile reads another.
const reader = new FieldReader()
const located = { keyBegin: 0, keyEnd: 0, valueBegin: 0, valueEnd: 0 }

function responseFields({ typeUrl, bytes, begin, end }: AnyView): FieldReader {
  if (typeUrl === '') throw unreadable()
  if (typeUrl !== CACHE_RESPONSE.url) throw unexpected(typeUrl, CACHE_RESPONSE)
  return reader.open(bytes, begin, end)
}

/** The fields of the payload of a `NamedCacheResponse`. */
function payloadFields(message: AnyView, type: TypeName): FieldReader {
  const { bytes } = message
  let begin = 0
  let end = -1
  responseFields(message)
  while (reader.next()) {
    if (reader.tag !== RESPONSE_MESSAGE) continue
    begin = reader.begin
    end = reader.end
  }
  if (end < begin) throw unexpected('nothing', type)
  let isExpected = false
  let valueBegin = end
  let valueEnd = end
  reader.open(bytes, begin, end)
  while (reader.next()) {
    if (reader.tag === ANY_TYPE_URL) {
      isExpected = type.isAt(bytes, reader.begin, reader.end)
      if (!isExpected) throw unexpected(bytes.toString('utf8', reader.begin, reader.end), type)
    } else if (reader.tag === ANY_VALUE) {
      valueBegin = reader.begin
      valueEnd = reader.end
    }
  }
  if (!isExpected) throw unexpected('nothing', type)
  return reader.open(bytes, valueBegin, valueEnd)
}

function unexpected(found: string, type: TypeName): ProtocolError {
  return new ProtocolError(`The server sent '${found.slice(0, MOST_TYPE_LENGTH)}' where '${type.url}' is due`)
}
