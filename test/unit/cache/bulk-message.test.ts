// Entries that travel in one request: bounded, each key once, and as the bytes that single writes send.
import { BulkMessage } from '../../../src/cache/bulk/bulk-message'
import { EntryCodec } from '../../../src/cache/entries/entry-codec'
import { textOf } from '../../../src/bytes'
import type { Codec } from '../../../src/codec/codec'
import { jsonCodec } from '../../../src/codec/json-codec'
import { CodecError } from '../../../src/errors'

const OVERHEAD = 100

function messageOf(
  codec: Codec,
  room = 100_000,
): { message: BulkMessage<unknown, unknown>; entries: EntryCodec<unknown, unknown> } {
  const entries = new EntryCodec<unknown, unknown>(codec, 'm', room + OVERHEAD, (bytes) => bytes + OVERHEAD)
  return { message: new BulkMessage('setAll', entries, 10), entries }
}

/** What a message holds, one character for each byte. */
function heldBy({ packed }: BulkMessage<unknown, unknown>): { key: string; value: string }[] {
  return Array.from({ length: packed.count / 2 }, (_, index) => ({
    key: textOf(packed.at(2 * index)),
    value: textOf(packed.at(2 * index + 1)),
  }))
}

const ENTRIES: readonly (readonly [unknown, unknown])[] = [
  ['key-1', { name: 'Alice', age: 42 }],
  ['', ''],
  [0, null],
  [{ b: 1, a: 2 }, [1, 2]],
  ['Zoë', 'Grüße, 你好'],
  ['a "quoted" key', 'C:\\temp\n'],
  ['\u2028', { '\u2029': '\u2028' }],
  ['\x7f', '\x00'],
]

/** A codec of somebody's own, which has bytes only. */
const wrapped: Codec = { ...jsonCodec() }

describe.each([
  ['escapes', jsonCodec()],
  ['UTF-8', jsonCodec({ ascii: false })],
  ['a codec of somebody else', wrapped],
])('a message with %s', (_, codec) => {
  it('holds the bytes that single writes send', () => {
    const { message } = messageOf(codec)
    for (const [key, value] of ENTRIES) expect(message.take(key, value)).toBe(true)
    expect(heldBy(message)).toEqual(
      ENTRIES.map(([key, value]) => ({
        key: textOf(codec.encode(key, 'key')),
        value: textOf(codec.encode(value, 'value')),
      })),
    )
  })

  it('knows its keys by the identities that all calls know them by', () => {
    const { message, entries } = messageOf(codec)
    for (const [key, value] of ENTRIES) message.take(key, value)
    expect([...message.keys]).toEqual(ENTRIES.map(([key]) => entries.identityOf(codec.encode(key, 'key'))))
  })

  it('has no key twice, in whatever form', () => {
    const { message } = messageOf(codec)
    expect(message.take({ a: 1, b: 'é' }, 1)).toBe(true)
    expect(message.take({ b: 'é', a: 1 }, 2)).toBe(false)
    expect([message.size, heldBy(message).length]).toEqual([1, 1])
  })
})

describe('a message', () => {
  it('holds the same bytes if a codec of somebody else is asked for them', () => {
    const own = messageOf(jsonCodec())
    const others = messageOf(wrapped)
    for (const { message } of [own, others]) {
      message.take('key-1', { name: 'Alice', tags: ['a', 1, true, null] })
      message.take(17, { name: 'Bob' })
      message.take('key-2', new Date(0).toISOString())
      message.take('key-3', 'é')
      message.take('key-4', 2n ** 60n)
    }
    expect(heldBy(own.message)).toEqual(heldBy(others.message))
  })

  it('leaves out what does not fit beside the others, and takes what does', () => {
    const { message } = messageOf(jsonCodec(), 1_000)
    expect(message.take('a', 'x'.repeat(600))).toBe(true)
    expect(message.take('b', 'é'.repeat(70))).toBe(false)
    expect(message.take('c', 'x'.repeat(300))).toBe(true)
    expect(heldBy(message).map(({ key }) => key)).toEqual(['\x15"a"', '\x15"c"'])
  })

  it('refuses what fits in none', () => {
    const { message } = messageOf(jsonCodec(), 1_000)
    expect(() => message.take('a', 'é'.repeat(200))).toThrow(CodecError)
    expect(() => message.take('a', undefined)).toThrow(CodecError)
  })
})
