// How answers are read: those of the calls that are made most where they lie, the others by the generated code.
import { ProtocolError } from '../../errors'
import type { Bytes, EntryBytes, EntryVisitor } from '../port'
import type { PayloadType } from './cache-requests'
import { readCacheResponse, readPayload } from './envelope'
import { type AnyView, CACHE_RESPONSE, FieldReader, TypeName } from './wire'

/** What the messages that answer a request make together: nothing, or what the only one holds. */
export type Answer<A> =
  | { readonly shape: 'none'; readonly read: undefined }
  | { readonly shape: 'one'; readonly read: (message: AnyView) => A }
  | { readonly shape: 'each'; readonly read: (message: AnyView) => void }

export const NOTHING: Answer<undefined> = { shape: 'none', read: undefined }

/** Answered by one message. */
export function one<A>(read: (message: AnyView) => A): Answer<A> {
  return { shape: 'one', read }
}

/** Answered by any number of messages, each of which is told as it comes. */
export function each(read: (message: AnyView) => void): Answer<undefined> {
  return { shape: 'each', read }
}

/** A payload that the generated code reads. */
export function generated<A>(type: PayloadType<A>): (message: AnyView) => A {
  return (message) => readPayload(type, readCacheResponse(message))
}

const NO_BYTES: Bytes = Buffer.alloc(0)
const BYTES_VALUE = new TypeName('google.protobuf.BytesValue')
const BOOL_VALUE = new TypeName('google.protobuf.BoolValue')
const OPTIONAL_VALUE = new TypeName('coherence.common.v1.OptionalValue')
const ENTRY = new TypeName('coherence.common.v1.BinaryKeyAndValue')

/** `BytesValue` */
export function readBytes(message: AnyView): Bytes {
  const { bytes } = message
  const fields = payloadFields(message, BYTES_VALUE)
  let value = NO_BYTES
  while (fields.next()) if (fields.field === 1) value = bytes.subarray(fields.begin, fields.end)
  return value
}

/** `OptionalValue`; `undefined` where it says that there is none. */
export function readOptional(message: AnyView): Bytes | undefined {
  const { bytes } = message
  const fields = payloadFields(message, OPTIONAL_VALUE)
  let isPresent = false
  let value = NO_BYTES
  while (fields.next()) {
    if (fields.field === 1) isPresent = fields.number !== 0
    else if (fields.field === 2) value = bytes.subarray(fields.begin, fields.end)
  }
  return isPresent ? value : undefined
}

/** `BoolValue` */
export function readBool(message: AnyView): boolean {
  const fields = payloadFields(message, BOOL_VALUE)
  let value = false
  while (fields.next()) if (fields.field === 1) value = fields.number !== 0
  return value
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

/** The same, told where it lies. */
export function visitEntry(message: AnyView, visit: EntryVisitor): void {
  const at = locateEntry(message)
  visit(message.bytes, at.keyBegin, at.keyEnd, at.valueBegin, at.valueEnd)
}

function locateEntry(message: AnyView): typeof located {
  const fields = payloadFields(message, ENTRY)
  located.keyBegin = located.keyEnd = located.valueBegin = located.valueEnd = 0
  while (fields.next()) {
    if (fields.field === 1) {
      located.keyBegin = fields.begin
      located.keyEnd = fields.end
    } else if (fields.field === 2) {
      located.valueBegin = fields.begin
      located.valueEnd = fields.end
    }
  }
  return located
}

const NAMED_CACHE_RESPONSE_MESSAGE = 3
const ANY_TYPE_URL = 1
const ANY_VALUE = 2

// One answer is read at a time.
const reader = new FieldReader()
const located = { keyBegin: 0, keyEnd: 0, valueBegin: 0, valueEnd: 0 }

/** The fields of the payload of a `NamedCacheResponse`. */
function payloadFields(message: AnyView, type: TypeName): FieldReader {
  if (message.typeUrl !== CACHE_RESPONSE.url) throw unexpected(message.typeUrl, CACHE_RESPONSE)
  const { bytes } = message
  let begin = 0
  let end = -1
  reader.open(bytes, message.begin, message.end)
  while (reader.next()) {
    if (reader.field !== NAMED_CACHE_RESPONSE_MESSAGE) continue
    begin = reader.begin
    end = reader.end
  }
  if (end < begin) throw unexpected('nothing', type)
  let isExpected = false
  let valueBegin = end
  let valueEnd = end
  reader.open(bytes, begin, end)
  while (reader.next()) {
    if (reader.field === ANY_TYPE_URL) {
      isExpected = type.isAt(bytes, reader.begin, reader.end)
      if (!isExpected) throw unexpected(bytes.toString('utf8', reader.begin, reader.end), type)
    } else if (reader.field === ANY_VALUE) {
      valueBegin = reader.begin
      valueEnd = reader.end
    }
  }
  if (!isExpected) throw unexpected('nothing', type)
  return reader.open(bytes, valueBegin, valueEnd)
}

function unexpected(found: string, type: TypeName): ProtocolError {
  return new ProtocolError(`The server sent '${found}' where '${type.url}' is due`)
}
