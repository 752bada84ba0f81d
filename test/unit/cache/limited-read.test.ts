// One consumption of a streamed read, as the loops and the impatient meet it.
import { LimitedRead } from '../../../src/cache/limited-read'
import type { StreamedElements } from '../../../src/protocol/port'

interface Begun {
  times: number
  left: number
}

/** Reads of the numbers from 1 to `last`. */
function reading(limit: number, last = 3): { read: LimitedRead<number>; begun: Begun } {
  const begun = { times: 0, left: 0 }
  async function* numbers(): AsyncGenerator<number, undefined> {
    try {
      for (let number = 1; number <= last; number++) yield await Promise.resolve(number)
    } finally {
      begun.left += 1
    }
    return undefined
  }
  const begin = (): Promise<AsyncGenerator<number, undefined>> => {
    begun.times += 1
    return Promise.resolve(numbers())
  }
  return { read: new LimitedRead(begin, limit), begun }
}

async function all<T>(read: AsyncIterable<T>): Promise<T[]> {
  const elements: T[] = []
  for await (const element of read) elements.push(element)
  return elements
}

describe('a limited read', () => {
  it.each([
    [0, []],
    [2, [1, 2]],
    [3, [1, 2, 3]],
    [4, [1, 2, 3]],
    [Infinity, [1, 2, 3]],
  ])('of at most %s elements gives %j and leaves nothing open', async (limit, expected) => {
    const { read, begun } = reading(limit)
    expect(await all(read)).toEqual(expected)
    expect(begun).toEqual({ times: 1, left: limit === 0 ? 0 : 1 })
    expect(await read.next()).toEqual({ done: true, value: undefined })
  })

  it('begins when it is consumed', () => {
    expect(reading(1).begun.times).toBe(0)
  })

  it('gives each of several calls made at once an element of its own', async () => {
    const { read, begun } = reading(3)
    const results = await Promise.all([read.next(), read.next(), read.next(), read.next()])
    expect(results.map(({ value }) => value)).toEqual([1, 2, 3, undefined])
    expect(begun).toEqual({ times: 1, left: 1 })
  })

  it('that comes to its limit still gives what was asked for before', async () => {
    let arrive: (result: IteratorResult<number, undefined>) => void = () => undefined
    const done = { done: true, value: undefined } as const
    // Whoever leaves it ends the wait of a call before, as a stream does.
    const elements: StreamedElements<number> = {
      next: () => new Promise((resolve) => (arrive = resolve)),
      return: () => {
        arrive(done)
        return Promise.resolve(done)
      },
      [Symbol.asyncIterator]: () => elements,
    }
    const read = new LimitedRead(() => Promise.resolve(elements), 2)
    const first = read.next()
    await Promise.resolve()
    await Promise.resolve()
    arrive({ done: false, value: 1 })
    expect(await first).toEqual({ done: false, value: 1 })
    const results = [read.next(), read.next()]
    arrive({ done: false, value: 2 })
    expect((await Promise.all(results)).map(({ value }) => value)).toEqual([2, undefined])
  })

  it('that fails to begin is over', async () => {
    const read = new LimitedRead(() => Promise.reject(new Error('no')), 3)
    await expect(read.next()).rejects.toThrow('no')
    expect(await read.next()).toEqual({ done: true, value: undefined })
  })

  it('that is left is over, whether it began or not', async () => {
    const early = reading(3)
    await early.read.return()
    expect([await all(early.read), early.begun]).toEqual([[], { times: 0, left: 0 }])

    const late = reading(3)
    await late.read.next()
    await late.read.return()
    expect([await all(late.read), late.begun]).toEqual([[], { times: 1, left: 1 }])
  })

  it('that is left while it begins reads nothing', async () => {
    const { read, begun } = reading(3)
    const first = read.next()
    await read.return()
    expect(await first).toEqual({ done: true, value: undefined })
    expect(begun).toEqual({ times: 1, left: 0 })
  })
})
