// Messages as no server should send them: right messages with faults, fields that make no sense, and bytes that are no message.
import fc from 'fast-check'

const VARINT = 0
const FIXED64 = 1
const LENGTH_DELIMITED = 2
const GROUP_BEGIN = 3
const GROUP_END = 4
const FIXED32 = 5
const UNUSED_KINDS = [6, 7]
const CONTINUES = 0x80
const MOST_VARINT_BYTES = 10
const LARGEST_FIELD = 2 ** 29 - 1

/** A change of one place, or of what is between two; a place is a part of the length. */
type Edit =
  | { readonly edit: 'flip a bit'; readonly where: number; readonly bit: number }
  | { readonly edit: 'keep the beginning' | 'keep the end'; readonly where: number }
  | { readonly edit: 'insert'; readonly where: number; readonly bytes: Buffer }
  | { readonly edit: 'cut out'; readonly where: number; readonly other: number }
  | { readonly edit: 'double' }

/** What is sent in place of a right message. */
export type Oddity =
  | { readonly instead: 'the same with faults'; readonly edits: readonly Edit[] }
  | { readonly instead: 'the same and other fields'; readonly fields: Buffer; readonly first: boolean }
  | { readonly instead: 'other bytes'; readonly bytes: Buffer }

/** The message that is sent in place of `right`. */
export function oddVersion(oddity: Oddity, right: Uint8Array): Buffer {
  switch (oddity.instead) {
    case 'the same with faults':
      return oddity.edits.reduce<Buffer>(edited, Buffer.from(right))
    case 'the same and other fields':
      return Buffer.concat(oddity.first ? [oddity.fields, right] : [right, oddity.fields])
    case 'other bytes':
      return oddity.bytes
  }
}

/** What may be sent in place of `right`. */
export function oddVersionOf(right: Uint8Array): fc.Arbitrary<Buffer> {
  return anyOddity.map((oddity) => oddVersion(oddity, right))
}

/** A field with these bytes, as it is on the wire. */
export function bytesField(field: number, content: Uint8Array): Buffer {
  return Buffer.concat([tagOf(field, LENGTH_DELIMITED), varint(BigInt(content.length)), content])
}

function edited(bytes: Buffer, change: Edit): Buffer {
  switch (change.edit) {
    case 'flip a bit': {
      const flipped = Buffer.from(bytes)
      const index = Math.min(bytes.length - 1, placeIn(bytes, change.where))
      if (index >= 0) flipped[index] = (flipped[index] ?? 0) ^ (1 << change.bit)
      return flipped
    }
    case 'keep the beginning':
      return bytes.subarray(0, placeIn(bytes, change.where))
    case 'keep the end':
      return bytes.subarray(placeIn(bytes, change.where))
    case 'insert': {
      const at = placeIn(bytes, change.where)
      return Buffer.concat([bytes.subarray(0, at), change.bytes, bytes.subarray(at)])
    }
    case 'cut out': {
      const begin = placeIn(bytes, Math.min(change.where, change.other))
      const end = placeIn(bytes, Math.max(change.where, change.other))
      return Buffer.concat([bytes.subarray(0, begin), bytes.subarray(end)])
    }
    case 'double':
      return Buffer.concat([bytes, bytes])
  }
}

function placeIn(bytes: Buffer, where: number): number {
  return Math.floor(where * bytes.length)
}

/** A number as it is on the wire; negative ones take ten bytes. */
function varint(number: bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, number)
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | CONTINUES)
  return Buffer.from([...bytes, Number(rest)])
}

/** The same in more bytes than it needs, and maybe in more than there may be. */
function overlong(number: bigint, more: number): Buffer {
  const bytes = varint(number)
  const last = bytes.length - 1
  bytes[last] = (bytes[last] ?? 0) | CONTINUES
  return Buffer.concat([bytes, Buffer.alloc(more, CONTINUES), Buffer.from([0])])
}

function tagOf(field: number, kind: number): Buffer {
  return varint((BigInt(field) << 3n) | BigInt(kind))
}

export const anyBytes = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes))

const anyField = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 20, LARGEST_FIELD) },
)
const anyNumber = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: 0n, max: 300n }),
  fc.constantFrom(-1n, 2n ** 31n, 2n ** 32n, 2n ** 53n),
)
const anyVarint = fc.oneof(
  anyNumber.map(varint),
  fc.tuple(anyNumber, fc.nat(MOST_VARINT_BYTES)).map(([number, more]) => overlong(number, more)),
)

/** Fields of any number and kind, some of which lie about their length. */
const oddFields = fc
  .array(
    fc.oneof(
      fc.tuple(anyField, anyVarint).map(([field, number]) => [tagOf(field, VARINT), number]),
      fc.tuple(anyField, anyBytes).map(([field, content]) => [bytesField(field, content)]),
      fc
        .tuple(anyField, anyVarint, anyBytes)
        .map(([field, length, content]) => [tagOf(field, LENGTH_DELIMITED), length, content]),
      fc
        .tuple(anyField, fc.constantFrom(FIXED64, FIXED32, GROUP_BEGIN, GROUP_END, ...UNUSED_KINDS), anyBytes)
        .map(([field, kind, content]) => [tagOf(field, kind), content.subarray(0, 8)]),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((fields) => Buffer.concat(fields.flat()))

const where = fc.double({ min: 0, max: 1, noNaN: true })
const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ edit: fc.constant('flip a bit' as const), where, bit: fc.nat(7) }),
  fc.record({ edit: fc.constantFrom('keep the beginning' as const, 'keep the end' as const), where }),
  fc.record({ edit: fc.constant('insert' as const), where, bytes: anyBytes }),
  fc.record({ edit: fc.constant('cut out' as const), where, other: where }),
  fc.record({ edit: fc.constant('double' as const) }),
)

export const anyOddity: fc.Arbitrary<Oddity> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      instead: fc.constant('the same with faults' as const),
      edits: fc.array(anyEdit, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      instead: fc.constant('the same and other fields' as const),
      fields: oddFields,
      first: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      instead: fc.constant('other bytes' as const),
      bytes: fc.oneof(oddFields, anyBytes),
    }),
  },
)
