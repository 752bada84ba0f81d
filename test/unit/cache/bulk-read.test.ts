// The keys of a getAll: each sent once, cut to what a request can carry, and found again under the caller's own.
import { BulkRead } from '../../../src/cache/bulk-read'
import { EntryCodec } from '../../../src/cache/entry-codec'
import type { Codec } from '../../../src/codec/codec'
import { jsonCodec } from '../../../src/codec/json-codec'
import { CodecError } from '../../../src/errors'
import { GetAllBatch } from '../../../src/protocol/v1/key-batch'

const OVERHEAD = 100

interface Reading {
  readonly read: BulkRead<unknown, unknown>
  /** What is sent: the texts of the keys of each request. */
  readonly sent: () => string[][]
  /** Takes an entry as a server prints it. */
  readonly take: (key: string, value: string) => void
}

function reading(keys: unknown, { codec = jsonCodec(), room = 1_000 } = {}): Reading {
  const entries = new EntryCodec<unknown, unknown>(codec, 'm', room + OVERHEAD, (bytes) => bytes + OVERHEAD)
  const batches: GetAllBatch[] = []
  const read = new BulkRead<unknown, unknown>(keys, entries, () => {
    const batch = new GetAllBatch(entries.direct, () => Promise.resolve())
    batches.push(batch)
    return batch
  })
  return {
    read,
    sent: () => batches.map((batch) => batch.keys().map((key) => Buffer.from(key).toString('utf8', 1))),
    take: (key, value) => {
      const bytes = Buffer.from(`\u0015${key}\u0015${value}`)
      const keyEnd = 1 + Buffer.byteLength(key)
      read.take(bytes, 0, keyEnd, keyEnd, bytes.length)
    },
  }
}

/** A codec of somebody's own, which has bytes only. */
const wrapped: Codec = { ...jsonCodec() }

describe.each([
  ['the JSON codec', jsonCodec()],
  ['a codec of somebody else', wrapped],
])('a bulk read with %s', (_, codec) => {
  it('sends its keys in their order', () => {
    const { sent } = reading(['b', 'a', 0, '', false, null, 'é'], { codec })
    expect(sent()).toEqual([['"b"', '"a"', '0', '""', 'false', 'null', '"\\u00e9"']])
  })

  it('sends each key once, however often it is given and in whatever form', () => {
    const { sent } = reading(['a', 'a', { x: 1, y: 2 }, 'a', { y: 2, x: 1 }, -0, 0, 'a'], { codec })
    expect(sent()).toEqual([['"a"', '{"x":1,"y":2}', '0']])
  })

  it('gives what came under the keys that were given, in their order', () => {
    const { read, take } = reading(['c', 'absent', 'a', 'b', 'c'], { codec })
    for (const key of ['a', 'b', 'c', 'b']) take(`"${key}"`, `"value of ${key}"`)
    expect([...read.results()]).toEqual([
      ['c', 'value of c'],
      ['a', 'value of a'],
      ['b', 'value of b'],
    ])
  })

  it('gives null, false and 0 that came', () => {
    const { read, take } = reading(['a', 'b', 'c'], { codec })
    take('"a"', 'null')
    take('"b"', 'false')
    take('"c"', '0')
    expect([...read.results()]).toEqual([
      ['a', null],
      ['b', false],
      ['c', 0],
    ])
  })

  it('gives a result for each of several objects that are one key', () => {
    const one = { x: 1, y: 2 }
    const other = { y: 2, x: 1 }
    const { read, take } = reading(['a', one, 'b', other, one], { codec })
    take('{"x":1,"y":2}', '1')
    take('"b"', '2')
    take('"a"', '3')
    const found = [...read.results()]
    expect(found.map(([, value]) => value)).toEqual([3, 1, 2, 1])
    expect([found[1]?.[0] === one, found[3]?.[0] === other]).toEqual([true, true])
  })

  it('knows its keys also where the server prints them in another way', () => {
    for (const printed of ['{"x":"\\u00e9","y":1}', '{"y":1,"x":"é"}', '{ "x": "é", "y": 1 }']) {
      const { read, take } = reading([{ y: 1, x: 'é' }], { codec })
      take(printed, '5')
      expect([...read.results().values()]).toEqual([5])
    }
    const { read, take } = reading(['a/b', 'é'], { codec })
    take('"a\\/b"', '1')
    take('"é"', '2')
    expect([...read.results()]).toEqual([
      ['a/b', 1],
      ['é', 2],
    ])
  })

  it('drops what nobody asked for', () => {
    const { read, take } = reading(['a'], { codec })
    take('"b"', '1')
    take('{"a":1}', '1')
    expect(read.results().size).toBe(0)
  })

  it('cuts its keys into requests of no more than there is room for', () => {
    const keys = Array.from({ length: 100 }, (_none, index) => `key-${index + 100}`)
    const { read, sent } = reading(keys, { codec, room: 500 })
    expect(sent().flat()).toEqual(keys.map((key) => `"${key}"`))
    expect(Math.max(...read.batches.map(({ length }) => length))).toBeLessThanOrEqual(500)
    expect(read.batches.length).toBeLessThan(5)
  })

  it('refuses a key that does not fit, or has no form', () => {
    expect(() => reading(['a', 'x'.repeat(1_000)], { codec })).toThrow("getAll on map 'm' for key \"xxx")
    expect(() => reading(['a', undefined], { codec })).toThrow(CodecError)
  })
})

describe('a bulk read', () => {
  it('asks for nothing where there are no keys', () => {
    const { read } = reading([])
    expect([read.batches.length, read.results().size]).toEqual([0, 0])
  })

  it('tells what its keys are as often as it is asked', () => {
    const { read } = reading(['a', 'b'])
    expect([...read.identities]).toEqual(['a', 'b'])
    expect([...read.identities]).toEqual(['a', 'b'])
  })

  it.each([null, undefined, 5, 'text', {}, () => 1])('refuses %p for keys', (wrong) => {
    expect(() => reading(wrong)).toThrow(TypeError)
  })
})
