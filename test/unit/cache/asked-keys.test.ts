// The keys of a bulk call: each sent once, cut to what a request can carry, and found again under the caller's own.
import { AskedKeys } from '../../../src/cache/bulk/asked-keys'
import { EntryCodec } from '../../../src/cache/entries/entry-codec'
import type { Codec } from '../../../src/codec/codec'
import { jsonCodec } from '../../../src/codec/json-codec'
import { CodecError } from '../../../src/errors'
import { wrongArgument } from '../../support/wrong-argument'

/** A codec for requests that have room for `room` bytes. */
function codecFor(room: number): EntryCodec<unknown, unknown> {
  return new EntryCodec<unknown, unknown>(jsonCodec(), 'm', room + 100, (bytes) => bytes + 100)
}

const codec = codecFor(1_000)

function asked(keys: unknown, of = codec): AskedKeys<unknown, number> {
  return new AskedKeys('invokeAll', keys, of)
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8', 1)
}

function texts(batches: readonly (readonly Uint8Array[])[]): string[][] {
  return batches.map((batch) => batch.map(text))
}

describe('the keys of a bulk call', () => {
  it('are sent in their order', () => {
    expect(texts(asked(['b', 'a', 0, '', false, null]).batches(0))).toEqual([
      ['"b"', '"a"', '0', '""', 'false', 'null'],
    ])
  })

  it('are sent once each, however often they are passed and in whatever form', () => {
    const keys = ['a', { x: 1, y: 2 }, 'a', { y: 2, x: 1 }, -0, 0]
    expect(texts(asked(keys).batches(0))).toEqual([['"a"', '{"x":1,"y":2}', '0']])
  })

  it('make no request where there are none', () => {
    expect(asked([]).batches(0)).toEqual([])
  })

  it('are cut into requests of no more than there is room for', () => {
    const keys = Array.from({ length: 100 }, (_, index) => `key-${index + 100}`)
    const batches = asked(keys).batches(500)
    expect(batches.flat().map(text)).toEqual(keys.map((key) => `"${key}"`))
    const sizes = batches.map((batch) => batch.reduce((sum, { length }) => sum + length + 8, 0))
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500)
    expect(batches).toHaveLength(4)
  })

  it('are refused where one does not fit beside the rest of its request', () => {
    const keys = asked(['a', 'x'.repeat(900)])
    expect(keys.batches(0)).toHaveLength(1)
    expect(() => keys.batches(100)).toThrow(CodecError)
    expect(() => keys.batches(100)).toThrow("invokeAll on map 'm' for key \"xxx")
  })

  it('are refused together where they cannot be cut', () => {
    const keys = asked(['a'.repeat(400), 'b'.repeat(400)])
    expect(keys.allInOne(150).map((bytes) => bytes.length)).toEqual([403, 403])
    expect(() => keys.allInOne(250)).toThrow(CodecError)
  })

  it.each([null, undefined, 5, 'text', {}, () => 1])('are refused where they are %p', (wrong) => {
    expect(() => asked(wrong)).toThrow(wrongArgument('invokeAll: the keys are '))
  })

  it('are refused where one has no form', () => {
    expect(() => asked(['a', undefined])).toThrow(CodecError)
  })
})

describe('a result', () => {
  it('has the object as its key that was passed, also where the server prints it in another way', () => {
    for (const printed of ['{"x":"\\u00e9","y":1}', '{"y":1,"x":"é"}', '{ "x": "é", "y": 1 }']) {
      const given = { y: 1, x: 'é' }
      const keys = asked([given])
      keys.answered(1, Buffer.from(`\u0015${printed}`))
      const [[found, result] = []] = keys.results()
      expect([found === given, result]).toEqual([true, 1])
    }
  })

  it('is there for each of the objects that were passed for its key', () => {
    const one = { x: 1, y: 2 }
    const other = { y: 2, x: 1 }
    const keys = asked([one, 'a', other, one])
    keys.answered(1, codec.encodeKey(one))
    const found = [...keys.results().keys()]
    expect([found.length, found[0] === one, found[1] === other]).toEqual([2, true, true])
  })

  it('is kept also where it is undefined', () => {
    const keys = new AskedKeys<unknown, undefined>('invokeAll', ['a', 'b'], codec)
    keys.answered(undefined, codec.encodeKey('a'))
    expect([...keys.results()]).toEqual([['a', undefined]])
  })

  it('is dropped where its key was not asked for', () => {
    const keys = asked(['a'])
    keys.answered(1, Buffer.from('\u0015"b"'))
    expect(keys.results().size).toBe(0)
  })
})

describe('a key in an answer', () => {
  it('is the first of the objects that are equal to it', () => {
    const one = { x: 1, y: 2 }
    const other = { y: 2, x: 1 }
    expect(asked([one, 'a', other, one, other]).keyOf(codec.encodeKey(one))).toBe(one)
  })

  it('is the plain key that was asked for', () => {
    expect(asked(['a', 'b']).keyOf(codec.encodeKey('b'))).toBe('b')
  })

  it('is decoded if nobody asked for it', () => {
    expect(asked(['a']).keyOf(Buffer.from('\u0015"b"'))).toBe('b')
  })
})

describe('results', () => {
  it('are in the order of the keys, whatever order they came in', () => {
    const object = { x: 1 }
    const keys = asked(['c', object, 'absent', 'a', 'c'])
    keys.answered(1, codec.encodeKey('a'))
    keys.answered(3, codec.encodeKey('c'))
    keys.answered(2, codec.encodeKey(object))
    expect([...keys.results()]).toEqual([
      ['c', 3],
      [object, 2],
      ['a', 1],
    ])
  })
})

/** A codec of somebody's own, which has bytes only. */
const wrapped: Codec = { ...jsonCodec() }

describe.each([
  ['the JSON codec', jsonCodec()],
  ['a codec of somebody else', wrapped],
])('with %s, keys of a getAll', (_, jsonLike) => {
  const entries = new EntryCodec<unknown, unknown>(jsonLike, 'm', 1_100, (bytes) => bytes + 100)

  function reading(keys: unknown): {
    read: AskedKeys<unknown, unknown>
    sent: () => string[]
    take: (key: string, value: unknown) => void
  } {
    const read = new AskedKeys<unknown, unknown>('getAll', keys, entries)
    return {
      read,
      sent: () => Array.from({ length: read.packed.count }, (_none, index) => text(read.packed.at(index))),
      take: (key, value) => {
        const bytes = Buffer.from(`before\u0015${key}after`)
        read.answered(value, bytes, 6, bytes.length - 5)
      },
    }
  }

  it('are packed in their order', () => {
    const { sent } = reading(['b', 'a', 0, '', false, null, 'é'])
    expect(sent()).toEqual(['"b"', '"a"', '0', '""', 'false', 'null', '"\\u00e9"'])
  })

  it('are packed once each, however often they come and in whatever form', () => {
    const { sent } = reading(['a', 'a', { x: 1, y: 2 }, 'a', { y: 2, x: 1 }, -0, 0, 'a'])
    expect(sent()).toEqual(['"a"', '{"x":1,"y":2}', '0'])
  })

  it('have what came under the keys of the caller, in their order', () => {
    const { read, take } = reading(['c', 'absent', 'a', 'b', 'c'])
    for (const key of ['a', 'b', 'c', 'b']) take(`"${key}"`, `value of ${key}`)
    expect([...read.results()]).toEqual([
      ['c', 'value of c'],
      ['a', 'value of a'],
      ['b', 'value of b'],
    ])
  })

  it('have null, false and 0 that came', () => {
    const { read, take } = reading(['a', 'b', 'c'])
    take('"a"', null)
    take('"b"', false)
    take('"c"', 0)
    expect([...read.results()]).toEqual([
      ['a', null],
      ['b', false],
      ['c', 0],
    ])
  })

  it('are found if the server prints them in another way', () => {
    const { read, take } = reading(['a/b', 'é'])
    take('"a\\/b"', 1)
    take('"é"', 2)
    expect([...read.results()]).toEqual([
      ['a/b', 1],
      ['é', 2],
    ])
  })

  it('have no result that nobody asked for', () => {
    const { read, take } = reading(['a'])
    take('"b"', 1)
    take('{"a":1}', 1)
    expect(read.results().size).toBe(0)
  })

  it('are refused if one does not fit, or has no form', () => {
    expect(() => reading(['a', 'x'.repeat(1_000)])).toThrow("getAll on map 'm' for key \"xxx")
    expect(() => reading(['a', undefined])).toThrow(CodecError)
  })

  it('have identities, as often as they are asked for', () => {
    const { read } = reading(['a', 'b'])
    const identities = ['a', 'b'].map((key) => entries.identityOf(entries.encodeKey(key)))
    expect([...read.identities]).toEqual(identities)
    expect([...read.identities]).toEqual(identities)
  })
})
