// What is written and read by hand is what the generated code writes and reads.
import fc from 'fast-check'
import {
  MapEventMessage,
  MapEventMessage_TransformationState,
  NamedCacheRequest,
  NamedCacheRequestType,
  NamedCacheResponse,
  PutAllRequest,
  PutRequest,
  ResponseType,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import {
  BinaryKeyAndValue,
  CollectionOfBytesValues,
  OptionalValue,
} from '../../../gen/coherence/common/v1/common_messages_v1'
import { ProxyRequest } from '../../../gen/coherence/proxy/v1/proxy_service_messages_v1'
import { Any } from '../../../gen/google/protobuf/any'
import { BoolValue, BytesValue, Int32Value } from '../../../gen/google/protobuf/wrappers'
import { ProtocolError } from '../../../src/errors'
import { PackedBytes } from '../../../src/bytes'
import {
  CACHE_RESPONSE,
  readBool,
  readBytes,
  readCacheId,
  readEntry,
  readEntryValue,
  readInt32,
  readMapEvent,
  readOptional,
  readResponse,
} from '../../../src/protocol/v1/wire/responses'
import { CACHE_SERVICE } from '../../../src/protocol/v1/cache/ensure-cache'
import { RequestQueue } from '../../../src/protocol/v1/stream/request-queue'
import {
  BytesPayload,
  EntriesPayload,
  EntryPayload,
  GeneratedPayload,
  generatedType,
  KeysPayload,
  type Payload,
  PutPayload,
} from '../../../src/protocol/v1/wire/payloads'
import { AnyView, FieldReader, readAny } from '../../../src/protocol/v1/wire/wire'

const TYPE = 'type.googleapis.com/'
const SERVICE = CACHE_SERVICE.request.field
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))
const someBytes = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((array) => Buffer.from(array))
const entry = fc.record({ key: bytes, value: bytes })
const id = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }))
const cacheId = fc.option(fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer()), { nil: undefined })
const ttl = fc.oneof(fc.constant(-1), fc.maxSafeNat())
const type = fc.integer({ min: 1, max: 28 }).map<NamedCacheRequestType>((number) => number)

interface Sample {
  readonly payload: Payload
  readonly any: Any
}

function sample(name: string, value: Uint8Array, payload: (any: Any) => Payload): Sample {
  const any = { typeUrl: TYPE + name, value: Buffer.from(value) }
  return { any, payload: payload(any) }
}

function packed(items: readonly Buffer[]): PackedBytes {
  const all = new PackedBytes(1)
  for (const item of items) {
    // What was taken out leaves nothing behind.
    all.add(Buffer.from('removed'))
    all.removeLast(1)
    all.add(item)
  }
  return all
}

const samples: fc.Arbitrary<Sample> = fc.oneof(
  bytes.map((value) =>
    sample(
      'google.protobuf.BytesValue',
      BytesValue.encode({ value }).finish(),
      () => new BytesPayload(value),
    ),
  ),
  entry.map((value) =>
    sample(
      'coherence.common.v1.BinaryKeyAndValue',
      BinaryKeyAndValue.encode(value).finish(),
      () => new EntryPayload(value),
    ),
  ),
  fc
    .tuple(entry, ttl)
    .map(([value, millis]) =>
      sample(
        'coherence.cache.v1.PutRequest',
        PutRequest.encode({ ...value, ttl: BigInt(millis) }).finish(),
        () => new PutPayload(value, millis),
      ),
    ),
  fc
    .array(entry)
    .map((entries) =>
      sample(
        'coherence.cache.v1.PutAllRequest',
        PutAllRequest.encode({ entries, ttl: undefined }).finish(),
        () => new EntriesPayload(packed(entries.flatMap(({ key, value }) => [key, value]))),
      ),
    ),
  fc
    .tuple(fc.array(someBytes), fc.array(someBytes), fc.array(someBytes))
    .map(([before, values, after]) =>
      sample(
        'coherence.common.v1.CollectionOfBytesValues',
        CollectionOfBytesValues.encode({ values }).finish(),
        () =>
          new KeysPayload(
            packed([...before, ...values, ...after]),
            before.length,
            before.length + values.length,
          ),
      ),
    ),
  bytes.map((value) =>
    sample(
      'a.Message',
      BytesValue.encode({ value }).finish(),
      () => new GeneratedPayload(generatedType('a.Message', BytesValue), { value }),
    ),
  ),
)

async function written(framed: boolean, push: (queue: RequestQueue) => void): Promise<Buffer> {
  const queue = new RequestQueue(framed)
  push(queue)
  const { value } = await queue.next()
  return Buffer.from(value ?? [])
}

function generated(request: {
  id: number
  type: NamedCacheRequestType
  cacheId: number | undefined
  any?: Any
}): Buffer {
  const { id: requestId, type: requestType, cacheId: requestCacheId, any } = request
  const message = { type: requestType, cacheId: requestCacheId, message: any }
  const value = Buffer.from(NamedCacheRequest.encode(message).finish())
  return Buffer.from(
    ProxyRequest.encode({
      id: BigInt(requestId),
      request: { $case: 'message', value: { typeUrl: `${TYPE}coherence.cache.v1.NamedCacheRequest`, value } },
      context: {},
    }).finish(),
  )
}

function frame(message: Uint8Array): Buffer {
  const header = Buffer.alloc(5)
  header.writeUInt32BE(message.length, 1)
  return Buffer.concat([header, message])
}

describe('a request that is written by hand', () => {
  it('is what the generated code writes', async () => {
    await fc.assert(
      fc.asyncProperty(id, type, cacheId, samples, async (number, kind, cache, { payload, any }) => {
        expect(
          await written(false, (queue) => queue.pushRequest(number, SERVICE, kind, cache, payload)),
        ).toEqual(generated({ id: number, type: kind, cacheId: cache, any }))
      }),
    )
  })

  it('without a payload is what the generated code writes', async () => {
    await fc.assert(
      fc.asyncProperty(id, type, cacheId, async (number, kind, cache) => {
        expect(
          await written(false, (queue) => queue.pushRequest(number, SERVICE, kind, cache, undefined)),
        ).toEqual(generated({ id: number, type: kind, cacheId: cache }))
      }),
    )
  })
})

describe('requests in frames', () => {
  it('travel together, in order, each behind its header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(samples, { minLength: 1, maxLength: 50 }), async (all) => {
        const queue = new RequestQueue(true)
        all.forEach(({ payload }, index) => {
          queue.pushRequest(index + 1, SERVICE, NamedCacheRequestType.Get, 7, payload)
        })
        const parts: Buffer[] = []
        const { value: first } = await queue.next()
        parts.push(Buffer.from(first ?? []))
        queue.close()
        const expected = Buffer.concat(
          all.map(({ any }, index) =>
            frame(generated({ id: index + 1, type: NamedCacheRequestType.Get, cacheId: 7, any })),
          ),
        )

        expect(expected.subarray(0, parts[0]?.length)).toEqual(parts[0])
      }),
    )
  })

  it('that nobody read are known by the first of them', async () => {
    const queue = new RequestQueue(true)
    queue.pushRequest(2, SERVICE, NamedCacheRequestType.Clear, 7, undefined)
    await queue.next()
    queue.pushRequest(3, SERVICE, NamedCacheRequestType.Clear, 7, undefined)
    queue.pushRequest(4, SERVICE, NamedCacheRequestType.Clear, 7, undefined)

    expect(queue.close()).toBe(3)
  })

  it('that were all read leave none', async () => {
    const queue = new RequestQueue(true)
    queue.pushRequest(2, SERVICE, NamedCacheRequestType.Clear, 7, undefined)
    await queue.next()

    expect(queue.close()).toBe(Infinity)
  })

  it('are read together when they are made in one turn, also where the reader waits', async () => {
    const queue = new RequestQueue(true)
    const reading = queue.next()
    queue.pushRequest(2, SERVICE, NamedCacheRequestType.Clear, 7, undefined)
    queue.pushRequest(3, SERVICE, NamedCacheRequestType.Clear, 7, undefined)
    const clear = (number: number): Buffer =>
      frame(generated({ id: number, type: NamedCacheRequestType.Clear, cacheId: 7 }))

    expect(Buffer.from((await reading).value ?? [])).toEqual(Buffer.concat([clear(2), clear(3)]))
  })
})

/** Among other bytes, as messages lie in what is read. */
function view(typeUrl: string, value: Uint8Array): AnyView {
  const around = Buffer.from('around')
  return new AnyView(
    typeUrl,
    Buffer.concat([around, value, around]),
    around.length,
    around.length + value.length,
  )
}

function response(name: string, value: Uint8Array, more: Partial<NamedCacheResponse> = {}): AnyView {
  const message = { typeUrl: TYPE + name, value: Buffer.from(value) }
  const encoded = NamedCacheResponse.encode({ cacheId: 0, type: ResponseType.Message, message, ...more })
  return view(CACHE_RESPONSE.url, encoded.finish())
}

describe('an answer that is read by hand', () => {
  it('has the bytes of a BytesValue', () => {
    fc.assert(
      fc.property(bytes, fc.integer(), (value, cache) => {
        const message = response('google.protobuf.BytesValue', BytesValue.encode({ value }).finish(), {
          cacheId: cache,
        })

        expect(Buffer.from(readBytes(message))).toEqual(value)
      }),
    )
  })

  it('has the value of an OptionalValue, or none', () => {
    fc.assert(
      fc.property(bytes, fc.boolean(), (value, present) => {
        const message = response(
          'coherence.common.v1.OptionalValue',
          OptionalValue.encode({ value, present }).finish(),
        )

        expect(readOptional(message)).toEqual(present ? value : undefined)
      }),
    )
  })

  it('has the truth of a BoolValue', () => {
    for (const value of [true, false]) {
      expect(readBool(response('google.protobuf.BoolValue', BoolValue.encode({ value }).finish()))).toBe(
        value,
      )
    }
  })

  it('has the number of an Int32Value', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        const message = response('google.protobuf.Int32Value', Int32Value.encode({ value }).finish())

        expect(readInt32(message)).toBe(value)
      }),
    )
  })

  it('has the id of its cache and its type', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(
          ResponseType.Message,
          ResponseType.MapEvent,
          ResponseType.Destroyed,
          ResponseType.Truncated,
        ),
        (cache, kind) => {
          const message = response('a.Message', new Uint8Array(), { cacheId: cache, type: kind })

          expect([readResponse(message), readCacheId(message)]).toEqual([
            { cacheId: cache, type: kind },
            cache,
          ])
        },
      ),
    )
  })

  it('has the event that the generated code reads', () => {
    const event = MapEventMessage.decode(
      MapEventMessage.encode({
        id: 1,
        key: Buffer.from('key'),
        newValue: Buffer.from('new'),
        oldValue: Buffer.from('old'),
        transformationState: MapEventMessage_TransformationState.NON_TRANSFORMABLE,
        filterIds: [1n, 70n],
        synthetic: true,
        priming: false,
        expired: true,
        versionUpdate: false,
      }).finish(),
    )
    const name = 'coherence.cache.v1.MapEventMessage'

    expect(readMapEvent(response(name, MapEventMessage.encode(event).finish()))).toEqual(event)
    expect(() => readMapEvent(response(name, Buffer.from('ffff', 'hex')))).toThrow(ProtocolError)
  })

  it('has the key and the value of an entry', () => {
    fc.assert(
      fc.property(entry, (both) => {
        const message = response(
          'coherence.common.v1.BinaryKeyAndValue',
          BinaryKeyAndValue.encode(both).finish(),
        )

        expect([readEntry(message), readEntryValue(message)]).toEqual([both, both.value])
      }),
    )
  })

  it('of another type is refused, with both types in the text', () => {
    const message = response('google.protobuf.BytesValue', new Uint8Array())

    expect(() => readBool(message)).toThrow(
      new ProtocolError(
        `The server sent '${TYPE}google.protobuf.BytesValue' where '${TYPE}google.protobuf.BoolValue' is due`,
      ),
    )
  })

  it('without a payload is refused', () => {
    const value = Buffer.from(
      NamedCacheResponse.encode({ cacheId: 7, type: ResponseType.Message, message: undefined }).finish(),
    )

    expect(() => readBytes(view(CACHE_RESPONSE.url, value))).toThrow(ProtocolError)
  })

  it('that is no message at all is refused or read, and nothing else happens', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        try {
          readEntry(view(CACHE_RESPONSE.url, value))
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
        }
      }),
    )
  })
})

describe('an Any', () => {
  it('is read as the generated code reads it', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constant(CACHE_RESPONSE.url), fc.string()),
        bytes,
        bytes,
        (typeUrl, value, around) => {
          const encoded = Any.encode({ typeUrl, value }).finish()
          const all = Buffer.concat([around, encoded, around])

          const read = readAny(all, around.length, around.length + encoded.length, CACHE_RESPONSE)
          expect([read.typeUrl, read.bytes.subarray(read.begin, read.end), read.length]).toEqual([
            typeUrl,
            value,
            value.length,
          ])
        },
      ),
    )
  })
})

describe('a field that the contract does not have', () => {
  it('is passed over, whatever its kind is', () => {
    // Field 20 as varint, fixed64, bytes and fixed32, then field 1 as a varint.
    const message = Buffer.from(
      'a0019601' + 'a1010102030405060708' + 'a20103616263' + 'a50101020304' + '082a',
      'hex',
    )
    const fields = new FieldReader().open(message, 0, message.length)
    const seen: number[] = []
    while (fields.next()) seen.push(fields.tag >>> 3)

    expect({ seen, last: fields.number }).toEqual({ seen: [20, 20, 20, 20, 1], last: 42 })
  })

  it('as a group is refused', () => {
    const fields = new FieldReader().open(Buffer.from('0b0c', 'hex'), 0, 2)

    expect(() => fields.next()).toThrow(ProtocolError)
  })
})
