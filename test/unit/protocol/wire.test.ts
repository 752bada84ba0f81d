// What is written and read by hand is what the generated code writes and reads.
import fc from 'fast-check'
import {
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
import { BoolValue, BytesValue } from '../../../gen/google/protobuf/wrappers'
import { ProtocolError } from '../../../src/errors'
import type { EntryBytes, EntryWriter } from '../../../src/protocol/port'
import { readBool, readBytes, readEntry, readOptional } from '../../../src/protocol/v1/answers'
import { Outbox } from '../../../src/protocol/v1/outbox'
import {
  BytesPayload,
  EncodedPayload,
  EntryPayload,
  type Payload,
  PutPayload,
} from '../../../src/protocol/v1/payloads'
import { PutAllBatch } from '../../../src/protocol/v1/entry-batch'
import { GetAllBatch } from '../../../src/protocol/v1/key-batch'
import { AnyView, CACHE_RESPONSE, FieldReader, readAny } from '../../../src/protocol/v1/wire'

const TYPE = 'type.googleapis.com/'
/** Writes keys and values as they are, with a bracket or two; it does not know how to write what is no string. */
const writer: EntryWriter = {
  writeKey: (key, out, at) => writeText(`<${key}`, out, at),
  writeValue: (value, out, at) => (typeof value === 'string' ? writeText(`<${value}>`, out, at) : -1),
}

function writeText(text: string, out: Buffer, at: number): number {
  const bytes = Buffer.from(text)
  if (at + bytes.length > out.length) return Infinity
  out.set(bytes, at)
  return at + bytes.length
}

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

function batchOf(entries: readonly EntryBytes[]): PutAllBatch {
  const batch = new PutAllBatch(undefined, () => Promise.resolve())
  for (const { key, value } of entries) {
    // What was taken out leaves nothing behind.
    batch.addBytes(value, key)
    batch.removeLast()
    batch.addBytes(key, value)
  }
  return batch
}

function keysOf(keys: readonly Buffer[]): GetAllBatch {
  const batch = new GetAllBatch(undefined, () => Promise.resolve())
  for (const key of keys) batch.addBytes(key)
  return batch
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
        () => batchOf(entries),
      ),
    ),
  fc
    .array(someBytes)
    .map((values) =>
      sample(
        'coherence.common.v1.CollectionOfBytesValues',
        CollectionOfBytesValues.encode({ values }).finish(),
        () => keysOf(values),
      ),
    ),
  bytes.map((value) => sample('a.Message', value, (any) => new EncodedPayload(any))),
)

async function written(framed: boolean, push: (outbox: Outbox) => void): Promise<Buffer> {
  const outbox = new Outbox(framed)
  push(outbox)
  const { value } = await outbox.next()
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
        expect(await written(false, (outbox) => outbox.pushRequest(number, kind, cache, payload))).toEqual(
          generated({ id: number, type: kind, cacheId: cache, any }),
        )
      }),
    )
  })

  it('without a payload is what the generated code writes', async () => {
    await fc.assert(
      fc.asyncProperty(id, type, cacheId, async (number, kind, cache) => {
        expect(await written(false, (outbox) => outbox.pushRequest(number, kind, cache, undefined))).toEqual(
          generated({ id: number, type: kind, cacheId: cache }),
        )
      }),
    )
  })
})

describe('requests in frames', () => {
  it('travel together, in order, each behind its header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(samples, { minLength: 1, maxLength: 50 }), async (all) => {
        const outbox = new Outbox(true)
        all.forEach(({ payload }, index) => {
          outbox.pushRequest(index + 1, NamedCacheRequestType.Get, 7, payload)
        })
        const parts: Buffer[] = []
        const { value: first } = await outbox.next()
        parts.push(Buffer.from(first ?? []))
        outbox.close()
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
    const outbox = new Outbox(true)
    outbox.pushRequest(2, NamedCacheRequestType.Clear, 7, undefined)
    await outbox.next()
    outbox.pushRequest(3, NamedCacheRequestType.Clear, 7, undefined)
    outbox.pushRequest(4, NamedCacheRequestType.Clear, 7, undefined)

    expect(outbox.close()).toBe(3)
  })

  it('that were all read leave none', async () => {
    const outbox = new Outbox(true)
    outbox.pushRequest(2, NamedCacheRequestType.Clear, 7, undefined)
    await outbox.next()

    expect(outbox.close()).toBe(Infinity)
  })

  it('are read together when they are made in one turn, also where the reader waits', async () => {
    const outbox = new Outbox(true)
    const reading = outbox.next()
    outbox.pushRequest(2, NamedCacheRequestType.Clear, 7, undefined)
    outbox.pushRequest(3, NamedCacheRequestType.Clear, 7, undefined)
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

describe('entries that are written directly', () => {
  const content = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    // Lengths that take one to three bytes, and more than a batch has room for at first.
    fc.integer({ min: 0, max: 40_000 }).map((length) => 'x'.repeat(length)),
  )
  const key = fc.oneof(content, bytes)

  it('have the bytes that the writer gives them, among others', () => {
    const entries = fc.array(fc.record({ key, value: fc.oneof(content, bytes, fc.constant(undefined)) }), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(entries, (given) => {
        const batch = new PutAllBatch(writer, () => Promise.resolve())
        const expected: { key: Buffer; value: Buffer }[] = []
        for (const { key, value } of given) {
          const isText = typeof value === 'string'
          expect(batch.add(key, value)).toBe(isText)
          const keyBytes = typeof key === 'string' ? Buffer.from(`<${key}`) : key
          if (isText) expected.push({ key: keyBytes, value: Buffer.from(`<${value}>`) })
          if (!Buffer.isBuffer(value)) continue
          batch.add('removed', 'removed')
          batch.removeLast()
          batch.addBytes(keyBytes, value)
          expected.push({ key: keyBytes, value })
        }
        const out = Buffer.alloc(batch.length)
        expect(batch.write(out, 0)).toBe(batch.length)
        const message = PutAllRequest.encode({ entries: expected, ttl: undefined }).finish()
        expect(out.equals(Buffer.from(message))).toBe(true)
        const contentBytes = expected.reduce((sum, entry) => sum + entry.key.length + entry.value.length, 0)
        expect(batch.contentBytes).toBe(contentBytes)
      }),
    )
  })

  it('are none without a writer', () => {
    const batch = new PutAllBatch(undefined, () => Promise.resolve())
    expect([batch.add('a', 'b'), batch.length]).toEqual([false, 0])
  })
})

describe('keys that are written as they come', () => {
  it('are those of the generated code, and can be had one by one', () => {
    const key = fc.oneof(fc.string({ maxLength: 300 }), fc.string({ minLength: 5_000, maxLength: 9_000 }))
    fc.assert(
      fc.property(fc.array(fc.oneof(key, someBytes)), (given) => {
        const batch = new GetAllBatch(writer, () => Promise.resolve())
        for (const one of given) {
          if (typeof one === 'string') batch.addPlain(one)
          else batch.addBytes(one)
        }
        const values = given.map((one) => (typeof one === 'string' ? Buffer.from(`<${one}`) : one))
        const out = Buffer.alloc(batch.length)
        expect(batch.write(out, 0)).toBe(batch.length)
        expect(out.equals(Buffer.from(CollectionOfBytesValues.encode({ values }).finish()))).toBe(true)
        expect(batch.keys().map((bytes) => Buffer.from(bytes))).toEqual(values)
      }),
    )
  })

  it('tell of escapes', () => {
    const batch = new GetAllBatch(writer, () => Promise.resolve())
    batch.addBytes(Buffer.from('"a"'))
    expect(batch.hasEscapes).toBe(false)
    batch.addBytes(Buffer.from('"\\u00e9"'))
    batch.addBytes(Buffer.from('"b"'))
    expect(batch.hasEscapes).toBe(true)
  })

  it('are none without a writer', () => {
    expect(() => new GetAllBatch(undefined, () => Promise.resolve()).addPlain('a')).toThrow(TypeError)
  })
})

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

  it('has the key and the value of an entry', () => {
    fc.assert(
      fc.property(entry, (both) => {
        const message = response(
          'coherence.common.v1.BinaryKeyAndValue',
          BinaryKeyAndValue.encode(both).finish(),
        )

        expect(readEntry(message)).toEqual(both)
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
          expect([read.typeUrl, read.value, read.length]).toEqual([typeUrl, value, value.length])
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
    while (fields.next()) seen.push(fields.field)

    expect({ seen, last: fields.number }).toEqual({ seen: [20, 20, 20, 20, 1], last: 42 })
  })

  it('as a group is refused', () => {
    const fields = new FieldReader().open(Buffer.from('0b0c', 'hex'), 0, 2)

    expect(() => fields.next()).toThrow(ProtocolError)
  })
})
