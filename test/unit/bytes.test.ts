import fc from 'fast-check'
import { asBuffer, PackedBytes, textOf } from '../../src/bytes'

const bytes = fc.uint8Array({ maxLength: 100 }).map((array) => Buffer.from(array))

/** Writes a text as it is. */
function writeText(text: string, out: Buffer, at: number): number {
  if (at + text.length > out.length) return Infinity
  return at + out.write(text, at, 'latin1')
}

describe('packed bytes', () => {
  const text = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 })

  it('hold what was added and written, among others', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(bytes, text)), fc.integer({ min: 1, max: 64 }), (items, capacity) => {
        const packed = new PackedBytes(capacity)
        for (const item of items) {
          if (typeof item === 'string')
            while (!packed.addWritten(writeText(item, packed.bytes, packed.byteLength)));
          else packed.add(item)
          packed.add(Buffer.from('removed'))
          packed.removeLast(1)
        }
        const expected = items.map((item) => Buffer.from(item as string))
        const held = Array.from({ length: packed.count }, (_, index) => Buffer.from(packed.at(index)))
        expect(held).toEqual(expected)
        expect(packed.byteLength).toBe(Buffer.concat(expected).length)
        expect(packed.bytes.subarray(0, packed.byteLength)).toEqual(Buffer.concat(expected))
      }),
    )
  })

  it('have more room after an item that did not fit', () => {
    const packed = new PackedBytes(1)
    expect([packed.addWritten(Infinity), packed.count, packed.byteLength]).toEqual([false, 0, 0])
    expect(packed.bytes.length).toBeGreaterThan(1)
  })
})

describe('bytes as text', () => {
  it('are equal if the bytes are, also in a range', () => {
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        expect(textOf(one) === textOf(other)).toBe(one.equals(other))
        expect(textOf(Buffer.concat([other, one, other]), other.length, other.length + one.length)).toBe(
          textOf(one),
        )
      }),
    )
  })
})

describe('bytes as a buffer', () => {
  it('are the same memory', () => {
    const array = Uint8Array.of(1, 2, 3)
    asBuffer(array.subarray(1))[0] = 9
    expect([...array]).toEqual([1, 9, 3])
  })
})
