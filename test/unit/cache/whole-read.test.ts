// What a read of a whole map leaves out, also if a query is sent again.
import { elementsOf } from '../../../src/cache/queries/results'
import { WholeRead } from '../../../src/cache/queries/whole-read'
import type { ReadOptions, StreamedElements } from '../../../src/protocol/port'
import { fakeElements } from '../../support/fake-elements'

const range = (begin: number, end: number): number[] =>
  Array.from({ length: end - begin }, (_, index) => begin + index)

function page(numbers: readonly number[], nextCookie: Uint8Array) {
  return { ...fakeElements(numbers), nextCookie }
}

/** Of the numbers below 20; the first page has 10 of them. */
function reading(query: (options: ReadOptions) => StreamedElements<number>): WholeRead<number> {
  return new WholeRead<number>({
    page: () => page(range(0, 10), Uint8Array.of(1)),
    query,
    timeoutSeconds: 1,
    identityOf: String,
  })
}

async function all<T>(read: StreamedElements<T>): Promise<T[]> {
  const elements: T[] = []
  for await (const element of elementsOf(read)) elements.push(element)
  return elements
}

describe('a read of a whole map', () => {
  it('gives nothing twice if its query starts anew before it has given anything', async () => {
    const restarts: unknown[] = []
    const read = reading(({ restart }) => {
      function* numbers(): Generator<number> {
        yield* range(0, 7)
        restarts.push(restart?.())
        yield* range(0, 20)
        restarts.push(restart?.())
      }
      return fakeElements(numbers())
    })

    expect(await all(read)).toEqual(range(0, 20))
    expect(restarts).toEqual([true, false])
  })

  it('gives nothing twice if its query has them in any order', async () => {
    const order = [15, 3, 4, 16, 0, ...range(10, 15), 9, 8, 19, 18, 1, 2, 17, 5, 6, 7]

    expect(await all(reading(() => fakeElements(order)))).toEqual([
      ...range(0, 10),
      ...order.filter((number) => number >= 10),
    ])
  })

  it('gives again what was removed and came back while it was read', async () => {
    const read = reading(() => fakeElements([3, ...range(10, 20), 3]))

    expect(await all(read)).toEqual([...range(0, 20), 3])
  })

  it('ends with a page that names no next one', async () => {
    const cookies: number[] = []
    const read = new WholeRead<number>({
      page: (cookie) => {
        if (cookies.push(cookie.length) > 1) return page([], new Uint8Array())
        return page(range(0, 1_000), Uint8Array.of(1))
      },
      query: () => {
        throw new Error('no query is needed')
      },
      timeoutSeconds: 1,
      identityOf: String,
    })

    expect(await all(read)).toEqual(range(0, 1_000))
    expect(cookies).toEqual([0, 1])
  })

  it('closes its page or its query when it is closed', () => {
    const others = fakeElements<number>([])
    const read = reading(() => others)
    read.close()
    expect(others.closed).toBe(0)
    return all(reading(() => others)).then(() => expect(others.closed).toBe(1))
  })
})
