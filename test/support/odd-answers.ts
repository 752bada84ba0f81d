// What a server may send in place of the answer to a request, or along with it, as no server should.
import fc from 'fast-check'
import {
  MapEventMessage_TransformationState,
  ResponseType,
} from '../../gen/coherence/cache/v1/cache_service_messages_v1'
import { ProxyResponse } from '../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import { Any } from '../../gen/google/protobuf/any'
import {
  boolPayload,
  bytesPayload,
  cacheResponse,
  entryPayload,
  int32Payload,
  mapEventPayload,
  optionalPayload,
  payload,
} from '../../src/testing/proxy/payloads'
import type { FakeRequest } from './fake-request'
import { anyBytes, anyOddity, bytesField, type Oddity, oddVersion } from './odd-messages'

const WHOSE = [
  'its own',
  'of the request before',
  'of the next request',
  'unknown',
  'none',
  'negative',
] as const
const PAYLOADS = [
  'bytes',
  'optional',
  'bool',
  'int32',
  'entry',
  'event',
  'of an unknown type',
  'large',
  'none',
] as const
const TEXTS = ['no', '', 'No cache proxy exist for id 5', '(Wrapped: ', '\ud800'] as const

/** The id of a message: that of the request, or another one. */
type Whose = (typeof WHOSE)[number]

/** What is in a message, and the bytes of the value in it. */
interface Content {
  readonly payload: (typeof PAYLOADS)[number]
  readonly value: Buffer
}

/** One thing that the server sends. */
export type OddAnswer =
  | ({ readonly sends: 'a part'; readonly whose: Whose } & Content)
  | { readonly sends: 'a completion' | 'a handshake' | 'nothing that is known'; readonly whose: Whose }
  | { readonly sends: 'an error'; readonly whose: Whose; readonly text: string; readonly exception: Buffer }
  | { readonly sends: 'a heartbeat'; readonly whose: Whose; readonly ack: boolean }
  | ({ readonly sends: 'an event'; readonly type: ResponseType; readonly isKnown: boolean } & Content)
  | ({
      readonly sends: 'an odd message'
      readonly whose: Whose
      /** Which of the messages within each other it is that is odd. */
      readonly layer: 'response' | 'any' | 'cache response' | 'payload'
      readonly oddity: Oddity
    } & Content)
  | { readonly sends: 'an odd error'; readonly whose: Whose; readonly oddity: Oddity }
  | { readonly sends: 'bytes'; readonly bytes: Buffer }

/** The field of a response that has its message. */
const MESSAGE_FIELD = 5
const UNKNOWN_ID = 987_654_321
const LARGE_BYTES = 300_000
const KEY = Buffer.from('\u0015"key"')
const VALUE = Buffer.from('\u0015{"a":[1,"two"]}')

/** A request that is answered, or a handshake. */
type Answered = Pick<FakeRequest, 'stream' | 'id' | 'cacheId'>

/** Sends it in answer to the request. */
export function sendOdd(answer: OddAnswer, request: Answered): void {
  const { stream } = request
  switch (answer.sends) {
    case 'a part':
      stream.message(idOf(answer.whose, request), cacheIdOf(request), payloadOf(answer))
      return
    case 'a completion':
      stream.complete(idOf(answer.whose, request))
      return
    case 'a handshake':
      stream.acceptInit(idOf(answer.whose, request))
      return
    case 'nothing that is known':
      stream.send(idOf(answer.whose, request), undefined)
      return
    case 'an error':
      stream.error(idOf(answer.whose, request), answer.text, answer.exception)
      return
    case 'a heartbeat': {
      const value = { uuid: undefined, ack: answer.ack }
      stream.send(idOf(answer.whose, request), { $case: 'heartbeat', value })
      return
    }
    case 'an event':
      stream.message(0, answer.isKnown ? cacheIdOf(request) : UNKNOWN_ID, payloadOf(answer), answer.type)
      return
    case 'an odd message':
      stream.sendBytes(oddMessage(answer, idOf(answer.whose, request), cacheIdOf(request)))
      return
    case 'an odd error': {
      const value = { message: 'no', error: KEY }
      stream.sendBytes(
        oddVersion(answer.oddity, responseBytes(idOf(answer.whose, request), { $case: 'error', value })),
      )
      return
    }
    case 'bytes':
      stream.sendBytes(answer.bytes)
  }
}

function idOf(whose: Whose, { id }: Answered): number {
  switch (whose) {
    case 'its own':
      return id
    case 'of the request before':
      return id - 1
    case 'of the next request':
      return id + 1
    case 'unknown':
      return UNKNOWN_ID
    case 'none':
      return 0
    case 'negative':
      return -id
  }
}

function payloadOf({ payload: kind, value }: Content): Any | undefined {
  switch (kind) {
    case 'bytes':
      return bytesPayload(value)
    case 'optional':
      return optionalPayload(value)
    case 'bool':
      return boolPayload(value.length > 0)
    case 'int32':
      return int32Payload(value.length)
    case 'entry':
      return entryPayload(value, value)
    case 'event':
      return mapEventPayload({ ...EVENT, key: value, newValue: value })
    case 'of an unknown type':
      return payload('google.protobuf.StringValue', value)
    case 'large':
      return bytesPayload(Buffer.alloc(LARGE_BYTES, 'x'))
    case 'none':
      return undefined
  }
}

const EVENT = {
  id: 1,
  oldValue: Buffer.alloc(0),
  transformationState: MapEventMessage_TransformationState.NON_TRANSFORMABLE,
  filterIds: [1n],
  synthetic: false,
  priming: false,
  expired: false,
  versionUpdate: false,
}

function oddMessage(
  answer: Extract<OddAnswer, { sends: 'an odd message' }>,
  id: number,
  cacheId: number,
): Buffer {
  const odd = (layer: typeof answer.layer, right: Buffer): Buffer =>
    layer === answer.layer ? oddVersion(answer.oddity, right) : right
  const inner = payloadOf(answer)
  const within = inner && { ...inner, value: odd('payload', inner.value) }
  const type = id === 0 ? ResponseType.MapEvent : ResponseType.Message
  const response = cacheResponse(cacheId, type, within)
  const any = { ...response, value: odd('cache response', response.value) }
  const message = bytesField(MESSAGE_FIELD, odd('any', Buffer.from(Any.encode(any).finish())))
  return odd('response', Buffer.concat([responseBytes(id, undefined), message]))
}

/** The cache that a request is about; one that asks for a cache gets an id that the server does not know. */
function cacheIdOf({ cacheId }: Answered): number {
  return cacheId ?? UNKNOWN_ID
}

function responseBytes(id: number, response: ProxyResponse['response']): Buffer {
  return Buffer.from(ProxyResponse.encode({ id: BigInt(id), response, context: {} }).finish())
}

/** Another format, no format, no JSON, no UTF-8, nothing. */
const anyValue = fc.oneof(
  fc
    .constantFrom('', '"key"', '\u0016"key"', '\u0015', '\u0015{"a"', '\u0015{"@class":5}', '\u0015"key"')
    .map((text) => Buffer.from(text)),
  fc.constant(Buffer.from([0x15, 0x22, 0xff, 0xfe, 0x22])),
  anyOddity.map((oddity) => oddVersion(oddity, VALUE)),
)
const whose = fc.oneof({ weight: 6, arbitrary: fc.constant('its own' as const) }, fc.constantFrom(...WHOSE))
const content = { payload: fc.constantFrom(...PAYLOADS), value: anyValue }

export const anyOddAnswer: fc.Arbitrary<OddAnswer> = fc.oneof(
  fc.record({ sends: fc.constant('a part' as const), whose, ...content }),
  fc.record({
    sends: fc.constantFrom('a completion' as const, 'a handshake' as const, 'nothing that is known' as const),
    whose,
  }),
  fc.record({
    sends: fc.constant('an error' as const),
    whose,
    text: fc.constantFrom(...TEXTS),
    exception: anyValue,
  }),
  fc.record({ sends: fc.constant('a heartbeat' as const), whose, ack: fc.boolean() }),
  fc.record({
    sends: fc.constant('an event' as const),
    type: fc.constantFrom(
      ResponseType.Message,
      ResponseType.MapEvent,
      ResponseType.Truncated,
      ResponseType.Destroyed,
    ),
    isKnown: fc.boolean(),
    ...content,
  }),
  fc.record({
    sends: fc.constant('an odd message' as const),
    whose,
    layer: fc.constantFrom(
      'response' as const,
      'any' as const,
      'cache response' as const,
      'payload' as const,
    ),
    oddity: anyOddity,
    ...content,
  }),
  fc.record({ sends: fc.constant('an odd error' as const), whose, oddity: anyOddity }),
  fc.record({ sends: fc.constant('bytes' as const), bytes: anyBytes }),
)
