// What a streamed read gives to loops, and what becomes of the read when they end.
import { StartedResults, StreamedResults } from '../../../src/cache/results'

/** A read of these elements that notes how often it began and was left. */
function reading<T>(...elements: readonly T[]): {
  begun: number
  left: number
  read: () => AsyncGenerator<T, undefined>
} {
  const state = {
    begun: 0,
    left: 0,
    read: async function* (): AsyncGenerator<T, undefined> {
      state.begun += 1
      let complete = false
      try {
        for (const element of elements) yield element
        complete = true
      } finally {
        if (!complete) state.left += 1
      }
      return undefined
    },
  }
  return state
}

describe('the results of a read', () => {
  it('begin with the first element that is asked for', async () => {
    const reads = reading('a')
    const results = new StreamedResults(reads.read)
    const iterator = results[Symbol.asyncIterator]()
    expect(reads.begun).toBe(0)
    expect(await iterator.next()).toEqual({ done: false, value: 'a' })
    expect(reads.begun).toBe(1)
  })

  it('are read anew by each loop', async () => {
    const reads = reading(1, 2)
    const results = new StreamedResults(reads.read)
    expect([await results.toArray(), await results.toArray(), reads.begun]).toEqual([[1, 2], [1, 2], 2])
  })

  it('of pairs make a Map, with falsy keys and values', async () => {
    const results = new StreamedResults(reading<[unknown, unknown]>([0, ''], [false, null]).read)
    expect(await results.toMap()).toEqual(
      new Map<unknown, unknown>([
        [0, ''],
        [false, null],
      ]),
    )
  })

  it('are left with the loop', async () => {
    const reads = reading(1, 2, 3)
    for await (const element of new StreamedResults(reads.read)) {
      if (element === 2) break
    }
    expect([reads.begun, reads.left]).toEqual([1, 1])
  })

  it('reject the loop and the collecting calls where the read fails in the middle', async () => {
    const failure = new Error('lost')
    const results = new StreamedResults(async function* (): AsyncGenerator<[number, number], undefined> {
      yield [1, 1]
      throw failure
    })
    const seen: unknown[] = []
    const loop = async (): Promise<void> => {
      for await (const pair of results) seen.push(pair)
    }
    await expect(loop()).rejects.toBe(failure)
    await expect(results.toArray()).rejects.toBe(failure)
    await expect(results.toMap()).rejects.toBe(failure)
    expect(seen).toEqual([[1, 1]])
  })
})

describe('the results of an invocation', () => {
  it('are asked for at once', async () => {
    const reads = reading(1)
    const results = new StartedResults(reads.read())
    expect(reads.begun).toBe(1)
    expect(await results.toArray()).toEqual([1])
  })

  it('are given once', async () => {
    const results = new StartedResults(reading(1, 2).read())
    expect(await results.toArray()).toEqual([1, 2])
    await expect(results.toArray()).rejects.toThrow(/can be consumed once/)
    expect(() => results[Symbol.asyncIterator]()).toThrow(TypeError)
  })

  it('are left with the loop, also before its second element', async () => {
    const reads = reading(1, 2)
    for await (const element of new StartedResults(reads.read())) {
      expect(element).toBe(1)
      break
    }
    expect(reads.left).toBe(1)
  })

  it('reject whoever consumes them, and nobody else, where the request fails', async () => {
    const failure = new Error('refused')
    const results = new StartedResults(
      // eslint-disable-next-line require-yield
      (async function* (): AsyncGenerator<number, undefined> {
        throw failure
      })(),
    )
    await new Promise((resolve) => setImmediate(resolve))
    await expect(results.toArray()).rejects.toBe(failure)
  })
})
