// Messages come out of a stream as they went in, however the stream is cut.
import fc from 'fast-check'
import { MessageSplitter } from '../../../src/transport/http2/message-splitter'
import { framed } from './raw-servers'

interface Split {
  readonly messages: Buffer[]
  readonly fault: unknown
  readonly isWithinMessage: boolean
}

function split(chunks: readonly Buffer[], maxBytes = Infinity): Split {
  const messages: Buffer[] = []
  const splitter = new MessageSplitter(maxBytes, (message) => messages.push(message))
  for (const chunk of chunks) {
    const fault = splitter.split(chunk)
    if (fault !== undefined) return { messages, fault, isWithinMessage: splitter.isWithinMessage }
  }
  return { messages, fault: undefined, isWithinMessage: splitter.isWithinMessage }
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % bytes.length), bytes.length].sort((a, b) => a - b)
  return ends
    .map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
    .filter(({ length }) => length > 0)
}

const bodies = fc.array(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  { minLength: 1, maxLength: 20 },
)

describe('a message splitter', () => {
  it('finds the same messages wherever the bytes are cut', () => {
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(), { maxLength: 30 }), (sent, places) => {
        const chunks = cut(Buffer.concat(sent.map((body) => framed(body))), places)
        expect(split(chunks)).toEqual({ messages: sent, fault: undefined, isWithinMessage: false })
      }),
    )
  })

  it('knows of any place whether it is within a message', () => {
    const bytes = Buffer.concat([framed('one'), framed(''), framed('three')])
    const between = [8, 13, bytes.length]
    for (let end = 1; end <= bytes.length; end++) {
      expect([end, split([bytes.subarray(0, end)]).isWithinMessage]).toEqual([end, !between.includes(end)])
    }
  })

  it('does not copy a message that came in one piece', () => {
    const chunk = framed('message')
    const [message] = split([chunk]).messages
    chunk.write('changed', 5)
    expect(message?.toString()).toBe('changed')
  })

  it('refuses a message by its length before any of it came', () => {
    const header = framed(Buffer.alloc(11)).subarray(0, 5)
    expect(split([framed('fits'), header], 10)).toMatchObject({
      messages: [Buffer.from('fits')],
      fault: { details: 'Received message larger than max (11 vs 10)' },
    })
  })
})
