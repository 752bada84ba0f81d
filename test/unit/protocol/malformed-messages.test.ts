// Whatever bytes come in place of an answer: they are read as the generated code reads them, or are refused with a
// ProtocolError.
import fc from 'fast-check'
import {
  MapEventMessage,
  MapEventMessage_TransformationState,
  NamedCacheResponse,
  ResponseType,
} from '../../../gen/coherence/cache/v1/cache_service_messages_v1'
import { BinaryKeyAndValue, OptionalValue } from '../../../gen/coherence/common/v1/common_messages_v1'
import { Any } from '../../../gen/google/protobuf/any'
import { BoolValue, BytesValue, Int32Value } from '../../../gen/google/protobuf/wrappers'
import { ProtocolError } from '../../../src/errors'
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
  visitEntry,
} from '../../../src/protocol/v1/wire/responses'
import { AnyView, readAny } from '../../../src/protocol/v1/wire/wire'
import { bytesField, oddVersionOf } from '../../support/odd-messages'

const RUNS = { numRuns: 2_000, seed: 7 }
const TYPE = 'type.googleapis.com/'

interface Reader {
  readonly name: string
  /** What it reads, and the bytes of one that is right. */
  readonly payload: string
  readonly right: Uint8Array
  readonly read: (message: AnyView) => unknown
  /** The same by the generated code. */
  readonly generated: (payload: Buffer) => unknown
}

const entry = { key: Buffer.from('\u0015"key"'), value: Buffer.from('\u0015{"a":1}') }
const event = {
  id: 2,
  key: entry.key,
  newValue: entry.value,
  oldValue: Buffer.from('\u00151'),
  transformationState: MapEventMessage_TransformationState.NON_TRANSFORMABLE,
  filterIds: [1n, 300n],
  synthetic: false,
  priming: false,
  expired: true,
  versionUpdate: false,
}

function visited(message: AnyView): unknown {
  let found: unknown
  visitEntry(message, (bytes, keyBegin, keyEnd, valueBegin, valueEnd) => {
    found = { key: bytes.subarray(keyBegin, keyEnd), value: bytes.subarray(valueBegin, valueEnd) }
  })
  return found
}

const ENTRY_NAME = 'coherence.common.v1.BinaryKeyAndValue'

const READERS: readonly Reader[] = [
  {
    name: 'readBytes',
    payload: 'google.protobuf.BytesValue',
    right: BytesValue.encode({ value: entry.value }).finish(),
    read: readBytes,
    generated: (payload) => BytesValue.decode(payload).value,
  },
  {
    name: 'readOptional',
    payload: 'coherence.common.v1.OptionalValue',
    right: OptionalValue.encode({ present: true, value: entry.value }).finish(),
    read: readOptional,
    generated: (payload) => {
      const { present, value } = OptionalValue.decode(payload)
      return present ? value : undefined
    },
  },
  {
    name: 'readBool',
    payload: 'google.protobuf.BoolValue',
    right: BoolValue.encode({ value: true }).finish(),
    read: readBool,
    generated: (payload) => BoolValue.decode(payload).value,
  },
  {
    name: 'readInt32',
    payload: 'google.protobuf.Int32Value',
    right: Int32Value.encode({ value: -7 }).finish(),
    read: readInt32,
    generated: (payload) => Int32Value.decode(payload).value,
  },
  {
    name: 'readEntry',
    payload: ENTRY_NAME,
    right: BinaryKeyAndValue.encode(entry).finish(),
    read: readEntry,
    generated: (payload) => BinaryKeyAndValue.decode(payload),
  },
  {
    name: 'readEntryValue',
    payload: ENTRY_NAME,
    right: BinaryKeyAndValue.encode(entry).finish(),
    read: readEntryValue,
    generated: (payload) => BinaryKeyAndValue.decode(payload).value,
  },
  {
    name: 'visitEntry',
    payload: ENTRY_NAME,
    right: BinaryKeyAndValue.encode(entry).finish(),
    read: visited,
    generated: (payload) => BinaryKeyAndValue.decode(payload),
  },
  {
    name: 'readMapEvent',
    payload: 'coherence.cache.v1.MapEventMessage',
    right: MapEventMessage.encode(event).finish(),
    read: readMapEvent,
    generated: (payload) => MapEventMessage.decode(payload),
  },
]

const HEAD = NamedCacheResponse.encode({
  cacheId: 7,
  type: ResponseType.Message,
  message: undefined,
}).finish()

function anyOf(payload: string, value: Uint8Array): Uint8Array {
  return Any.encode({ typeUrl: TYPE + payload, value: Buffer.from(value) }).finish()
}

/** The response with this message. */
function responseOf(message: Uint8Array): Buffer {
  return Buffer.concat([HEAD, bytesField(3, message)])
}

/** Among other bytes, as messages lie in what is read. */
function viewOf(value: Uint8Array): AnyView {
  const around = Buffer.from('around')
  const bytes = Buffer.concat([around, value, around])
  return new AnyView(CACHE_RESPONSE.url, bytes, around.length, around.length + value.length)
}

type Reading = { readonly value: unknown } | 'refused'

function readingOf(read: () => unknown): Reading {
  try {
    return { value: read() }
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError)
    return 'refused'
  }
}

/** What the generated code makes of it; it refuses with errors of its own, and does not look at the type. */
function generatedReading(run: () => unknown): Reading {
  try {
    return { value: run() }
  } catch {
    return 'refused'
  }
}

/** Whatever `generated` reads, `read` reads as well or refuses. Both happen. */
function compare<T>(
  messages: fc.Arbitrary<T>,
  read: (message: T) => unknown,
  generated: (message: T) => unknown,
): void {
  let agreed = 0
  let refused = 0
  fc.assert(
    fc.property(messages, (message) => {
      const reading = readingOf(() => read(message))
      const other = generatedReading(() => generated(message))
      if (reading === 'refused') {
        refused += 1
      } else if (other !== 'refused') {
        expect(reading).toEqual(other)
        agreed += 1
      }
    }),
    RUNS,
  )
  expect(Math.min(agreed, refused)).toBeGreaterThan(RUNS.numRuns / 20)
}

describe('a message that is malformed', () => {
  it.each(READERS)('is read as the generated code reads it, or refused: $name', (reader) => {
    const { payload, right, read, generated } = reader

    compare(
      oddVersionOf(right),
      (value) => read(viewOf(responseOf(anyOf(payload, value)))),
      (value) => generated(value),
    )
  })

  it.each(READERS)('is refused or read where it is around the payload: $name', ({ payload, right, read }) => {
    const any = anyOf(payload, right)
    const messages = fc.oneof(oddVersionOf(any).map(responseOf), oddVersionOf(responseOf(any)))
    const seen = { read: 0, refused: 0 }
    fc.assert(
      fc.property(messages, (message) => {
        seen[readingOf(() => read(viewOf(message))) === 'refused' ? 'refused' : 'read'] += 1
      }),
      RUNS,
    )

    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(RUNS.numRuns / 20)
  })

  it('has the id and the type that the generated code reads, or is refused', () => {
    const beginsMessage = 0x1a
    // The generated code reads a message within another one beyond its end.
    const withoutMessage = oddVersionOf(HEAD).filter((bytes) => !bytes.includes(beginsMessage))

    compare(
      withoutMessage,
      (bytes) => [readResponse(viewOf(bytes)), readCacheId(viewOf(bytes))],
      (bytes) => {
        const { cacheId, type } = NamedCacheResponse.decode(bytes)
        return [{ cacheId, type }, cacheId]
      },
    )
  })

  it('as an Any has the type and the value that the generated code reads, or no type', () => {
    const right = Any.encode({ typeUrl: CACHE_RESPONSE.url, value: Buffer.from('value') }).finish()
    let read = 0
    fc.assert(
      fc.property(oddVersionOf(right), (bytes) => {
        const { typeUrl, bytes: all, begin, end } = readAny(bytes, 0, bytes.length, CACHE_RESPONSE)
        const other = generatedReading(() => Any.decode(bytes))
        if (typeUrl === '' || other === 'refused') return
        expect({ typeUrl, value: all.subarray(begin, end) }).toEqual(other.value)
        read += 1
      }),
      RUNS,
    )
    expect(read).toBeGreaterThan(RUNS.numRuns / 20)
  })

  it('without a type is refused as one that cannot be read', () => {
    expect(() => readBytes(new AnyView('', Buffer.alloc(0), 0, 0))).toThrow(
      new ProtocolError('The server sent an answer that cannot be read'),
    )
  })

  it('of a type with an endless name is refused with the beginning of it', () => {
    const error = readingError(() => readBytes(new AnyView('x'.repeat(5_000_000), Buffer.alloc(0), 0, 0)))

    expect(error.message.length).toBeLessThan(400)
  })
})

function readingError(run: () => unknown): ProtocolError {
  try {
    run()
  } catch (error) {
    if (error instanceof ProtocolError) return error
  }
  throw new Error('It was not refused with a ProtocolError')
}
