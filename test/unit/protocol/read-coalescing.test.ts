// When reads may wait: only where that saves much and nobody notices.
import { ReadCoalescing, type StreamCoalescing } from '../../../src/protocol/v1/stream/read-coalescing'

const SMALL = 100
const LARGE = 16 * 1024
const SPAN = 20

let pace: ReadCoalescing
let now: number

beforeEach(() => {
  pace = new ReadCoalescing()
  now = 1_000
})

function busyStream(): StreamCoalescing {
  const stream = pace.stream()
  stream.began(now)
  return stream
}

/** Goes on for a span in which this many messages come for requests of that age; gives the rest after it. */
function pass(stream: StreamCoalescing, messages: number, age: number, bytes = SMALL): number {
  for (let message = 0; message < messages; message++) stream.heard(age)
  now += SPAN
  return stream.restAfter(bytes, now)
}

describe('a rest', () => {
  it.each([
    [60, 5],
    [30, 5],
    [18, 3],
    [6, 1],
    [3, 1],
    [2.9, 0],
    [0.4, 0],
  ])('where requests take %d ms is of %d ms', (age, rest) => {
    expect(pass(busyStream(), 200, age)).toBe(rest)
  })

  it('depends on the fastest request', () => {
    const stream = busyStream()
    stream.heard(0.5)
    expect(pass(stream, 200, 60)).toBe(0)
    expect(pass(stream, 200, 60)).toBe(5)
  })

  it('is as it was as long as the next span is not over', () => {
    const stream = busyStream()
    expect(stream.restAfter(SMALL, now)).toBe(0)
    expect(pass(stream, 200, 60)).toBe(5)
    stream.heard(0.5)
    expect(stream.restAfter(SMALL, now + SPAN / 2)).toBe(5)
    expect(stream.restAfter(SMALL, now + SPAN)).toBe(0)
  })

  it('is not worth it where few messages come', () => {
    // 4 in a rest of 5 ms are.
    expect(pass(busyStream(), 16, 60)).toBe(5)
    expect(pass(busyStream(), 15, 60)).toBe(0)
  })

  it('does not follow a read that brings much', () => {
    const stream = busyStream()
    expect(pass(stream, 200, 60, LARGE)).toBe(0)
    expect(pass(stream, 200, 60, LARGE - 1)).toBe(5)
  })

  it('goes on as it is while nothing but parts come whose age is of no interest', () => {
    const stream = busyStream()
    expect(pass(stream, 200, Infinity)).toBe(0)
    expect(pass(stream, 200, 60)).toBe(5)
    expect(pass(stream, 200, Infinity)).toBe(5)
  })

  it('is unknown again when the stream had nothing to do', () => {
    const stream = busyStream()
    expect(pass(stream, 200, 60)).toBe(5)
    stream.ended()
    stream.began(now)
    expect(stream.restAfter(SMALL, now)).toBe(0)
  })
})

describe('streams of one connection', () => {
  it('rest for as long as the one that can bear least', () => {
    const [slow, fast] = [busyStream(), busyStream()]
    expect(pass(slow, 200, 60)).toBe(0)
    expect(pass(fast, 200, 12)).toBe(2)
    expect(slow.restAfter(SMALL, now)).toBe(2)
  })

  it('do not ask those that wait for nothing', () => {
    const [slow, fast] = [busyStream(), busyStream()]
    pass(slow, 200, 60)
    fast.ended()
    expect(slow.restAfter(SMALL, now)).toBe(5)
    expect(fast.restAfter(SMALL, now)).toBe(0)
  })
})
