// Messages are found in bytes however these are cut.
import fc from 'fast-check'
import { frame, FrameReader } from '../../../src/testing/proxy/frames'

const MOST_BYTES = 1_000

describe('frames', () => {
  it('are read as they were made, however they are cut', () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 })
    const cuts = fc.array(fc.integer({ min: 1, max: 17 }), { minLength: 1 })
    fc.assert(
      fc.property(messages, cuts, (sent, lengths) => {
        const bytes = Buffer.concat(sent.flatMap(frame))
        const reader = new FrameReader(MOST_BYTES)
        const read: Uint8Array[] = []
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const end = at + (lengths[turn % lengths.length] ?? 1)
          for (const message of reader.read(bytes.subarray(at, end))) read.push(message)
          at = end
        }
        expect(read.map((message) => [...message])).toEqual(sent.map((message) => [...message]))
      }),
    )
  })

  it('are refused where they are too long or compressed', () => {
    const tooLong = Buffer.from(frame(Buffer.alloc(MOST_BYTES + 1))[0])
    const compressed = Buffer.from([1, 0, 0, 0, 0])
    const right = Buffer.concat(frame(Buffer.from('a')))
    for (const wrong of [tooLong, compressed]) {
      const reader = new FrameReader(MOST_BYTES)
      const read = [...reader.read(Buffer.concat([right, wrong])), ...reader.read(right)]
      expect([read.map(String), reader.isBroken]).toEqual([['a'], true])
    }
  })
})
