// What a streamed read gives to loops, and what becomes of the read when they end.
import { ConnectionError, RequestTimeoutError } from 'coherence-ts'
import { type Iteration, reading, StartedResults, StreamedResults } from '../../../src/cache/queries/results'
import { type FakeElements, fakeElements } from '../../support/fake-elements'

const ATTEMPTS = 3

interface Reads<T> {
  readonly results: StreamedResults<T>
  /** The streams that were opened. */
  readonly opened: FakeElements<T>[]
  /** How each loop ended that did not fail, the first time that it was told. */
  readonly ends: string[]
}

/** Reads of these elements; each that is begun again has those of `again`. */
function reads<T>(
  elements: readonly (T | Error)[],
  { limit = Infinity, again = [] }: { limit?: number; again?: readonly (readonly (T | Error)[])[] } = {},
): Reads<T> {
  const opened: FakeElements<T>[] = []
  const ends: string[] = []
  const iterate = (): Iteration<T> => {
    let isOver = false
    const next = [elements, ...again].values()
    const open = (): ReturnType<Iteration<T>['begin']> => {
      const stream = fakeElements<T>(next.next().value ?? [])
      opened.push(stream)
      return Promise.resolve(reading(stream, (element: T) => element))
    }
    return {
      begin: open,
      beginAgain: open,
      attempts: ATTEMPTS,
      limit,
      failure: (error) => error,
      ended: (outcome) => {
        if (!isOver) ends.push(outcome)
        isOver = true
      },
    }
  }
  return { results: new StreamedResults(iterate), opened, ends }
}

/** An invocation that notes how often it began and was left. */
function invocation<T>(...elements: readonly T[]): {
  begun: number
  left: number
  run: () => AsyncGenerator<T, undefined>
} {
  const state = {
    begun: 0,
    left: 0,
    run: async function* (): AsyncGenerator<T, undefined> {
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

const DONE = { done: true, value: undefined }

describe('the results of a read', () => {
  it('begin with the first element that is asked for', async () => {
    const { results, opened } = reads(['a'])
    const iterator = results[Symbol.asyncIterator]()
    expect(opened).toHaveLength(0)
    expect(await iterator.next()).toEqual({ done: false, value: 'a' })
    expect(opened).toHaveLength(1)
  })

  it('are read anew by each loop', async () => {
    const { results, opened } = reads([1, 2])
    expect([await results.toArray(), await results.toArray(), opened.length]).toEqual([[1, 2], [1, 2], 2])
  })

  it('of pairs make a Map, with falsy keys and values', async () => {
    const { results } = reads<[unknown, unknown]>([
      [0, ''],
      [false, null],
    ])
    expect(await results.toMap()).toEqual(
      new Map<unknown, unknown>([
        [0, ''],
        [false, null],
      ]),
    )
  })

  it('are closed with the loop', async () => {
    const { results, opened } = reads([1, 2, 3])
    for await (const element of results) if (element === 2) break
    expect(opened.map(({ closed }) => closed)).toEqual([1])
  })

  it.each([
    ['are answered where all of them were read', Infinity, 4, 'answered'],
    ['are answered where as many as the limit were read', 2, 4, 'answered'],
    ['are answered where the loop is left with the last one of the limit', 2, 2, 'answered'],
    ['are left where the loop is left before that', 2, 1, 'left'],
    ['are left where the loop is left before the end is known', Infinity, 3, 'left'],
  ])('%s', async (_what, limit, leftAt, outcome) => {
    const { results, ends } = reads([1, 2, 3], { limit })
    for await (const element of results) if (element === leftAt) break
    expect(ends).toEqual([outcome])
  })

  it('reject the loop and the collecting calls if the read fails in the middle', async () => {
    const failure = new Error('lost')
    const { results, opened } = reads<[number, number]>([[1, 1], failure])
    const seen: unknown[] = []
    const loop = async (): Promise<void> => {
      for await (const pair of results) seen.push(pair)
    }
    await expect(loop()).rejects.toBe(failure)
    await expect(results.toArray()).rejects.toBe(failure)
    await expect(results.toMap()).rejects.toBe(failure)
    expect(seen).toEqual([[1, 1]])
    expect(opened.map(({ closed }) => closed)).toEqual([1, 1, 1])
  })

  it('give what a failure becomes', async () => {
    const results = new StreamedResults<number>(() => ({
      begin: () => Promise.reject(new Error('refused')),
      beginAgain: () => Promise.reject(new Error('begun again')),
      attempts: ATTEMPTS,
      limit: 1,
      failure: (error) => new Error('of the caller', { cause: error }),
      ended: () => undefined,
    }))
    const iterator = results[Symbol.asyncIterator]()
    await expect(iterator.next()).rejects.toThrow('of the caller')
    expect(await iterator.next()).toEqual(DONE)
  })
})

describe('results that are read as a whole', () => {
  const lost = new ConnectionError('lost', { address: 'here', outcome: 'unknown' })

  it('begin anew when the connection is lost', async () => {
    const { results, opened, ends } = reads<number>([1, lost], {
      again: [
        [1, 2, lost],
        [1, 2, 3],
      ],
    })
    expect(await results.toArray()).toEqual([1, 2, 3])
    expect(opened.map(({ closed }) => closed > 0)).toEqual([true, true, true])
    expect(ends).toEqual(['answered'])
  })

  it('begin anew as a Map, too', async () => {
    const { results, opened } = reads<[string, number]>([['a', 1], lost], { again: [[['b', 2]]] })
    expect(await results.toMap()).toEqual(new Map([['b', 2]]))
    expect(opened).toHaveLength(2)
  })

  it('give up after so many attempts', async () => {
    const { results, opened, ends } = reads<number>([1, lost], {
      again: [
        [1, lost],
        [1, 2, lost],
        [1, 2],
      ],
    })
    await expect(results.toArray()).rejects.toBe(lost)
    expect(opened).toHaveLength(ATTEMPTS)
    expect(ends).toEqual([])
  })

  it.each([
    ['that nothing was sent', new ConnectionError('not sent', { address: 'here', outcome: 'not-sent' })],
    [
      'a timeout',
      new RequestTimeoutError('late', { operation: 'keys', timeoutSeconds: 1, outcome: 'unknown' }),
    ],
    ['any other error', new Error('other')],
  ])('do not begin anew after %s', async (_, failure) => {
    const { results, opened } = reads<number>([1, failure], { again: [[1, 2]] })
    await expect(results.toArray()).rejects.toBe(failure)
    expect(opened).toHaveLength(1)
  })

  it('do not begin anew where nothing came, since the read did so itself', async () => {
    const { results, opened } = reads<number>([lost], { again: [[1, 2]] })
    await expect(results.toArray()).rejects.toBe(lost)
    expect(opened).toHaveLength(1)
  })

  it('in a loop fail when the connection is lost, since some elements were seen', async () => {
    const { results, opened } = reads<number>([1, lost], { again: [[1, 2]] })
    const loop = async (): Promise<void> => {
      for await (const element of results) expect(element).toBe(1)
    }
    await expect(loop()).rejects.toBe(lost)
    expect(opened).toHaveLength(1)
  })
})

describe('results with a limit', () => {
  it.each([
    [0, []],
    [2, [1, 2]],
    [3, [1, 2, 3]],
    [4, [1, 2, 3]],
    [Infinity, [1, 2, 3]],
  ])('of %s give %j and leave nothing open', async (limit, expected) => {
    const { results, opened } = reads([1, 2, 3], { limit })
    const iterator = results[Symbol.asyncIterator]()
    const seen: number[] = []
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
      seen.push(next.value)
    expect(seen).toEqual(expected)
    expect(opened.map(({ closed }) => closed)).toEqual([1])
    expect(await iterator.next()).toEqual(DONE)
  })

  it('give each of several calls made at once an element of its own', async () => {
    const { results, opened } = reads([1, 2, 3], { limit: 3 })
    const iterator = results[Symbol.asyncIterator]()
    const all = await Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()])
    expect(all.map(({ value }) => value)).toEqual([1, 2, 3, undefined])
    expect(opened.map(({ closed }) => closed)).toEqual([1])
  })

  it('that are left are over, whether they began or not', async () => {
    const early = reads([1, 2])
    const iterator = early.results[Symbol.asyncIterator]()
    await iterator.return?.()
    expect([await iterator.next(), early.opened.length]).toEqual([DONE, 0])

    const late = reads([1, 2])
    const begun = late.results[Symbol.asyncIterator]()
    await begun.next()
    await begun.return?.()
    expect([await begun.next(), late.opened.map(({ closed }) => closed)]).toEqual([DONE, [1]])
  })

  it('that are left while they begin give nothing, and close what they opened', async () => {
    const { results, opened } = reads([1, 2])
    const iterator = results[Symbol.asyncIterator]()
    const first = iterator.next()
    await iterator.return?.()
    expect(await first).toEqual(DONE)
    expect(opened.map(({ closed }) => closed)).toEqual([1])
  })
})

describe('the results of an invocation', () => {
  it('are asked for at once', async () => {
    const invoked = invocation(1)
    const results = StartedResults.start(invoked.run())
    expect(invoked.begun).toBe(1)
    expect(await results.toArray()).toEqual([1])
  })

  it('are given once', async () => {
    const results = StartedResults.start(invocation(1, 2).run())
    expect(await results.toArray()).toEqual([1, 2])
    await expect(results.toArray()).rejects.toThrow(/can be consumed once/)
    expect(() => results[Symbol.asyncIterator]()).toThrow(
      /^The results of an invocation can be consumed once/,
    )
  })

  it('are left with the loop, also before its second element', async () => {
    const invoked = invocation(1, 2)
    for await (const element of StartedResults.start(invoked.run())) {
      expect(element).toBe(1)
      break
    }
    expect(invoked.left).toBe(1)
  })

  it('reject whoever consumes them, and nobody else, if the request fails', async () => {
    const failure = new Error('refused')
    const results = StartedResults.start(
      // eslint-disable-next-line require-yield
      (async function* (): AsyncGenerator<number, undefined> {
        throw failure
      })(),
    )
    await new Promise((resolve) => setImmediate(resolve))
    await expect(results.toArray()).rejects.toBe(failure)
  })
})
