// What a read of a whole map leaves out, where a query is sent again.
import { WholeRead } from '../../../src/cache/whole-read'
import { LEFT_OUT, type LeftOut, type StreamedElements } from '../../../src/protocol/port'

type Take = (came: number) => number | LeftOut

const range = (begin: number, end: number): number[] =>
  Array.from({ length: end - begin }, (_, index) => begin + index)

async function* taken(numbers: readonly number[], take: Take): StreamedElements<number> {
  for (const number of numbers) {
    const element = await Promise.resolve(take(number))
    if (element !== LEFT_OUT) yield element
  }
  return undefined
}

/** Of the numbers below 20; the first page has 10 of them. */
function reading(query: (take: Take) => StreamedElements<number>): WholeRead<number, number> {
  return new WholeRead<number, number>({
    page: ({ told }, _firstBy, take) => {
      told(Uint8Array.of(1))
      return taken(range(0, 10), take)
    },
    query: (_firstBy, take) => query(take),
    timeoutSeconds: 1,
    identityOf: String,
    decode: (came: number) => came,
  })
}

async function all<T>(read: AsyncIterable<T>): Promise<T[]> {
  const elements: T[] = []
  for await (const element of read) elements.push(element)
  return elements
}

describe('a read of a whole map', () => {
  it('gives nothing twice where its query begins anew before it has given anything', async () => {
    const read = reading((take) => {
      expect(range(0, 7).map(take)).toEqual(range(0, 7).map(() => LEFT_OUT))
      return taken(range(0, 20), take)
    })

    expect(await all(read)).toEqual(range(0, 20))
  })

  it('gives nothing twice where its query has them in any order', async () => {
    const order = [15, 3, 4, 16, 0, ...range(10, 15), 9, 8, 19, 18, 1, 2, 17, 5, 6, 7]

    expect(await all(reading((take) => taken(order, take)))).toEqual([
      ...range(0, 10),
      ...order.filter((number) => number >= 10),
    ])
  })

  it('gives again what was removed and came back while it was read', async () => {
    const read = reading((take) => taken([3, ...range(10, 20), 3], take))

    expect(await all(read)).toEqual([...range(0, 20), 3])
  })

  it('ends with a page that does not tell of a next one', async () => {
    const cookies: number[] = []
    const read = new WholeRead<number, number>({
      page: ({ cookie, told }, _firstBy, take) => {
        if (cookies.push(cookie.length) > 1) return taken([], take)
        told(Uint8Array.of(1))
        return taken(range(0, 1_000), take)
      },
      query: () => {
        throw new Error('no query is needed')
      },
      timeoutSeconds: 1,
      identityOf: String,
      decode: (came: number) => came,
    })

    expect(await all(read)).toEqual(range(0, 1_000))
    expect(cookies).toEqual([0, 1])
  })
})
