// Results that lie in one buffer without touching each other.
import { Slab } from '../../../src/codec/json-codec'

function writeText(text: string, out: Buffer, at: number): number {
  return at + text.length > out.length ? Infinity : at + out.write(text, at, 'latin1')
}

describe('a slab', () => {
  it('gives each result bytes of its own, however many there are', () => {
    const slab = new Slab()
    const texts = Array.from({ length: 1_000 }, (_, index) => `${index}`.repeat(1 + (index % 40)))
    const results = texts.map((text) => slab.take(text, writeText))
    expect(results.map((result) => result?.toString())).toEqual(texts)
    expect(new Set(results.map((result) => result?.buffer)).size).toBeLessThan(20)
  })

  it('gives nothing for what cannot be written, and goes on', () => {
    const slab = new Slab()
    const first = slab.take('first', writeText)
    expect(slab.take('-', () => -1)).toBeUndefined()
    expect(() =>
      slab.take('-', () => {
        throw new Error('no')
      }),
    ).toThrow('no')
    expect([first, slab.take('second', writeText)].map(String)).toEqual(['first', 'second'])
  })

  it('gives large results buffers of their own', () => {
    const slab = new Slab()
    for (const length of [16_385, 262_145, 4_194_304]) {
      const result = slab.take('x'.repeat(length), writeText)
      expect([result?.length, result?.buffer.byteLength]).toEqual([length, length])
    }
    expect(slab.take('x'.repeat(4_194_305), writeText)).toBeUndefined()
  })

  it('is not written to by what runs while it is', () => {
    const slab = new Slab()
    let within: Buffer | undefined
    const outer = slab.take('outer', (text, out, at) => {
      const end = writeText(text, out, at)
      within = slab.take('inner', writeText)
      return end
    })
    expect([outer?.toString(), within]).toEqual(['outer', undefined])
  })
})
