// When reads may wait: only where that saves much and nobody notices.
import { ReadPace } from '../../../src/protocol/v1/read-pace'

const SMALL = 100
const LARGE = 16 * 1024

function paceOf(calls: number): ReadPace {
  const pace = new ReadPace()
  pace.calls = calls
  return pace
}

describe('after answers', () => {
  it('a connection rests where few of many calls are answered at a time', () => {
    const pace = paceOf(256)
    expect(pace.restsAfterAnswers(1, SMALL, 0)).toBe(true)
    expect(pace.restsAfterAnswers(7, SMALL, 1)).toBe(true)
  })

  it.each([0, 1, 31])('it does not with %i calls in flight', (calls) => {
    expect(paceOf(calls).restsAfterAnswers(1, SMALL, 0)).toBe(false)
  })

  it('it does not where a read brings much', () => {
    expect(paceOf(256).restsAfterAnswers(1, LARGE, 0)).toBe(false)
  })

  it('it does not where a read answers a good part of the calls', () => {
    const pace = paceOf(64)
    expect(pace.restsAfterAnswers(40, SMALL, 0)).toBe(false)
    // That was no fault of a rest.
    expect(pace.restsAfterAnswers(1, SMALL, 0)).toBe(true)
  })

  it('it leaves off for a while where a rest was too long, and tries again', () => {
    const pace = paceOf(64)
    expect(pace.restsAfterAnswers(1, SMALL, 1_000)).toBe(true)
    expect(pace.restsAfterAnswers(40, SMALL, 1_001)).toBe(false)
    expect(pace.restsAfterAnswers(1, SMALL, 1_002)).toBe(false)
    expect(pace.restsAfterAnswers(1, SMALL, 1_100)).toBe(false)
    expect(pace.restsAfterAnswers(1, SMALL, 1_101)).toBe(true)
  })
})

describe('after items of a stream', () => {
  it.each([
    [0, true],
    [1, false],
    [31, false],
    [32, true],
  ])('with %i calls in flight: %s', (calls, rests) => {
    expect(paceOf(calls).restsAfterItems(SMALL)).toBe(rests)
  })

  it('a connection does not rest where a read brings much', () => {
    expect(paceOf(0).restsAfterItems(LARGE)).toBe(false)
  })
})
